import type { OperationOutcome } from 'fhir/r4.js';

/** Why nothing was filed. Names fields and never their values: refusals are kept where patient data must not be. */
export interface Refusal {
  readonly status: 400 | 401 | 404 | 405 | 412 | 422 | 429;
  readonly code: OperationOutcome['issue'][number]['code'];
  readonly why: string;
  readonly expression?: readonly string[];
  /** ITK-ResponseCodes-1, where one of the national response codes says it. */
  readonly itk?: string;
}

const ITK = 'https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1';
const ITK_DISPLAY: Readonly<Record<string, string>> = {
  '20009': 'Payload validation failure',
  '20010': 'Unrecognised Payload Recipient Organisation',
  '20011': 'Unrecognised Payload Recipient Person',
  '30002': 'Patient not known here',
  '30003': 'Patient no longer at this setting',
};

/** A refusal as FHIR says it. */
export function outcomeOf({ code, why, expression, itk }: Refusal): OperationOutcome {
  const display = itk === undefined ? undefined : ITK_DISPLAY[itk];
  const coding = itk === undefined ? [] : [{ system: ITK, code: itk, ...(display !== undefined && { display }) }];
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code,
        details: { ...(coding.length > 0 && { coding }), text: why },
        ...(expression !== undefined && { expression: [...expression] }),
      },
    ],
  };
}
