import { checkLog, isFault, type LogCheck, type WholeLog } from '../core/seal/check-log.ts';
import { openCheckpoint } from '../core/seal/checkpoint.ts';
import { entryLeaf } from '../core/seal/entry-bytes.ts';
import { type ExportedEntry, type ExportHeader, type ExportLine, readLine } from '../core/seal/export-lines.ts';
import { sameHash } from '../core/seal/hash-tree.ts';
import type { LogFault } from '../core/seal/log-fault.ts';
import { readVerifierKey, type VerifierKey } from '../core/seal/note-key.ts';
import { provesInclusion } from '../core/seal/verify-proof.ts';
import { changedBytes } from './body-digests.ts';

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
  let number = 0;
  for await (const text of lines) {
    number += 1;
    const line = readLine(text);
    if (line === undefined) return { kind: 'file-broken', line: number, what: 'This is no line of an export.' };
    if (check === undefined) {
      if (line.type !== 'header')
        return { kind: 'file-broken', line: number, what: 'An export begins with its header.' };
      const opened =
        line.part === undefined ? checkWhole(line, keys, kept) : checkPart(line, line.part.checkpoint, keys, kept);
      if ('kind' in opened) return opened;
      check = opened;
      continue;
    }
    const result = check.take(line);
    if (result === undefined) continue;
    if (isFault(result)) return { ...result, line: number };
    return result;
  }
  return { kind: 'file-broken', line: number + 1, what: 'The export has no end: a part of it is missing.' };
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
  return check.leaf({ index, seq, hash: leaf, entry }) ?? (entry && changedBytes(index, entry, bytes));
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
  /* That a part comes after what was kept, its proofs do not say: the same checkpoint, or a whole export does. */
  const other = kept
    .flatMap((one) => {
      const read = openCheckpoint(one, keys);
      return 'flaw' in read ? [] : [read.checkpoint];
    })
    .find(
      (one) => one.size > checkpoint.size || (one.size === checkpoint.size && !sameHash(one.root, checkpoint.root)),
    );
  if (other !== undefined) {
    return {
      kind: other.size > checkpoint.size ? 'rolled-back' : 'not-as-kept',
      checkpoint: other.size,
      what: 'The checkpoint that was kept is not one that this part can follow.',
    };
  }
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
      if (entry !== undefined && (entry.seq !== seq || !sameHash(entryLeaf(entry), leaf))) {
        return { kind: 'entry-changed', index, seq, what: 'The entry is not the one that was sealed.' };
      }
      const { size, root } = checkpoint;
      if (!provesInclusion({ index, size, leaf, root, proof })) {
        return { kind: 'entry-changed', index, seq, what: 'Its proof does not lead to the checkpoint.' };
      }
      last = index;
      entries += 1;
      bodies += line.body === undefined ? 0 : 1;
      return entry && changedBytes(index, entry, bytes);
    },
  };
}
