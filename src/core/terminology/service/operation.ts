import type { OperationOutcomeIssue, Parameters, ParametersParameter, ValueSet } from 'fhir/r4.js';
import type { Finding } from '../../finding.ts';

/** FHIR's terminology operations, by where they stand in the address (R4 terminology-service). */
export type TerminologyOperation =
  | 'CodeSystem/$lookup'
  | 'CodeSystem/$validate-code'
  | 'CodeSystem/$subsumes'
  | 'ValueSet/$validate-code'
  | 'ValueSet/$expand'
  | 'ConceptMap/$translate';

/** What came of an operation: its resource, or why not with the HTTP status that says so. */
export type OperationAnswer =
  | { readonly kind: 'done'; readonly resource: Parameters | ValueSet }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 422 | 501 | 503; readonly findings: readonly Finding[] };

export function done(parameter: readonly ParametersParameter[]): OperationAnswer {
  return { kind: 'done', resource: { resourceType: 'Parameters', parameter: [...parameter] } };
}

/** An operation cannot be answered. Its text holds codes of the request only where they are no patient's. */
export class OperationFault extends Error {
  readonly status: 400 | 404 | 422 | 501;
  readonly finding: Finding;

  constructor(
    status: OperationFault['status'],
    told: {
      readonly rule: `terminology/${string}`;
      readonly at?: string;
      readonly message: string;
      readonly remedy: string;
      readonly issue: OperationOutcomeIssue['code'] & Finding['issue'];
    },
  ) {
    super(told.message);
    this.status = status;
    const { rule, at, message, remedy, issue } = told;
    const place = at === undefined ? {} : { expression: `Parameters.parameter.where(name = '${at}')` };
    this.finding = { severity: 'error', rule, place, message, remedy, issue };
  }
}
