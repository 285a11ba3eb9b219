/**
 * The road, top to bottom. A message's whole way is these four steps, each ending in a commit that is flushed to disk:
 *
 *   intake    an inlet brings bytes: validate, record, answer
 *   onward    what they mean for their referral: route, translate, queue the legs
 *   settle    one leg: send, classify, and let the ledger draw its conclusions
 *   deadline  a promise's time is up: is it late?
 *
 * Between two commits the engine may die at any instant; what it was doing is done again, and every step is written so
 * that doing it again comes to the same.
 */
import type { Work } from '../core/message.ts';
import type { StoredResource } from '../core/referral.ts';
import type { Intake } from '../ports.ts';
import { deadline } from './deadline.ts';
import { createIntake } from './intake.ts';
import { looked } from './looked.ts';
import { onward } from './onward.ts';
import { startPump } from './pump.ts';
import type { RoadParts } from './road-parts.ts';
import { settle } from './settle.ts';

export interface Road extends Intake {
  /** To be called with what a GP system was shown: journals the look and keeps what reading keeps. */
  looked(partner: string, shown: readonly StoredResource[]): Promise<void>;
  /** Work was queued by somebody else (a person resolved a hold): look now. */
  wake(): void;
  stop(drainMs: number): Promise<void>;
}

export interface RoadOptions {
  readonly worker: string;
  /** True when no other process works on this record. */
  readonly alone: boolean;
  readonly leaseMs: number;
  /** Steps under way at once. */
  readonly places: number;
}

export async function openRoad(parts: RoadParts, options: RoadOptions): Promise<Road> {
  const steps: Readonly<Record<Work['kind'], (work: Work, signal: AbortSignal) => Promise<void>>> = {
    onward: (work) => onward(work, parts),
    settle: (work, signal) => settle(work, parts, signal),
    deadline: (work) => deadline(work, parts),
  };
  const pump = await startPump({ ...parts, ...options, run: (work, signal) => steps[work.kind](work, signal) });
  return {
    ...createIntake(parts, pump.wake),
    looked: (partner, shown) => looked(partner, shown, parts),
    wake: pump.wake,
    stop: pump.stop,
  };
}
