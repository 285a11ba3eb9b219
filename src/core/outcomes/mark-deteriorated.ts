import type { Observation } from 'fhir/r4.js';
import type { ResultResource } from '../loop/report/read-report.ts';
import { type Dossier, ofType } from '../referral.ts';
import { changeOf, isDeteriorated } from './change.ts';
import type { InstrumentSet } from './instrument-set.ts';
import { follows, inOrder, type Measurement, measurementOf } from './measurement.ts';

/** Observation.interpretation.text of a score that is meaningfully worse. R4's element for it; no source that we have gives a code. */
export const DETERIORATED = 'Deteriorated';

/**
 * Scores that are meaningfully worse than the person's first of the same instrument say so: as an interpretation, and in a
 * note with both values and whose word it is that the change means something.
 */
export function markDeteriorated(
  results: readonly ResultResource[],
  dossier: Dossier,
  instruments: InstrumentSet,
): ResultResource[] {
  const observations = [
    ...ofType(dossier, 'Observation'),
    ...results.filter((one) => one.resourceType === 'Observation'),
  ];
  const measured = inOrder(observations.flatMap((one) => measurementOf(one, instruments) ?? []));
  return results.map((result) =>
    result.resourceType === 'Observation' ? marked(result, measured, instruments) : result,
  );
}

function marked(observation: Observation, measured: readonly Measurement[], instruments: InstrumentSet): Observation {
  const own = measurementOf(observation, instruments);
  const first = own && measured.find(({ score }) => score === own.score);
  if (own === undefined || first === undefined || !follows(first, own)) return observation;
  const change = changeOf(own.score, first.value, own.value);
  if (!isDeteriorated(change) || change.meaningful === undefined) return observation;
  const { from, source } = change.meaningful;
  const text = `Deteriorated since ${first.day}: ${own.score.title} was ${change.from}, now ${change.to}. A change of ${from} or more is meaningful (${source}). Please review.`;
  return {
    ...observation,
    interpretation: [...(observation.interpretation ?? []), { text: DETERIORATED }],
    note: [...(observation.note ?? []), { authorString: 'Hearback', text }],
  };
}

/** Titles of the scores among these results that deteriorated. */
export function deterioratedIn(results: readonly ResultResource[]): string[] {
  return results.flatMap((one) => {
    if (one.resourceType !== 'Observation' || !one.interpretation?.some(({ text }) => text === DETERIORATED)) return [];
    return [one.code.text ?? one.code.coding?.find(({ display }) => display !== undefined)?.display ?? 'a score'];
  });
}
