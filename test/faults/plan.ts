import { type CrowdPlatform, crowd, type Fated } from '../fixtures/crash/crowd.ts';
import { seeded } from '../fixtures/crash/seeded.ts';

/**
 * What can go wrong:
 *   kill      SIGKILL of one of the engine processes
 *   postgres  the record's server is restarted, cleanly or as after a crash
 *   rabbitmq  the broker is restarted, cleanly or as after a crash
 *   cut       connections between engines and record, broker and partners are cut while something is on them
 *   disk      the disk of an embedded record is full
 *   memory    the broker raises its memory alarm and takes nothing
 */
export const KINDS = ['kill', 'postgres', 'rabbitmq', 'cut', 'disk', 'memory'] as const;
export type Kind = (typeof KINDS)[number];

/** `mllp`: from the practice that speaks HL7 v2 to the engines; `elm`: from the engines to it. */
export const LINES = ['record', 'broker', 'casework', 'springboard', 'riverside', 'mllp', 'elm'] as const;
export type LineName = (typeof LINES)[number];

/** One blow. `afterMs` counts from the first message of the run, `forMs` from the blow to its end. */
export type Strike = { readonly afterMs: number; readonly forMs: number } & (
  | { readonly kind: 'kill'; readonly engine: number }
  | { readonly kind: 'postgres' | 'rabbitmq'; readonly how: 'clean' | 'crash' }
  | { readonly kind: 'cut'; readonly line: LineName; readonly how: 'cut' | 'lose-answer' | 'lose' | 'down' }
  | { readonly kind: 'disk' | 'memory' }
);

/** Somebody who is referred, and by whom. */
export interface Person extends Fated {
  /** The practice that speaks FHIR, or the one that speaks HL7 v2. */
  readonly by: 'riverside' | 'elm';
  /** True when the practice says the referral once more after it was answered. */
  readonly saidAgain: boolean;
}

export interface RunPlan {
  /** Counts from 1. */
  readonly run: number;
  readonly kind: Kind;
  readonly people: readonly Person[];
  /** Before each person is referred, by whoever of the practice's clerks is free. */
  readonly pausesMs: readonly number[];
  readonly strikes: readonly Strike[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly runs: number;
  readonly kinds: readonly Kind[];
  readonly platforms: readonly CrowdPlatform[];
}

export const ENGINES = 4;
const PEOPLE = 18;
const LONGEST_PAUSE_MS = 250;
const STRUCK_WITHIN_MS = 1_800;

/** The runs in their order, kinds in turns. The same options give the same traffic and the same blows. */
export function planRuns({ seed, runs, kinds, platforms }: PlanOptions): RunPlan[] {
  return Array.from({ length: runs }, (_, index) => {
    const random = seeded(seed * 1_000_003 + index);
    const kind = kinds[index % kinds.length] ?? 'kill';
    return {
      run: index + 1,
      kind,
      people: crowd(PEOPLE, random, { platforms, after: index * PEOPLE }).map((one, nth) =>
        personOf(one, index * PEOPLE + nth),
      ),
      pausesMs: Array.from({ length: PEOPLE }, () => Math.floor(random() * LONGEST_PAUSE_MS)),
      strikes: strikesOf(kind, random),
    };
  });
}

/** Every fourth is of the practice that speaks HL7 v2, and some of those are cancelled. */
function personOf(fated: Fated, place: number): Person {
  const saidAgain = place % 3 === 1;
  if (place % 4 !== 3) return { ...fated, by: 'riverside', saidAgain };
  const isCancelled = fated.cancelled || (place % 12 === 3 && fated.platform !== 'springboard');
  return { ...(isCancelled ? cancelledOnceAccepted(fated) : fated), by: 'elm', saidAgain };
}

/**
 * Of what happens, a practice that speaks HL7 v2 hears of the acceptance first. It cancels then, before any work has begun, so that it
 * need not be asked for; the platform says that it heard of it.
 */
function cancelledOnceAccepted(fated: Fated): Fated {
  const steps = fated.steps.slice(0, 1);
  return { ...fated, steps, cancelled: true, events: ['requested', 'accepted', 'cancelled', 'cancelled'] };
}

function strikesOf(kind: Kind, random: () => number): Strike[] {
  const between = (least: number, most: number) => Math.floor(least + random() * (most - least));
  const oneOf = <T>(choices: readonly [T, ...T[]]): T => choices[Math.floor(random() * choices.length)] ?? choices[0];
  const many = kind === 'kill' || kind === 'cut' ? between(2, 5) : 1;
  const moments = Array.from({ length: many }, () => between(100, STRUCK_WITHIN_MS)).sort((one, other) => one - other);
  return moments.map((afterMs): Strike => {
    const forMs = between(200, 1_500);
    if (kind === 'kill') return { kind, afterMs, forMs, engine: between(0, ENGINES) };
    if (kind === 'postgres' || kind === 'rabbitmq') return { kind, afterMs, forMs, how: oneOf(['clean', 'crash']) };
    if (kind === 'cut') {
      return { kind, afterMs, forMs, line: oneOf(LINES), how: oneOf(['cut', 'lose-answer', 'lose', 'down']) };
    }
    return { kind, afterMs, forMs };
  });
}
