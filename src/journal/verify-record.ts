import { checkLog, isFault, type LogCheck, type WholeLog } from '../core/seal/check-log.ts';
import type { LogEntry } from '../core/seal/entry-bytes.ts';
import type { LogFault } from '../core/seal/log-fault.ts';
import type { VerifierKey } from '../core/seal/note-key.ts';
import type { KeptCheckpoint, LogLeaf, LogStore } from '../ports-log.ts';
import { changedBytes, type MessageBytes, provesBytes } from './body-digests.ts';
import { pages, type Reader, readerOf } from './pages.ts';

interface VerifyOptions {
  readonly log: LogStore;
  readonly keys: readonly VerifierKey[];
  /** Keys that the log names itself. */
  readonly candidates?: readonly VerifierKey[];
  /** Checkpoints kept elsewhere. */
  readonly kept?: readonly string[];
  readonly origin?: string;
  /** False: the bytes of messages are not compared with their digests. */
  readonly bodies?: boolean;
  readonly onProgress?: (entries: number) => void;
}

/** A whole log in its record. */
export interface WholeRecord extends WholeLog {
  /** Messages whose bytes are those that their entries name. */
  readonly bodies: number;
  /** Entries that are written and not sealed yet. */
  readonly unsealed: number;
}

const PAGE = 500;

/**
 * Checks the log in its record, as far as it is sealed when this begins: every entry against its leaf, the leaves against
 * every checkpoint, the checkpoints' signatures, entries that were never sealed, and the bytes of messages against
 * the digests in their entries. Reads page by page, beside a running engine; nothing in the record is believed.
 *
 * @returns the first thing that is wrong, or what the whole comes to
 */
export async function verifyRecord(options: VerifyOptions): Promise<LogFault | WholeRecord> {
  const { log, onProgress } = options;
  const { size, lastSeq, checkpoint: newest } = await log.logHead();
  if (newest !== undefined && newest.size > size) {
    return {
      kind: 'leaf-out-of-order',
      index: size,
      lastIndex: newest.size - 1,
      what: 'The last leaves of the tree are missing.',
    };
  }
  const check = checkLog(options);
  const read: Reading = {
    leaves: readerOf(pages<LogLeaf>((last) => log.logLeaves(last === undefined ? 0 : last.index + 1, PAGE))),
    entries: readerOf(pages<LogEntry>((last) => log.logEntries(last?.seq ?? 0, PAGE))),
    checkpoints: readerOf(
      pages<KeptCheckpoint>((last) => log.checkpoints(last === undefined ? 0 : last.size + 1, PAGE)),
    ),
  };
  const sealed = { size, lastSeq };
  let bodies = 0;
  for (;;) {
    const step = await nextPage(read, check, sealed);
    if ('kind' in step) return step;
    if (options.bodies !== false) {
      const compared = await compareBodies(log, step.entries);
      if (typeof compared !== 'number') return compared;
      bodies += compared;
    }
    onProgress?.(check.size);
    if (step.isLast) break;
  }
  const left = await read.entries.peek();
  if (left !== undefined && left.seq <= lastSeq) return added(left);
  const whole = check.end();
  if (isFault(whole)) return whole;
  return { ...whole, bodies, unsealed: await countRest(read.entries) };
}

interface Reading {
  readonly leaves: Reader<LogLeaf>;
  readonly entries: Reader<LogEntry>;
  readonly checkpoints: Reader<KeptCheckpoint>;
}

interface Sealed {
  readonly size: number;
  readonly lastSeq: number;
}

/** An entry with its index in the tree. */
interface Placed {
  readonly index: number;
  readonly entry: LogEntry;
}

async function nextPage(
  read: Reading,
  check: LogCheck,
  sealed: Sealed,
): Promise<LogFault | { readonly entries: readonly Placed[]; readonly isLast: boolean }> {
  const entries: Placed[] = [];
  while (entries.length < PAGE) {
    const fault = await checkpointHere(read.checkpoints, check);
    if (fault !== undefined) return fault;
    if (check.size === sealed.size) return { entries, isLast: true };
    const leaf = await read.leaves.take();
    if (leaf === undefined) {
      const what = 'A leaf of the tree is missing.';
      return { kind: 'leaf-out-of-order', index: check.size, what };
    }
    const next = await read.entries.peek();
    if (next !== undefined && next.seq < leaf.seq) return added(next);
    const entry = next?.seq === leaf.seq ? await read.entries.take() : undefined;
    const wrong = check.leaf({ ...leaf, entry });
    if (wrong !== undefined) return wrong;
    if (entry !== undefined) entries.push({ index: leaf.index, entry });
  }
  return { entries, isLast: false };
}

/** The checkpoint of as many entries as there were so far, when there is one; one that was passed over is wrong. */
async function checkpointHere(checkpoints: Reader<KeptCheckpoint>, check: LogCheck): Promise<LogFault | undefined> {
  const next = await checkpoints.peek();
  if (next === undefined || next.size > check.size) return undefined;
  await checkpoints.take();
  return check.checkpoint(next.size, next.note);
}

async function compareBodies(log: LogStore, entries: readonly Placed[]): Promise<number | LogFault> {
  const proving = entries.filter(({ entry }) => provesBytes(entry));
  const found = await log.keptBodies(proving.map(({ entry }) => entry.message ?? ''));
  const bytes = new Map<string, MessageBytes>(found.map((one) => [one.message, one]));
  let compared = 0;
  for (const { index, entry } of proving) {
    const of = bytes.get(entry.message ?? '');
    if (of?.body === undefined) {
      const what = `The bytes of message ${entry.message} are not in the record.`;
      return { kind: 'body-missing', index, seq: entry.seq, ...(entry.message && { message: entry.message }), what };
    }
    const fault = changedBytes(index, entry, of);
    if (fault !== undefined) return fault;
    compared += 1;
  }
  return compared;
}

function added({ seq }: LogEntry): LogFault {
  return { kind: 'entry-added', seq, what: 'The entry stands among the sealed ones and was never sealed.' };
}

async function countRest(entries: Reader<LogEntry>): Promise<number> {
  let rest = 0;
  while ((await entries.take()) !== undefined) rest += 1;
  return rest;
}
