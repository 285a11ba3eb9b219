import { type OutcomeFigures, outcomeFigures } from '../../core/outcomes/outcome-figures.ts';
import type { ReferralFacts } from '../../core/outcomes/outcome-measures.ts';
import { USUAL_WINDOW } from '../../core/outcomes/pairs.ts';
import type { Clock } from '../../ports.ts';
import type { OutcomeDesk } from '../engine-desk.ts';
import type { FinancialYear } from './financial-year.ts';

/** Counts of fewer are not printed. */
export const SMALLEST = 5;

export interface OutcomesRead {
  readonly kind: 'ready';
  readonly readAt: string;
  readonly figures: OutcomeFigures;
}

/** Still being read; so many referrals so far. */
export interface OutcomesAwaited {
  readonly kind: 'reading';
  readonly referrals: number;
}

/** The figures of a year for somebody who may see these partners' loops (`limits`; all when left out). */
export type ReadOutcomes = (asked: {
  readonly year: FinancialYear;
  readonly limits?: readonly string[];
}) => Promise<OutcomesRead | OutcomesAwaited>;

interface Options {
  /** How long figures are shown before they are counted again: a year of referrals takes a while. */
  readonly keptMs?: number;
  /** How long a page waits for them before it says how far they are. */
  readonly waitMs?: number;
}

interface Reading {
  readonly startedAt: string;
  readonly progress: { referrals: number };
  readonly facts: Promise<readonly ReferralFacts[]>;
  readonly figures: Map<string, Promise<OutcomesRead>>;
}

/** Reads a year once for all who ask, behind the pages' backs, one referral after the other. */
export function newReadOutcomes(
  desk: OutcomeDesk,
  clock: Clock,
  { keptMs = 600_000, waitMs = 2_000 }: Options = {},
): ReadOutcomes {
  const readings = new Map<string, Reading>();
  const begin = (year: FinancialYear): Reading => {
    const progress = { referrals: 0 };
    const facts = desk.readOutcomes(year, (referrals) => {
      progress.referrals = referrals;
    });
    const reading: Reading = { startedAt: clock.now().toISOString(), progress, facts, figures: new Map() };
    reading.facts.catch(() => readings.delete(year.name));
    readings.set(year.name, reading);
    return reading;
  };
  return async ({ year, limits }) => {
    const known = readings.get(year.name);
    const isOld = known === undefined || clock.now().getTime() - Date.parse(known.startedAt) >= keptMs;
    const reading = isOld ? begin(year) : known;
    const key = JSON.stringify(limits ?? null);
    const figures = reading.figures.get(key) ?? figuresOf(reading, limits);
    reading.figures.set(key, figures);
    return Promise.race([figures, awaited(reading, waitMs)]);
  };
}

async function figuresOf({ facts, startedAt }: Reading, limits: readonly string[] | undefined): Promise<OutcomesRead> {
  const seen = (await facts).filter(
    ({ referrer, platforms }) => limits === undefined || [referrer, ...platforms].some((one) => limits.includes(one)),
  );
  const figures = await outcomeFigures(seen, { window: USUAL_WINDOW, under: SMALLEST, pause: others });
  return { kind: 'ready', readAt: startedAt, figures };
}

/** Lets the road go first. */
function others(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function awaited(reading: Reading, ms: number): Promise<OutcomesAwaited> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ kind: 'reading', referrals: reading.progress.referrals }), ms).unref();
  });
}
