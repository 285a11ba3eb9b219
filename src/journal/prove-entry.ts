import { entryText, type LogEntry } from '../core/seal/entry-bytes.ts';
import type { Hash } from '../core/seal/hash-tree.ts';
import { writeTlogProof } from '../core/seal/tlog-proof.ts';
import type { LogLeaf, LogStore } from '../ports-log.ts';
import { proveInclusion } from './tree-reading.ts';

/** What shows that an entry is in the log. */
export interface ProvedEntry {
  readonly kind: 'proved';
  readonly entry: LogEntry;
  readonly leaf: LogLeaf;
  readonly proof: readonly Hash[];
  /** The checkpoint that the proof leads to, and the leaves of its tree. */
  readonly checkpoint: string;
  readonly size: number;
  /** All of it as a file (C2SP tlog-proof), with the entry in it. */
  readonly file: string;
}

/** `not-sealed`: younger than the last checkpoint, or not there. `pruned`: its hash is in the log, and what it said is not. */
export type EntryProof = ProvedEntry | { readonly kind: 'nothing-sealed' | 'not-sealed' | 'pruned' };

/** The proof that an entry is in the log, as far as it is sealed. */
export async function proveEntry(log: LogStore, seq: number): Promise<EntryProof> {
  const { checkpoint } = await log.logHead();
  if (checkpoint === undefined) return { kind: 'nothing-sealed' };
  const leaf = await log.logLeafOf(seq);
  const { size, note } = checkpoint;
  if (leaf === undefined || leaf.index >= size) return { kind: 'not-sealed' };
  const [entry] = await log.logEntries(seq - 1, 1);
  if (entry?.seq !== seq) return { kind: 'pruned' };
  const proof = await proveInclusion(log, leaf.index, size);
  const file = writeTlogProof({
    extra: Buffer.from(entryText(entry), 'utf8'),
    index: leaf.index,
    proof,
    checkpoint: note,
  });
  return { kind: 'proved', entry, leaf, proof, checkpoint: note, size, file };
}
