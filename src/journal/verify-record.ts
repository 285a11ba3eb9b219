import { checkLog, isFault, type LogCheck, type WholeLog } from '../core/seal/check-log.ts';
import type { LogEntry } from '../core/seal/entry-bytes.ts';
import type { KeptNode } from '../core/seal/growing-tree.ts';
import { sameHash } from '../core/seal/hash-tree.ts';
import type { LogFault } from '../core/seal/log-fault.ts';
import type { VerifierKey } from '../core/seal/note-key.ts';
import { TILE_HEIGHT } from '../core/seal/subtree.ts';
import type { LogStore } from '../ports-log.ts';
import { changedBytes, provesBytes } from './body-digests.ts';
import { type LogStep, walkLog } from './walk-log.ts';

interface VerifyOptions {
  readonly log: LogStore;
  readonly keys: readonly VerifierKey[];
  /** Keys that the log names itself. */
  readonly candidates?: readonly VerifierKey[];
  /** Checkpoints kept elsewhere. */
  readonly kept?: readonly string[];
  /** False: the bytes of messages are not compared with their digests. */
  readonly bodies?: boolean;
  readonly onProgress?: (entries: number) => void;
}

/** A whole log in its record. */
export interface WholeLogOfRecord extends WholeLog {
  /** Messages whose bytes are those that their entries name. */
  readonly bodies: number;
  /** Entries that are written and not sealed yet. */
  readonly unsealed: number;
}

/** Messages whose bytes are in memory at once. */
const BODIES = 50;

/**
 * Checks the log in its record, as far as it is sealed when this begins: every entry against its leaf, the leaves against
 * every checkpoint, the checkpoints' signatures, entries that were never sealed, and the bytes of messages against
 * the digests in their entries. Reads page by page, beside a running engine; nothing in the record is believed.
 *
 * @returns the first thing that is wrong, or what the whole comes to
 */
export async function verifyRecord(options: VerifyOptions): Promise<LogFault | WholeLogOfRecord> {
  const { log, onProgress } = options;
  const head = await log.logHead();
  if (head.checkpoint !== undefined && head.checkpoint.size > head.size)
    return lastLeavesMissing(head.size, head.checkpoint.size);
  const { entriesThrough, bodies: count, bodiesBefore } = await log.prunings();
  const claimed = bodiesBefore === undefined ? {} : { prunedBodies: { count, before: bodiesBefore } };
  const check = checkLog({ ...options, prunedThrough: entriesThrough, ...claimed });
  const walk = walkLog(log, head);
  let bodies = 0;
  let proving: Placed[] = [];
  const compare = async (): Promise<LogFault | undefined> => {
    const fault =
      (options.bodies === false ? undefined : await wrongBody(log, proving, check)) ??
      (await wrongNode(log, check.takeNodes()));
    bodies += proving.length;
    proving = [];
    onProgress?.(check.size);
    return fault;
  };
  for (let step = await walk.next(); step !== undefined; step = await walk.next()) {
    const fault = faultOf(step, check);
    /* What stands before it is compared first: the first wrong place is named. */
    if (fault !== undefined) return (await compare()) ?? fault;
    if (step.kind === 'leaf' && step.entry !== undefined && provesBytes(step.entry)) {
      proving.push({ index: step.leaf.index, entry: step.entry });
    }
    if (proving.length < BODIES) continue;
    const wrong = await compare();
    if (wrong !== undefined) return wrong;
  }
  const wrong = await compare();
  if (wrong !== undefined) return wrong;
  const unsealed = await walk.rest(check.unsealed);
  const whole = check.end();
  if (isFault(whole)) return whole;
  return { ...whole, bodies: options.bodies === false ? 0 : bodies - whole.prunedBodies, unsealed };
}

function faultOf(step: LogStep, check: LogCheck): LogFault | undefined {
  switch (step.kind) {
    case 'leaf':
      return check.leaf({ ...step.leaf, entry: step.entry });
    case 'checkpoint':
      return check.checkpoint(step.checkpoint.size, step.checkpoint.note);
    case 'added':
      return {
        kind: 'entry-added',
        seq: step.entry.seq,
        what: 'The entry stands among the sealed ones and was never sealed.',
      };
    case 'missing':
      return { kind: 'leaf-out-of-order', index: check.size, what: 'A leaf of the tree is missing.' };
  }
}

/** An entry with its index in the tree. */
interface Placed {
  readonly index: number;
  readonly entry: LogEntry;
}

async function wrongBody(log: LogStore, proving: readonly Placed[], check: LogCheck): Promise<LogFault | undefined> {
  const found = await log.keptBodies(proving.map(({ entry }) => entry.message ?? ''));
  const bytes = new Map(found.map((one) => [one.message, one]));
  for (const { index, entry } of proving) {
    const of = bytes.get(entry.message ?? '');
    const fault = of?.body === undefined ? check.bodyMissing(index, entry) : changedBytes(index, entry, of);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

async function wrongNode(log: LogStore, nodes: readonly KeptNode[]): Promise<LogFault | undefined> {
  for (const { level, index, hash } of nodes) {
    const [kept] = await log.logNodes(level, index, 1);
    if (kept !== undefined && sameHash(kept, hash)) continue;
    const leaves = 2 ** (level * TILE_HEIGHT);
    const what = `Node ${index} at level ${level}, which is kept above these leaves, is not theirs.`;
    return { kind: 'node-changed', index: index * leaves, lastIndex: (index + 1) * leaves - 1, what };
  }
  return undefined;
}

function lastLeavesMissing(size: number, signed: number): LogFault {
  const what = 'The last leaves of the tree are missing.';
  return { kind: 'leaf-out-of-order', index: size, lastIndex: signed - 1, what };
}
