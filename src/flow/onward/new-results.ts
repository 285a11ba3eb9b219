import type { Observation } from 'fhir/r4.js';
import type { ResultResource } from '../../core/loop/report/read-report.ts';
import { type Dossier, ofType } from '../../core/referral.ts';

/**
 * The results that a dossier does not hold yet. A platform that says the same again under another id has not measured again:
 * its results are there already. What a new score is derived from may be there already, too: then it refers to that.
 */
export function newResults(results: readonly ResultResource[], dossier: Dossier): ResultResource[] {
  const held = [...ofType(dossier, 'Observation'), ...ofType(dossier, 'QuestionnaireResponse')];
  const known = new Map(held.map((one) => [contentOf(one), one]));
  const moved = new Map<string, string>();
  const added = results.filter((result) => {
    const former = known.get(contentOf(result));
    if (former !== undefined) moved.set(nameOf(result), nameOf(former));
    return former === undefined;
  });
  return added.map((result) => (result.resourceType === 'Observation' ? derivedAnew(result, moved) : result));
}

function derivedAnew(observation: Observation, moved: ReadonlyMap<string, string>): Observation {
  const { derivedFrom } = observation;
  if (derivedFrom === undefined) return observation;
  const again = derivedFrom.map((one) => ({
    ...one,
    reference: moved.get(one.reference ?? '') ?? one.reference ?? '',
  }));
  return { ...observation, derivedFrom: again };
}

function nameOf({ resourceType, id }: ResultResource): string {
  return `${resourceType}/${id}`;
}

/** What was measured, without what identifies this telling of it and what was concluded from what else was known. */
function contentOf(result: ResultResource): string {
  const { id: _, meta: __, identifier: ___, ...content } = result;
  if (content.resourceType !== 'Observation') return JSON.stringify(content);
  const { derivedFrom: ____, interpretation, note, ...measured } = content;
  const own = note?.filter(({ authorString }) => authorString !== 'Hearback') ?? [];
  const said = interpretation?.filter(({ coding }) => coding !== undefined) ?? [];
  return JSON.stringify({
    ...measured,
    ...(own.length > 0 && { note: own }),
    ...(said.length > 0 && { interpretation: said }),
  });
}
