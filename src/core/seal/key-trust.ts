import type { LogEntry } from './entry-bytes.ts';
import { readVerifierKey, type VerifierKey } from './note-key.ts';

/** The kind of the entry by which a key hands over to the next; its detail has both public keys. */
export const KEY_ROTATED = 'log.key-rotated';

interface Rotation {
  readonly index: number;
  readonly from: string;
  readonly to: string;
}

/**
 * Which keys a log's checkpoints may be signed with. Trusted are those that were given. A candidate, which the log names itself,
 * becomes trusted when an entry of the log hands over from one to the other, and a checkpoint of the trusted one covers that
 * entry: then the trusted key vouches for the handing over, in whichever direction.
 */
export interface KeyTrust {
  /** All keys that signatures are checked with. */
  readonly keys: readonly VerifierKey[];
  /** An entry of the log. */
  entry(index: number, entry: LogEntry): void;
  /** A checkpoint of this size is signed by these. */
  signed(size: number, by: readonly VerifierKey[]): void;
  /** Keys that were not given and are trusted by what the log says, as far as they have signed. Asked at the end. */
  followed(): readonly VerifierKey[];
  /** Size of the first checkpoint that no trusted key has signed; undefined when there is none. Asked at the end. */
  firstDoubtful(): number | undefined;
}

export function newKeyTrust(given: readonly VerifierKey[], candidates: readonly VerifierKey[]): KeyTrust {
  const names = new Set(given.map(nameOf));
  const keys = [...given, ...candidates.filter((key) => !names.has(nameOf(key)))];
  const rotations: Rotation[] = [];
  /** The largest checkpoint of each key. */
  const largest = new Map<string, number>();
  /** Of each set of keys that signed together, the first checkpoint. */
  const together = new Map<string, { readonly size: number; readonly by: readonly string[] }>();
  const trusted = (): ReadonlySet<string> => {
    const found = new Set(names);
    const covers = (key: string, { index }: Rotation) => found.has(key) && (largest.get(key) ?? 0) > index;
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const rotation of rotations) {
        if (covers(rotation.from, rotation)) found.add(rotation.to);
        if (covers(rotation.to, rotation)) found.add(rotation.from);
      }
    }
    return found;
  };
  return {
    keys,
    entry(index, { kind, detail }) {
      if (kind !== KEY_ROTATED) return;
      const [from, to] = [detail['from'], detail['to']].map((text) => readVerifierKey(String(text)));
      if (from !== undefined && to !== undefined) rotations.push({ index, from: nameOf(from), to: nameOf(to) });
    },
    signed(size, by) {
      const signers = by.map(nameOf);
      for (const signer of signers) largest.set(signer, size);
      const set = signers.join(' ');
      if (!together.has(set)) together.set(set, { size, by: signers });
    },
    followed() {
      const sound = trusted();
      return keys.filter((key) => !names.has(nameOf(key)) && sound.has(nameOf(key)) && largest.has(nameOf(key)));
    },
    firstDoubtful() {
      const sound = trusted();
      const doubtful = [...together.values()].filter(({ by }) => !by.some((signer) => sound.has(signer)));
      return doubtful.length === 0 ? undefined : Math.min(...doubtful.map(({ size }) => size));
    },
  };
}

function nameOf({ name, id, publicKey }: VerifierKey): string {
  return `${name}+${id}+${Buffer.from(publicKey).toString('base64')}`;
}

/** The keys that an entry of the log names. */
export function keysNamedBy({ kind, detail }: Pick<LogEntry, 'kind' | 'detail'>): VerifierKey[] {
  if (kind !== KEY_ROTATED) return [];
  return [detail['from'], detail['to']].flatMap((text) => readVerifierKey(String(text)) ?? []);
}
