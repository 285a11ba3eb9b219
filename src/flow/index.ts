/**
 * The road, top to bottom. A message's whole way is these seven steps, each ending in a commit that is flushed to disk:
 *
 *   intake    an inlet brings bytes: validate, record, answer
 *   urgent    an answer that cannot wait is told by itself, past whatever the report waits behind
 *   onward    what they mean for their referral: route, translate, queue the legs
 *   settle    one leg: send, classify, and let the ledger draw its conclusions
 *   read-back what the GP's record really holds of what was written to it
 *   digest    what the GP was not told yet is told in one item
 *   deadline  a promise's time is up: is it late?
 *
 * What a step is made of stands in the folder of its name. `desk/` is beside the road: what a person decides, asks or runs again.
 *
 * Between two commits the engine may die at any instant; what it was doing is done again, and every step is written so
 * that doing it again comes to the same.
 */
import type { Work } from '../core/message.ts';
import type { StoredResource } from '../core/referral.ts';
import type { Intake } from '../ports.ts';
import type { Changes } from '../ports-changes.ts';
import { deadline } from './deadline.ts';
import { digest } from './digest.ts';
import { createIntake } from './intake.ts';
import { looked, shown } from './looked.ts';
import { onward } from './onward.ts';
import { type Pump, startPump } from './pump.ts';
import { readBack } from './read-back.ts';
import type { Replaceable, RoadParts } from './road-parts.ts';
import { settle } from './settle.ts';
import { takeUrgent } from './take-urgent.ts';
import { meteredStore } from './watch/metered-store.ts';
import { toldToOperator } from './watch/told-to-operator.ts';
import { tracedStore } from './watch/traced-store.ts';
import { tracedWork } from './watch/traced-work.ts';

export interface Road extends Intake {
  /** Begins to work on what is recorded. Until then messages are taken and answered, and wait. */
  start(): Promise<void>;
  /** To be called with what a GP system will be shown: journals the look. */
  looked(partner: string, seen: readonly StoredResource[]): Promise<void>;
  /** To be called with what a GP system was shown to the end: keeps what reading keeps. */
  shown(partner: string, seen: readonly StoredResource[]): Promise<void>;
  /** From now on steps begin with these; those under way end with what they began with. */
  replace(next: Replaceable): void;
  /** Writes to the record what is nobody's step, and tells the operator of it. */
  record(changes: Changes): Promise<void>;
  /** Work was queued by somebody else (a person resolved a hold): look now. */
  wake(): void;
  /** True while work is claimed as it should be. */
  isRunning(): boolean;
  stop(drainMs: number): Promise<void>;
}

export interface RoadOptions {
  readonly worker: string;
  /** True when no other process works on this record. */
  readonly alone: boolean;
  readonly leaseMs: number;
  /** Ids of all that the configuration names. */
  readonly partners: readonly string[];
  /** Steps under way at once. */
  readonly places: number;
}

export function openRoad(given: RoadParts, options: RoadOptions): Road {
  // Each step takes the parts as they are when it begins, and keeps them to its end.
  const { meter } = given;
  let parts = {
    ...given,
    store: toldToOperator(tracedStore(meteredStore(given.store, meter), given.trace), given.log),
  };
  const steps: Readonly<Record<Work['kind'], (work: Work, signal: AbortSignal) => Promise<void>>> = {
    urgent: (work) => takeUrgent(work, parts),
    onward: (work) => onward(work, parts),
    settle: (work, signal) => settle(work, parts, signal),
    'read-back': (work, signal) => readBack(work, parts, signal),
    digest: (work) => digest(work, parts),
    deadline: (work) => deadline(work, parts),
  };
  const run = async (work: Work, signal: AbortSignal): Promise<void> => {
    const seconds = meter.stopwatch();
    await tracedWork(work, parts, () => steps[work.kind](work, signal));
    meter.note({ kind: 'step', work: work.kind, seconds: seconds() });
  };
  let pump: Pump | undefined;
  const wake = () => pump?.wake();
  const keeping = new Set<Promise<void>>();
  return {
    ...createIntake(() => parts, wake),
    replace(next) {
      parts = { ...parts, ...next };
    },
    record: async (changes) => void (await parts.store.apply(changes)),
    async start() {
      pump = await startPump({ ...parts, ...options, run });
    },
    looked: (partner, seen) => looked(partner, seen, parts),
    shown(partner, seen) {
      const done = shown(partner, seen, parts).finally(() => keeping.delete(done));
      keeping.add(done);
      return done;
    },
    wake,
    isRunning: () => pump?.isRunning() ?? false,
    async stop(drainMs) {
      await pump?.stop(drainMs);
      // Answers that are out already: what they keep must not be lost with the record closed too early.
      await Promise.allSettled(keeping);
    },
  };
}
