import { base64Hash } from './base64.ts';
import type { Hash } from './hash-tree.ts';
import type { SigningKey, VerifierKey } from './note-key.ts';
import { readNote, signersOf, signNote } from './signed-note.ts';

/** What a log was at one size: https://c2sp.org/tlog-checkpoint */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

/** The first key is the log's own; others may sign as well, as a new one does beside the old. */
export function signCheckpoint({ origin, size, root }: Checkpoint, keys: readonly SigningKey[]): string {
  return signNote(`${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`, keys);
}

/** Why a checkpoint is worth nothing. */
export type CheckpointFlaw =
  /** Not of the form that the standard describes. */
  | 'malformed'
  /** None of its signatures is of a key that was given. */
  | 'unknown-key'
  /** A signature of a given key does not belong to this text. */
  | 'bad-signature'
  /** Of another log. */
  | 'other-log';

export type OpenedCheckpoint =
  | { readonly checkpoint: Checkpoint; readonly by: readonly VerifierKey[] }
  | { readonly flaw: CheckpointFlaw };

/** Reads a checkpoint and believes it only when one of these keys has signed it. Lines that others may add are passed over. */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): OpenedCheckpoint {
  const read = readNote(note);
  const checkpoint = read === undefined ? undefined : readBody(read.text);
  if (read === undefined || checkpoint === undefined) return { flaw: 'malformed' };
  const { by, broken } = signersOf(read, keys);
  if (broken) return { flaw: 'bad-signature' };
  if (by.length === 0) return { flaw: 'unknown-key' };
  return by.some(({ name }) => name === checkpoint.origin) ? { checkpoint, by } : { flaw: 'other-log' };
}

/** What a checkpoint says, whoever signed it; undefined when it is none. For finding one's way only: nothing of it is proved. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const read = readNote(note);
  return read === undefined ? undefined : readBody(read.text);
}

function readBody(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', ...more] = text.slice(0, -1).split('\n');
  const hash = base64Hash(root);
  if (origin === '' || !/^(?:0|[1-9]\d{0,15})$/.test(size) || hash === undefined) return undefined;
  if (!Number.isSafeInteger(Number(size)) || more.includes('')) return undefined;
  return { origin, size: Number(size), root: hash };
}
