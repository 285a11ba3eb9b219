import type { Finding, IssueType } from '../finding.ts';
import type { R4Model } from './model.ts';

/** What a rule says about one place. */
interface Remark {
  readonly rule: string;
  readonly issue: IssueType;
  readonly message: string;
  readonly remedy: string;
  readonly severity?: 'error' | 'warning';
}

/** Where in the resource a check stands. */
export interface Spot {
  readonly at: string;
  readonly depth: number;
  /** Inside `contained`, where other rules hold. */
  readonly contained: boolean;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** What the checks share: the model, and a list that stops growing. */
export interface Check {
  readonly model: R4Model;
  readonly findings: Finding[];
  /** Remarks made beyond the limit, by severity. */
  readonly unlisted: { error: number; warning: number };
}

/** More than anybody reads; a body of millions of faults must not become a list of millions. */
const MAX_FINDINGS = 200;

export function newCheck(model: R4Model): Check {
  return { model, findings: [], unlisted: { error: 0, warning: 0 } };
}

/**
 * Adds a finding at a FHIRPath. Pass a function where making the remark costs something (looking for a near name):
 * beyond the limit it is not called for more than its severity. Errors are listed before warnings are given up.
 */
export function remark(check: Check, at: string, what: Remark | (() => Remark)): void {
  if (typeof what === 'function' && check.findings.length >= MAX_FINDINGS) {
    check.unlisted.error += 1;
    return;
  }
  const { severity = 'error', ...said } = typeof what === 'function' ? what() : what;
  if (check.findings.length < MAX_FINDINGS) check.findings.push({ severity, place: { expression: at }, ...said });
  else check.unlisted[severity] += 1;
}

/** The findings, ended by one that counts those not listed. */
export function allFindings(check: Check, at: string): Finding[] {
  const { error, warning } = check.unlisted;
  if (error + warning === 0) return check.findings;
  return [
    ...check.findings,
    {
      severity: error > 0 ? 'error' : 'warning',
      rule: 'fhir/more-findings',
      issue: 'too-costly',
      place: { expression: at },
      message: `There are ${error} more errors and ${warning} more warnings that are not listed.`,
      remedy: 'Correct those listed and send it again.',
    },
  ];
}

/** The value as a JSON object, or undefined when it is a list, a primitive or null. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One step of a FHIRPath. What is no plain name is delimited, and cut when it is long: it came from outside. */
export function stepTo(at: string, name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return `${at}.${name}`;
  return `${at}.\`${name.slice(0, 40).replace(/[^\w .:[\]-]/g, '?')}\``;
}
