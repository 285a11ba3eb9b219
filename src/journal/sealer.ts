import type { SigningKey } from '../core/seal/note-key.ts';
import type { Clock, Log, LogFault, Meter } from '../ports.ts';
import type { KeptCheckpoint, LogStore } from '../ports-log.ts';
import { type KnownHead, LogNotWhole, openTree, type SealedTree, type Sealing, sealNext } from './seal-log.ts';

interface SealerParts {
  readonly log: LogStore;
  /** The log's own key first. */
  readonly keys: readonly SigningKey[];
  readonly clock: Clock;
  readonly operational: Log;
  readonly meter: Pick<Meter, 'note'>;
  /** What was kept of the log outside its database, the last time. */
  readonly before: KnownHead | undefined;
  /** Puts a checkpoint where no administrator of the database can take it away. */
  readonly keep: (checkpoint: KeptCheckpoint) => Promise<void>;
  /** Between two looks for new entries. Milliseconds. */
  readonly everyMs?: number;
}

/**
 * Seals the log behind the road's back, about once a second. The road writes entries and waits for nothing here.
 *
 *   look ──▶ nothing new: wait
 *     └────▶ sealed: told to the operational log and kept outside; at once again where more is waiting. An entry that hands the
 *            log over, and that its key has not signed, somebody else wrote into the record: sealed as what it is, and said
 *            stale: another engine seals this log. From now on its size is looked at first, and while that grows it is left to it
 *            not whole: nothing is signed any more; said again every minute until somebody has mended it
 *            failed: said, and tried again at the next look
 */
export interface Sealer {
  start(): void;
  /** Seals what is there and ends. */
  stop(): Promise<void>;
  /** Why nothing was sealed at the last look: `not-whole: CODE` until somebody mends it, `not-sealed: CODE` until the next look. Undefined when all is well. */
  trouble(): string | undefined;
}

type Sealed = Extract<Sealing, { kind: 'sealed' }>;

const EVERY_MS = 1_000;
const AT_ONCE = 1_000;
const TELL_AGAIN_MS = 60_000;

export function newSealer({ everyMs = EVERY_MS, ...parts }: SealerParts): Sealer {
  const { log, keys, clock, operational, meter, keep } = parts;
  let known: SealedTree | undefined;
  let before: KnownHead | undefined = parts.before;
  /** The size at the last look, where another engine is known to seal. */
  let left: number | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  let trouble: string | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  const count = (fault: LogFault): void => meter.note({ kind: 'log-fault', fault });
  const tell = async ({ entries, checkpoint, root, handOversNotSigned }: Sealed): Promise<void> => {
    before = { size: checkpoint.size, root };
    left = undefined;
    operational.info('log.sealed', { size: checkpoint.size, entries, root: Buffer.from(root).toString('base64') });
    for (const seq of handOversNotSigned) {
      operational.error('log.hand-over-not-signed', { seq });
      count('hand-over-not-signed');
    }
    await keep(checkpoint).catch((fault: unknown) => {
      operational.error('log.checkpoint-not-kept', { size: checkpoint.size, code: codeOf(fault) });
      count('checkpoint-not-kept');
    });
  };
  const isLeftToAnother = async (): Promise<boolean> => {
    if (left === undefined) return false;
    const { size } = await log.logHead();
    const grew = size !== left;
    left = size;
    return grew;
  };
  const sealAll = async (): Promise<void> => {
    if (await isLeftToAnother()) return;
    for (;;) {
      known ??= await openTree(log, keys, before);
      const from = known;
      known = undefined;
      const { sealing, now } = await sealNext(from, { log, keys, at: clock.now().toISOString(), limit: AT_ONCE });
      known = now;
      if (sealing.kind === 'sealed') await tell(sealing);
      if (sealing.kind === 'stale') left = (await log.logHead()).size;
      if (sealing.kind !== 'sealed' || sealing.entries < AT_ONCE) return;
    }
  };
  const failed = (fault: unknown): void => {
    const isWhole = !(fault instanceof LogNotWhole);
    trouble = `${isWhole ? 'not-sealed' : 'not-whole'}: ${codeOf(fault)}`;
    count(isWhole ? 'not-sealed' : 'not-whole');
    if (isWhole) {
      operational.warn('log.not-sealed', { code: codeOf(fault) });
      return;
    }
    const now = clock.now().getTime();
    if (now - toldAt < TELL_AGAIN_MS) return;
    toldAt = now;
    operational.error('log.not-whole', { code: fault.code, size: fault.size });
  };
  const attempt = async (): Promise<void> => {
    try {
      await sealAll();
      trouble = undefined;
    } catch (fault) {
      failed(fault);
    }
  };
  const look = async (): Promise<void> => {
    await attempt();
    if (!isStopped) timer = setTimeout(start, everyMs);
  };
  const start = (): void => {
    working = look();
  };

  return {
    start,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await working;
      clearTimeout(timer);
      await attempt();
    },
    trouble: () => trouble,
  };
}

function codeOf(fault: unknown): string {
  if (typeof fault === 'object' && fault !== null && 'code' in fault) return String(fault.code);
  return fault instanceof Error ? fault.name : 'unknown';
}
