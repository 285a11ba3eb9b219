import type { Instrument, InstrumentScore } from './instrument.ts';
import { roundTo } from './numbers.ts';
import type { Answers } from './read-answers.ts';

/** A score made from answers. */
export interface Scored {
  readonly score: InstrumentScore;
  readonly value: number;
  /** How many items were filled with the mean of the others. */
  readonly filled: number;
}

/** Why no score could be made: items that are not answered, answers that were rejected, or a result that cannot be. */
export interface Unscored {
  readonly score: InstrumentScore;
  readonly why: 'missing' | 'rejected' | 'range';
  readonly missing: readonly string[];
}

/** All scores of an instrument that are computed, each made or with why not. What is only ever given is not here. */
export function scoreAnswers(
  instrument: Instrument,
  answers: Pick<Answers, 'values' | 'rejected'>,
): (Scored | Unscored)[] {
  return instrument.scores.filter(({ rule }) => rule !== 'given').map((score) => scoreOne(score, answers));
}

export function isScored(one: Scored | Unscored): one is Scored {
  return 'value' in one;
}

function scoreOne(
  score: InstrumentScore,
  { values, rejected }: Pick<Answers, 'values' | 'rejected'>,
): Scored | Unscored {
  const missing = score.items.filter((id) => !values.has(id));
  if (score.items.some((id) => rejected.has(id))) return { score, why: 'rejected', missing };
  const numbers = score.items.flatMap((id) => numberOf(values.get(id)));
  if (score.rule === 'count' && numbers.length > 0) return counted(score, numbers, missing);
  if (numbers.length === 0 || missing.length > (score.missing?.most ?? 0)) return { score, why: 'missing', missing };
  const sum = numbers.reduce((all, one) => all + one, 0);
  const mean = sum / numbers.length;
  if (score.rule === 'mean') return { score, value: roundTo(mean, score.decimals), filled: missing.length };
  const filled = sum + mean * missing.length;
  const decimals = missing.length > 0 ? (score.missing?.decimals ?? 0) : score.decimals;
  return { score, value: roundTo(filled, decimals), filled: missing.length };
}

/** What is not answered was not one of them. */
function counted(score: InstrumentScore, numbers: readonly number[], missing: readonly string[]): Scored | Unscored {
  const value = numbers.reduce((all, one) => all + one, 0);
  return value > score.max ? { score, why: 'range', missing } : { score, value, filled: 0 };
}

/** A yes counts one. */
function numberOf(value: number | boolean | string | undefined): number[] {
  if (typeof value === 'boolean') return [value ? 1 : 0];
  return typeof value === 'number' ? [value] : [];
}
