import { setMaxListeners } from 'node:events';
import type { Work } from '../core/message.ts';
import type { Clock, Log, Outlet } from '../ports.ts';
import type { Store } from '../ports-record.ts';
import { faultCode } from './watch/fault-code.ts';

/**
 * The pump claims work and hands it on, until it is told to stop.
 *
 *   idle ──wake() or the next work's time──▶ claim ──▶ run each (concurrently) ──▶ claim again
 *
 * It claims only what it could begin now: work for a partner whose circuit is open or whose places are all taken stays
 * unclaimed, so a slow partner holds up nobody else and its claims do not run out while they wait.
 */
export interface Pump {
  /** Something was committed that may be claimable: look now rather than at the next tick. */
  wake(): void;
  /** True while it claims: not stopping, and the record answered lately. */
  isRunning(): boolean;
  /** Stops claiming and waits for what is running, at most `drainMs`; then aborts it. */
  stop(drainMs: number): Promise<void>;
}

export interface PumpParts {
  readonly store: Pick<Store, 'claim' | 'nextWorkAt' | 'recover' | 'renew'>;
  readonly outlets: ReadonlyMap<string, Outlet>;
  readonly clock: Clock;
  readonly log: Log;
  /** Does one piece of work and commits its outcome. Rejects only for faults of our own. */
  readonly run: (work: Work, signal: AbortSignal) => Promise<void>;
  readonly worker: string;
  /** True when no other process can hold claims in this record: every old claim is given back at the start. */
  readonly alone: boolean;
  /** All that the configuration names. */
  readonly partners: readonly string[];
  readonly leaseMs: number;
  readonly places: number;
}

/** The longest time without a look at the record: finds what another process left, and work whose time came. */
const TICK_MS = 1_000;
/** So long without a claim that came through, and something is wrong: it tries every second. */
const SILENCE_MS = 15_000;
/**
 * So long another process that knows a partner has for its work, when ours does not: while a configuration is changed one engine after the other,
 * what the new ones say of a new partner would else be held by the old ones.
 */
const STRANGERS_MS = 600_000;

export async function startPump(parts: PumpParts): Promise<Pump> {
  const abort = new AbortController();
  // Every delivery under way listens to it: more than ten, which Node would take for a leak.
  setMaxListeners(parts.places, abort.signal);
  const running = new Map<number, { work: Work; done: Promise<void> }>();
  const alarm = newAlarm();
  let stopping = false;
  let turnedAt = parts.clock.now().getTime();

  const recovered = await parts.store.recover(parts.clock.now().toISOString(), parts.alone);
  if (recovered > 0) parts.log.warn('pump.recovered', { claims: recovered });

  const lease = () => new Date(parts.clock.now().getTime() + parts.leaseMs).toISOString();
  const upkeep = async (): Promise<void> => {
    if (running.size > 0) await parts.store.renew(parts.worker, lease());
    // A step that failed for a fault of our own left its claim behind: it runs out and is found here.
    const lapsed = await parts.store.recover(parts.clock.now().toISOString(), false);
    if (lapsed > 0) parts.log.warn('pump.lapsed', { claims: lapsed });
  };
  const renewing = setInterval(() => {
    upkeep().catch((fault) => logFault(parts.log, 'pump.upkeep', fault));
  }, parts.leaseMs / 3);

  const begin = (work: Work): void => {
    const done = parts
      .run(work, abort.signal)
      .catch((fault) => logFault(parts.log, 'pump.run', fault, work))
      .finally(() => {
        running.delete(work.seq);
        alarm.ring();
      });
    running.set(work.seq, { work, done });
  };

  /** Whether there may be more to claim at once: there were no places left for it. */
  const turn = async (): Promise<boolean> => {
    const limit = parts.places - running.size;
    if (limit <= 0) return false;
    const now = parts.clock.now();
    const strangersDueBefore = new Date(now.getTime() - STRANGERS_MS).toISOString();
    const claimed = await parts.store.claim({
      worker: parts.worker,
      now: now.toISOString(),
      ...(!parts.alone && { known: { partners: parts.partners, strangersDueBefore } }),
      leaseMs: parts.leaseMs,
      kinds: ['urgent', 'onward', 'settle', 'read-back', 'digest', 'deadline'],
      limit,
      notPartners: unable(
        parts.outlets,
        [...running.values()].map((one) => one.work),
      ),
    });
    for (const work of claimed) begin(work);
    return claimed.length === limit;
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        const isFull = await turn();
        turnedAt = parts.clock.now().getTime();
        // What became claimable during the claim has rung. Without this wait every second claim would find nothing.
        if (!isFull) await alarm.wait(await pause(parts, running.size));
      } catch (fault) {
        logFault(parts.log, 'pump.claim', fault);
        await alarm.wait(TICK_MS);
      }
    }
  };
  const looping = loop();

  return {
    wake: alarm.ring,
    // A clock that was set back makes it look more alive than it is, for as long as it was set back; never the other way.
    isRunning: () => !stopping && parts.clock.now().getTime() - turnedAt < SILENCE_MS,
    async stop(drainMs) {
      stopping = true;
      alarm.ring();
      await looping;
      const drained = Promise.all([...running.values()].map((one) => one.done));
      const timer = setTimeout(() => abort.abort(new Error('drain time is over')), drainMs);
      await drained;
      clearTimeout(timer);
      clearInterval(renewing);
    },
  };
}

/** Partners that can take nothing now. */
function unable(outlets: ReadonlyMap<string, Outlet>, running: readonly Work[]): string[] {
  return [...outlets.values()]
    .filter((outlet) => {
      const busy = running.filter((work) => work.kind === 'settle' && work.partner === outlet.partner).length;
      return outlet.closedFor() > 0 || busy >= outlet.concurrency;
    })
    .map((outlet) => outlet.partner);
}

/** How long to sleep when there was nothing to claim: until the next work's time, at most a tick. */
async function pause(parts: PumpParts, busy: number): Promise<number> {
  if (busy > 0) return TICK_MS;
  const next = await parts.store.nextWorkAt();
  if (next === undefined) return TICK_MS;
  const wait = Date.parse(next) - parts.clock.now().getTime();
  // Work that is due but was not claimed waits for a partner: looking again at once would spin.
  return Math.min(TICK_MS, Math.max(wait, 50));
}

function newAlarm(): { ring: () => void; wait: (ms: number) => Promise<void> } {
  let rung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wakeUp?.();
    },
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wakeUp = undefined;
    },
  };
}

/** A fault of our own: the claim stays and runs out, so the work is tried again; the stack names files, never data. */
function logFault(log: Log, event: string, fault: unknown, work?: Work): void {
  const code = faultCode(fault);
  // Somebody else has the work: it is in good hands, and ours was not written.
  if (code === 'claim-lost') log.warn('pump.claim-lost', { ...(work && { seq: work.seq }) });
  else log.error(event, { fault: code, ...(work && { seq: work.seq, kind: work.kind, lane: work.lane }) });
}
