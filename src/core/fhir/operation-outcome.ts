import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import type { Finding, Place } from '../finding.ts';

/** `bars`: with the error codes of the NHS Booking and Referral Standard in `details.coding`. */
export type OutcomeDialect = 'plain' | 'bars';

/** The BaRS system of error codes, spelt as its published examples spell it. */
const BARS_ERROR_SYSTEM = 'https://fhir.nhs.uk/Codesystem/http-error-codes';

/** What a BaRS receiver says for each HTTP status. REC_ = the receiver found the fault. */
const BARS_CODES: ReadonlyMap<number, string> = new Map([
  [400, 'REC_BAD_REQUEST'],
  [401, 'REC_UNAUTHORIZED'],
  [403, 'REC_FORBIDDEN'],
  [404, 'REC_NOT_FOUND'],
  [406, 'REC_NOT_ACCEPTABLE'],
  [408, 'REC_TIMEOUT'],
  [409, 'REC_CONFLICT'],
  [422, 'REC_UNPROCESSABLE_ENTITY'],
  [425, 'REC_TOO_EARLY'],
  [429, 'REC_TOO_MANY_REQUESTS'],
  [500, 'REC_SERVER_ERROR'],
  [501, 'REC_NOT_IMPLEMENTED'],
  [503, 'REC_UNAVAILABLE'],
]);

/**
 * Findings as an OperationOutcome: message as `details.text`; remedy, rule and place in a text body as `diagnostics`;
 * the FHIRPath as `expression`. No findings give one informational issue, since R4 wants at least one.
 * @param status the HTTP status it goes out with; decides the BaRS code.
 * Sources: FHIR R4 operationoutcome; BaRS core §error handling.
 */
export function toOperationOutcome(
  findings: readonly Finding[],
  dialect: OutcomeDialect,
  status?: number,
): OperationOutcome {
  const code = dialect === 'bars' ? barsCode(status) : undefined;
  const issues = findings.map((finding) => toIssue(finding, code));
  return { resourceType: 'OperationOutcome', issue: issues.length > 0 ? issues : [ALL_WELL] };
}

const ALL_WELL: OperationOutcomeIssue = {
  severity: 'information',
  code: 'informational',
  details: { text: 'Nothing was found wrong.' },
};

function toIssue(finding: Finding, barsErrorCode: string | undefined): OperationOutcomeIssue {
  const fhirPath = fhirPathOf(finding.place);
  const coded = barsErrorCode !== undefined && finding.severity === 'error';
  return {
    severity: finding.severity,
    code: finding.issue ?? 'processing',
    details: {
      ...(coded && { coding: [{ system: BARS_ERROR_SYSTEM, code: barsErrorCode }] }),
      text: finding.message,
    },
    diagnostics: diagnosticsOf(finding),
    ...(fhirPath !== undefined && { expression: [fhirPath] }),
  };
}

/** A JSON Pointer (before the body could be read as FHIR) is no FHIRPath and goes into the diagnostics. */
function fhirPathOf(place: Place): string | undefined {
  return place.expression === undefined || place.expression.startsWith('/') ? undefined : place.expression;
}

function diagnosticsOf(finding: Finding): string {
  const { line, column, expression } = finding.place;
  const where = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
    ...(expression?.startsWith('/') ? [expression] : []),
  ].join(', ');
  return `${finding.remedy} [${finding.rule}${where === '' ? '' : ` at ${where}`}]`;
}

function barsCode(status: number | undefined): string | undefined {
  if (status === undefined || status < 400) return undefined;
  return BARS_CODES.get(status) ?? (status < 500 ? 'REC_BAD_REQUEST' : 'REC_SERVER_ERROR');
}
