import { checkLog, isFault, type LogCheck, type WholeLog } from '../core/seal/check-log.ts';
import { openCheckpoint } from '../core/seal/checkpoint.ts';
import { entryLeaf, type LogEntry } from '../core/seal/entry-bytes.ts';
import { type ExportedEntry, type ExportHeader, type ExportLine, readLine } from '../core/seal/export-lines.ts';
import { sameHash } from '../core/seal/hash-tree.ts';
import type { LogFault } from '../core/seal/log-fault.ts';
import { readVerifierKey, type VerifierKey } from '../core/seal/note-key.ts';
import { provesInclusion } from '../core/seal/verify-proof.ts';
import { changedBytes, type MessageBytes } from './body-digests.ts';
import { notAfterKept } from './kept-checkpoints.ts';

interface VerifyOptions {
  readonly keys: readonly VerifierKey[];
  /** Checkpoints kept elsewhere. */
  readonly kept?: readonly string[];
}

/** A whole export, or a part of a log of which every entry is proved. */
export interface WholeExport extends WholeLog {
  readonly bodies: number;
  readonly header: ExportHeader;
}

/**
 * Checks an export with the public key alone, line by line, holding none of them.
 * @returns the first thing that is wrong, or what the whole comes to
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  { keys, kept = [] }: VerifyOptions,
): Promise<LogFault | WholeExport> {
  let check: Check | undefined;
  let whole: WholeExport | undefined;
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (whole !== undefined)
      return { kind: 'file-broken', line: number, what: 'Something stands after the end of the export.' };
    const line = readLine(text);
    if (line === undefined) return { kind: 'file-broken', line: number, what: 'This is no line of an export.' };
    if (check === undefined) {
      const opened = openCheck(line, keys, kept);
      if ('kind' in opened) return { line: number, ...opened };
      check = opened;
      continue;
    }
    const result = check.take(line);
    if (result === undefined) continue;
    if (isFault(result)) return { ...result, line: number };
    whole = result;
  }
  if (whole !== undefined) return whole;
  return { kind: 'file-broken', line: number + 1, what: 'The export has no end: a part of it is missing.' };
}

function openCheck(header: ExportLine, keys: readonly VerifierKey[], kept: readonly string[]): Check | LogFault {
  if (header.type !== 'header') return { kind: 'file-broken', what: 'An export begins with its header.' };
  const { part } = header;
  return part === undefined ? checkWhole(header, keys, kept) : checkPart(header, part.checkpoint, keys, kept);
}

/** Takes the lines after the header; gives what it all comes to at the end, or a fault at once. */
interface Check {
  take(line: ExportLine): LogFault | WholeExport | undefined;
}

function checkWhole(header: ExportHeader, keys: readonly VerifierKey[], kept: readonly string[]): Check {
  const candidates = header.keys.flatMap((text) => readVerifierKey(String(text)) ?? []);
  const { prunedThrough = 0, size } = header;
  const check = checkLog({ keys, candidates, kept, prunedThrough });
  let bodies = 0;
  return {
    take(line) {
      switch (line.type) {
        case 'header':
          return { kind: 'file-broken', what: 'An export has one header.' };
        case 'checkpoint':
          return check.checkpoint(line.size, line.note);
        case 'entry':
          bodies += line.body === undefined ? 0 : 1;
          return entryFault(line, check);
        case 'end': {
          if (line.entries !== check.size || size !== check.size) {
            return { kind: 'file-broken', index: check.size, what: 'The export has not as many entries as it says.' };
          }
          const whole = check.end();
          return isFault(whole) ? whole : { ...whole, bodies, header };
        }
      }
    },
  };
}

function entryFault({ index, seq, leaf, entry, ...bytes }: ExportedEntry, check: LogCheck): LogFault | undefined {
  return check.leaf({ index, seq, hash: leaf, entry }) ?? wrongBytes(index, seq, entry, bytes);
}

/** Bytes that no digest of their entry vouches for may be anybody's, whatever their entry says. */
function wrongBytes(
  index: number,
  seq: number,
  entry: LogEntry | undefined,
  bytes: MessageBytes,
): LogFault | undefined {
  const { digest, answerDigest } = entry?.detail ?? {};
  const isVouchedFor =
    (bytes.body === undefined || digest !== undefined) && (bytes.answer === undefined || answerDigest !== undefined);
  if (!isVouchedFor) {
    return { kind: 'body-changed', index, seq, what: 'Bytes stand beside an entry that names no digest of them.' };
  }
  return entry && changedBytes(index, entry, bytes);
}

function checkPart(
  header: ExportHeader,
  note: string,
  keys: readonly VerifierKey[],
  kept: readonly string[],
): Check | LogFault {
  const opened = openCheckpoint(note, keys);
  if ('flaw' in opened) {
    const what = 'The checkpoint that the proofs are under is not signed by a key that is trusted.';
    return { kind: 'checkpoint-not-signed', checkpoint: header.size, what };
  }
  const { checkpoint } = opened;
  const unlike = notAfterKept(checkpoint, kept, keys);
  if (unlike !== undefined) return unlike;
  let [entries, bodies, last] = [0, 0, -1];
  return {
    take(line) {
      if (line.type === 'end') {
        if (line.entries !== entries)
          return { kind: 'file-broken', what: 'The export has not as many entries as it says.' };
        return { entries, pruned: 0, prunedBodies: 0, checkpoints: 1, root: checkpoint.root, bodies, header };
      }
      if (line.type !== 'entry') return { kind: 'file-broken', what: 'A part has entries alone.' };
      const { index, seq, leaf, entry, proof = [], ...bytes } = line;
      if (index <= last)
        return { kind: 'leaf-out-of-order', index, seq, what: 'It does not come after the one before.' };
      if (entry === undefined)
        return { kind: 'entry-missing', index, seq, what: 'The entry that the proof is of is not there.' };
      if (entry.seq !== seq || !sameHash(entryLeaf(entry), leaf)) {
        return { kind: 'entry-changed', index, seq, what: 'The entry is not the one that was sealed.' };
      }
      const { size, root } = checkpoint;
      if (!provesInclusion({ index, size, leaf, root, proof })) {
        return { kind: 'entry-changed', index, seq, what: 'Its proof does not lead to the checkpoint.' };
      }
      last = index;
      entries += 1;
      bodies += line.body === undefined ? 0 : 1;
      return wrongBytes(index, seq, entry, bytes);
    },
  };
}
