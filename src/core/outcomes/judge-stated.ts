import type { Observation } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { checkFinding } from './checks.ts';
import type { Instrument, InstrumentScore } from './instrument.ts';
import type { InstrumentSet, ScoreOf } from './instrument-set.ts';
import { decimalsOf } from './numbers.ts';

/** A score that a platform stated as an Observation. */
export interface StatedScore extends ScoreOf {
  readonly value: number;
  /** The day, where one is said. */
  readonly day?: string;
}

/** What a stated score is and what is wrong with it; undefined for an Observation of something else, or without a number. */
export function judgeStated(
  observation: Observation,
  instruments: InstrumentSet,
  at: string,
): { stated?: StatedScore; findings: Finding[] } {
  const value = numberIn(observation);
  if (value === undefined) return { findings: [] };
  const found = whichScore(observation, value, instruments);
  if (found === undefined) return { findings: [] };
  const place = `${at}.value`;
  const findings = scoreFindings(found, value, place);
  const coded = (observation.code.coding ?? []).length > 0;
  if (!coded && found.score.rule === 'given' && hasMetric(found.instrument)) {
    findings.push(checkFinding('score-kind-unsaid', found.instrument, `${at}.code`));
  }
  const day = dayOf(observation);
  return { stated: { ...found, value, ...(day !== undefined && { day }) }, findings };
}

/** Range and decimals of a score, whoever made it. */
export function scoreFindings({ instrument, score }: ScoreOf, value: number, at: string): Finding[] {
  if (decimalsOf(value) > decimalsAllowed(score)) {
    const isMetric = hasMetric(instrument) && score.id !== METRIC;
    return [checkFinding(isMetric ? 'metric-under-raw-code' : 'score-not-whole', instrument, at)];
  }
  return value < score.min || value > score.max ? [checkFinding('score-range', instrument, at)] : [];
}

function decimalsAllowed({ decimals, missing }: InstrumentScore): number {
  return Math.max(decimals, missing?.decimals ?? 0);
}

/** The id of a score that is a transformation of the raw total, with decimals. */
const METRIC = 'metric';

function hasMetric({ scores }: Instrument): boolean {
  return scores.some(({ id }) => id === METRIC);
}

/** By its code; by its name only where it has none at all. */
function whichScore({ code }: Observation, value: number, instruments: InstrumentSet): ScoreOf | undefined {
  const codings = code.coding ?? [];
  if (codings.length > 0) return instruments.byCode(codings);
  const named = instruments.byName(code.text);
  const metric = named?.instrument.scores.find(({ id }) => id === METRIC);
  if (named === undefined || metric === undefined || Number.isInteger(value)) return named;
  return { instrument: named.instrument, score: metric };
}

/** The number that an Observation states. */
export function numberIn({ valueInteger, valueQuantity, valueBoolean }: Observation): number | undefined {
  if (typeof valueBoolean === 'boolean') return valueBoolean ? 1 : 0;
  const value = valueInteger ?? valueQuantity?.value;
  return typeof value === 'number' ? value : undefined;
}

function dayOf({ effectiveDateTime, effectiveInstant }: Observation): string | undefined {
  return (effectiveDateTime ?? effectiveInstant)?.slice(0, 10);
}
