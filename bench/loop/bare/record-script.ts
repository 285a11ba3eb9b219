import type { Message, Work } from '../../../src/core/message.ts';
import type { Changes } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { changesBetween } from './difference.ts';
import type { Change, Dismantler, Script, Segment, Step } from './script.ts';
import type { ReadTables, Row } from './tables.ts';

/** A store that writes down what each write of one loop does, and the script that comes of it. */
export interface RecordedStore {
  readonly store: WholeRecord;
  script(): Script;
  /** Resolves when nothing is left to do. */
  quiet(): Promise<void>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Puts a recorder before a store. A message is let in only when nothing is left to do of those before, so that each write
 * belongs to one message.
 */
export function recordScript(store: WholeRecord, tables: ReadTables, dismantle: Dismantler): RecordedStore {
  const segments: (Mutable<Segment> & { steps: Step[] })[] = [];
  const busy = new Set<number>();
  let before: ReadonlyMap<string, readonly Row[]> | undefined;
  let line: Promise<unknown> = Promise.resolve();
  let idleSince = 0;

  /** One write at a time, with what it changed. */
  const watched = <Result>(
    write: () => Promise<Result>,
    take: (result: Result, changes: Change[]) => Promise<void>,
  ) => {
    const done = line.then(async () => {
      before ??= await tables.read();
      const result = await write();
      const after = await tables.read();
      const changes = changesBetween(before, after, { keys: tables.keys, dismantle });
      before = after;
      await take(result, changes);
      return result;
    });
    line = done.catch(() => undefined);
    return done;
  };
  const step = (one: Step): void => void segments.at(-1)?.steps.push(one);
  const write = (changes: Change[]): void => {
    if (changes.length > 0) step({ kind: 'write', changes });
  };
  const quiet = async (): Promise<void> => {
    while (busy.size > 0 || idleSince < QUIET_CLAIMS) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return {
    script: () => ({ segments }),
    quiet,
    store: {
      ...store,
      async receive(message: Message, changes: Changes) {
        if (segments.length > 0) await quiet();
        idleSince = 0;
        return watched(
          () => store.receive(message, changes),
          async (_result, receive) => {
            const { status = 0, headers = {}, body = new Uint8Array() } = message.answer ?? {};
            const answer = { status, headers, body: dismantle.text(Buffer.from(body).toString()) };
            segments.push({ receive, answer, steps: [] });
          },
        );
      },
      claim: (request) =>
        watched(
          () => store.claim(request),
          async (claimed, changes) => {
            idleSince = claimed.length === 0 ? idleSince + 1 : 0;
            for (const { seq } of claimed) busy.add(seq);
            write(changes);
          },
        ),
      commit: (work, outcome, given) =>
        watched(
          () => store.commit(work, outcome, given),
          async (result, changes) => {
            if (result === 'committed') busy.delete(work.seq);
            idleSince = 0;
            const sent = await sentBy(work, given, store);
            if (sent !== undefined) step({ ...sent, body: dismantle.text(Buffer.from(sent.bytes).toString()) });
            write(changes);
          },
        ),
      apply: (given) =>
        watched(
          () => store.apply(given),
          async (_result, changes) => write(changes),
        ),
    },
  };
}

/** After so many claims in a row that found nothing, what is left waits for its time. */
const QUIET_CLAIMS = 1;

/** What was sent before this was written, if anything was. */
async function sentBy(work: Work, { legs = [] }: Changes, store: Store) {
  if (work.kind !== 'settle') return undefined;
  const leg = legs.find(({ id, status }) => id === work.subject && status === 'acknowledged');
  const message = leg && (await store.message(leg.message));
  if (leg === undefined || message === undefined) return undefined;
  const to = leg.channel === 'fhir' ? ('gp' as const) : ('platform' as const);
  return { kind: 'send' as const, to, contentType: message.contentType, bytes: message.body };
}
