import type { LogEntry } from './entry-bytes.ts';
import { readHandOver } from './hand-over.ts';
import { publicText, type VerifierKey } from './note-key.ts';

interface Rotation {
  readonly index: number;
  readonly seq: number;
  readonly from: string;
  readonly to: string;
  /** Those of the two that have signed it. */
  readonly by: readonly string[];
}

/**
 * Which keys a log's checkpoints may be signed with. Trusted are those that were given. A candidate, which the log names itself,
 * becomes trusted when an entry of the log hands over from one to the other, the trusted one has signed what that entry says, and
 * a checkpoint of the trusted one covers it: then the trusted key vouches for the handing over, in whichever direction. That a
 * checkpoint covers the entry is not enough: the engine seals whatever somebody has written into the record beside it.
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
  /** Numbers of the entries that hand over and that no trusted key has signed. Asked at the end. */
  notSigned(): readonly number[];
  /** Size of the first checkpoint that no trusted key has signed; undefined when there is none. Asked at the end. */
  firstDoubtful(): number | undefined;
}

export function newKeyTrust(given: readonly VerifierKey[], candidates: readonly VerifierKey[]): KeyTrust {
  const names = new Set(given.map(publicText));
  const keys = [...given, ...candidates.filter((key) => !names.has(publicText(key)))];
  const rotations: Rotation[] = [];
  /** The largest checkpoint of each key. */
  const largest = new Map<string, number>();
  /** Of each set of keys that signed together, the first checkpoint. */
  const together = new Map<string, { readonly size: number; readonly by: readonly string[] }>();
  const trusted = () => vouchedFor(names, rotations, (key, { index }) => (largest.get(key) ?? 0) > index);
  return {
    keys,
    entry(index, entry) {
      const handOver = readHandOver(entry);
      if (handOver !== undefined) rotations.push({ index, seq: entry.seq, ...named(handOver) });
    },
    signed(size, by) {
      const signers = by.map(publicText);
      for (const signer of signers) largest.set(signer, size);
      const set = signers.join(' ');
      if (!together.has(set)) together.set(set, { size, by: signers });
    },
    followed() {
      const sound = trusted();
      return keys.filter((key) => {
        const name = publicText(key);
        return !names.has(name) && sound.has(name) && largest.has(name);
      });
    },
    notSigned() {
      const sound = trusted();
      return rotations.filter(({ by }) => !by.some((key) => sound.has(key))).map(({ seq }) => seq);
    },
    firstDoubtful() {
      const sound = trusted();
      const doubtful = [...together.values()].filter(({ by }) => !by.some((signer) => sound.has(signer)));
      return doubtful.length === 0 ? undefined : Math.min(...doubtful.map(({ size }) => size));
    },
  };
}

/** The keys that these vouch for, one after the other, and they themselves. */
function vouchedFor<R extends Pick<Rotation, 'from' | 'to' | 'by'>>(
  given: ReadonlySet<string>,
  rotations: readonly R[],
  isCovered: (key: string, rotation: R) => boolean,
): ReadonlySet<string> {
  const found = new Set(given);
  const vouches = (key: string, rotation: R) => found.has(key) && rotation.by.includes(key) && isCovered(key, rotation);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const rotation of rotations) {
      if (vouches(rotation.from, rotation)) found.add(rotation.to);
      if (vouches(rotation.to, rotation)) found.add(rotation.from);
    }
  }
  return found;
}

function named({ from, to, by }: NonNullable<ReturnType<typeof readHandOver>>) {
  return { from: publicText(from), to: publicText(to), by: by.map(publicText) };
}

type Said = Pick<LogEntry, 'kind' | 'at' | 'detail'>;

/** The keys that entries of the log name, whoever wrote them: candidates, each to be borne out. */
export function keysNamedBy(entries: readonly Said[]): VerifierKey[] {
  return entries.flatMap((entry) => {
    const { from, to } = readHandOver(entry) ?? {};
    return [from, to].filter((key) => key !== undefined);
  });
}

/** Those of them that the log's own key vouches for by its signature, one after the other. */
export function keysBehind(own: VerifierKey, entries: readonly Said[]): VerifierKey[] {
  const rotations = entries.flatMap((entry) => {
    const handOver = readHandOver(entry);
    return handOver === undefined ? [] : [named(handOver)];
  });
  const sound = vouchedFor(new Set([publicText(own)]), rotations, () => true);
  return keysNamedBy(entries).filter((key) => sound.has(publicText(key)));
}
