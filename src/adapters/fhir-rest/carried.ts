import type { CarriedFhir, Prepared, ReadCarriedFhir } from '../../ports.ts';
import { outcomeAnswer, type Tongue } from './answer.ts';
import { askOfCarried } from './asks-carried.ts';
import type { FhirLimits } from './call.ts';
import { answerFormat } from './negotiate.ts';
import { outcomeReasons } from './outcome-reasons.ts';
import { readPrefer } from './prefer.ts';
import { type PreparingParts, prepareArrival } from './prepare-arrival.ts';
import { readBody } from './read-body.ts';

type CarriedParts = PreparingParts & { readonly limits: Pick<FhirLimits, 'maxDepth' | 'maxNodes'> };

/**
 * FHIR that something else than HTTP carries: read by the same rules, and answered in the same words, format as it came. A repeat
 * is always answered as at first: whoever carries it may deliver it again by itself, and then the sender has heard nothing yet.
 */
export function carriedFhir(parts: CarriedParts): ReadCarriedFhir {
  return ({ dialect, unreadable, ...came }: CarriedFhir): Prepared => {
    const reading = unreadable ? { findings: [] } : readBody(came.body, came.contentType, parts.limits);
    const bodyType = came.contentType;
    const format = answerFormat({ accept: undefined, formatParam: undefined, bodyType }) ?? 'json';
    const tongue: Tongue = { format, dialect };
    const wish = { askOf: askOfCarried, tongue, prefer: readPrefer(undefined) };
    const { arrival, render } = prepareArrival({ ...came, reading }, wish, parts);
    return {
      arrival,
      render: (verdict) => (verdict.kind === 'repeat' ? verdict.answer : render(verdict)),
      onFault: (finding) => outcomeAnswer(500, [finding], tongue),
      reasons: outcomeReasons,
    };
  };
}
