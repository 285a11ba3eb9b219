import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Log } from '../ports.ts';
import type { LogStore, MessagePlace } from '../ports-log.ts';

/** How long what is kept; left out, for ever. Milliseconds. */
export interface Retention {
  readonly bodies?: number | undefined;
  readonly entries?: number | undefined;
}

interface PrunerParts {
  readonly log: LogStore;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly operational: Log;
  /** Between two passes. Milliseconds. */
  readonly everyMs?: number;
}

/**
 * Prunes what is older than it is to be kept, behind the road's back: a small transaction, then a pause, so that nobody waits for
 * it. What an open loop, a hold or waiting work needs stays. Each transaction has its entry, with counts.
 */
export interface Pruner {
  start(): void;
  /** Ends after the transaction that is under way. */
  stop(): Promise<void>;
  /** One pass over all that is old enough; gives what it took. */
  pass(): Promise<Pruned>;
}

export interface Pruned {
  readonly bodies: number;
  readonly entries: number;
  /** The referral of the oldest entry that is old enough and had to stay. */
  readonly heldBy?: string;
}

const AT_ONCE = 200;
const PAUSE_MS = 20;
const HOUR_MS = 3_600_000;
const LEAST_MS = 1_000;

export function newPruner({ log, retention, clock, operational, everyMs }: PrunerParts): Pruner {
  const least = Math.min(retention.bodies ?? HOUR_MS, retention.entries ?? HOUR_MS, HOUR_MS * 10) / 10;
  const every = everyMs ?? Math.max(LEAST_MS, least);
  const stopping = new AbortController();
  /** No message before it has bytes that are old enough: the next pass need not look there again. */
  let floor: MessagePlace | undefined;
  let working: Promise<void> = Promise.resolve();

  const agoIso = (ms: number) => new Date(clock.now().getTime() - ms).toISOString();
  const now = () => clock.now().toISOString();
  const pause = () => sleep(PAUSE_MS, undefined, { ref: false });

  const pruneBodies = async (keepMs: number): Promise<number> => {
    const before = agoIso(keepMs);
    let pruned = 0;
    let after = floor;
    let firstKept: MessagePlace | undefined;
    while (!stopping.signal.aborted) {
      const found = await log.bodiesToPrune(before, after, AT_ONCE);
      if (found.messages.length > 0) {
        pruned += await log.prune({ what: 'bodies', at: now(), before, messages: found.messages });
      }
      firstKept ??= found.firstKept;
      if (firstKept === undefined) floor = found.next ?? floor;
      if (found.next === undefined) return pruned;
      after = found.next;
      await pause();
    }
    return pruned;
  };
  const pruneEntries = async (keepMs: number): Promise<Omit<Pruned, 'bodies'>> => {
    const before = agoIso(keepMs);
    let entries = 0;
    while (!stopping.signal.aborted) {
      const { through, heldBy } = await log.entriesToPrune(before, AT_ONCE);
      const held = heldBy === undefined ? {} : { heldBy };
      const pruned = through === 0 ? 0 : await log.prune({ what: 'entries', at: now(), before, through });
      entries += pruned;
      if (pruned === 0 || heldBy !== undefined) return { entries, ...held };
      await pause();
    }
    return { entries };
  };
  const pass = async (): Promise<Pruned> => {
    const bodies = retention.bodies === undefined ? 0 : await pruneBodies(retention.bodies);
    const ofEntries = retention.entries === undefined ? { entries: 0 } : await pruneEntries(retention.entries);
    return { bodies, ...ofEntries };
  };
  const keepOn = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const { bodies, entries, heldBy } = await pass();
        if (bodies + entries > 0) operational.info('log.pruned', { bodies, entries });
        if (heldBy !== undefined) operational.warn('log.pruning-held', { referral: heldBy });
      } catch (fault) {
        operational.warn('log.not-pruned', { code: codeOf(fault) });
      }
      await sleep(every, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    start() {
      if (retention.bodies !== undefined || retention.entries !== undefined) working = keepOn();
    },
    async stop() {
      stopping.abort();
      await working;
    },
    pass,
  };
}

function codeOf(fault: unknown): string {
  if (typeof fault === 'object' && fault !== null && 'code' in fault) return String(fault.code);
  return fault instanceof Error ? fault.name : 'unknown';
}
