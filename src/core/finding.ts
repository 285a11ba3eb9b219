/**
 * A finding: one thing that is wrong or worth knowing, said so that the reader can act on it.
 *
 * Every refusal in Hearback is a list of findings: all of them at once, each with place, rule and remedy.
 * Findings are written to operational logs and sent to other organisations, so `message` and `remedy`
 * must never repeat a value from a message (a name, a number, a free text): say which element, not what it held.
 */

/** Where it is: in a file (configuration, mapping), in a message (FHIRPath), or both. Lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** FHIRPath for FHIR (`ServiceRequest.subject`), a JSON Pointer for other JSON (`/case/id`), a header name otherwise. */
  readonly expression?: string;
}

/** The issue types of FHIR R4 that we use (http://hl7.org/fhir/R4/valueset-issue-type.html). */
export type IssueType =
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'not-supported'
  | 'not-found'
  | 'duplicate'
  | 'conflict'
  | 'too-long'
  | 'too-costly'
  | 'business-rule'
  | 'security'
  | 'login'
  | 'forbidden'
  | 'throttled'
  | 'transient'
  | 'timeout'
  | 'exception'
  | 'processing'
  | 'informational';

export interface Finding {
  readonly severity: 'error' | 'warning' | 'information';
  /** Stable id of the rule, kebab-case with a family prefix: `fhir/cardinality`, `referral/nhs-number`, `config/unknown-key`. */
  readonly rule: string;
  readonly place: Place;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to do about it, in a sentence. */
  readonly remedy: string;
  /** How a FHIR OperationOutcome classifies it; `processing` when left out. */
  readonly issue?: IssueType;
  /** Of a code that was added or repaired: which one, and by which map. For the message log; it is shown to nobody else. */
  readonly chosen?: ChosenCode;
}

export interface ChosenCode {
  readonly system: string;
  readonly code: string;
  /** Canonical URL and version of the concept map; absent where none decided. */
  readonly map?: string;
  readonly mapVersion?: string;
}

/** True when at least one finding forbids going on. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
