import { FHIR_BASE } from '../referral.ts';

/** Codes of scores for which no source gives a national code: ours, in a system of ours, never presented as another's. */
export const OUTCOME_SCORE_SYSTEM = `${FHIR_BASE}/CodeSystem/outcome-score`;

/** Canonical url of an instrument's Questionnaire. */
export function questionnaireUrl(instrument: string): string {
  return `${FHIR_BASE}/Questionnaire/${instrument}`;
}
