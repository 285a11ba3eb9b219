import type { ConsoleRecord, KeptInSession } from '../../ports-console.ts';
import { newShortId } from './secret.ts';

/**
 * What a session holds between two pages: searches, words for the next page, which loops are unmasked. In the record, because
 * the next page may be asked of another engine; gone with the session.
 */
export interface Shelf {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown, forMs: number): Promise<void>;
  /** Keeps a value under a new name that can stand in a path: what was searched for must not. Gives the name. */
  putAway(kind: string, value: unknown, forMs: number): Promise<string>;
  /** What `putAway` kept; undefined for a name that is unknown, or over. */
  find(kind: string, id: string): Promise<unknown>;
  forget(key: string): Promise<void>;
}

export function openShelf(session: string, record: ConsoleRecord, now: Date): Shelf {
  let held: Promise<Map<string, KeptInSession>> | undefined;
  const all = () => {
    held ??= record.keptInSession(session).then((rows) => new Map(rows.map((row) => [row.key, row])));
    return held;
  };
  const change = async (changes: Parameters<ConsoleRecord['changeConsole']>[0]) => {
    held = undefined;
    await record.changeConsole(changes);
  };
  const get = async (key: string) => {
    const found = (await all()).get(key);
    return found !== undefined && found.until > now.toISOString() ? found.value : undefined;
  };
  const put = (key: string, value: unknown, forMs: number) => {
    const until = new Date(now.getTime() + forMs).toISOString();
    return change({ kept: [{ session, key, value, until }], journal: [] });
  };
  return {
    get,
    put,
    putAway: async (kind, value, forMs) => {
      const id = newShortId();
      await put(`${kind}:${id}`, value, forMs);
      return id;
    },
    find: (kind, id) => get(`${kind}:${id}`),
    forget: (key) => change({ forgotten: [{ session, key }], journal: [] }),
  };
}
