import type { Finding, Place } from '../finding.ts';

/** A code that waits for a person: its concept map does not know it. */
export interface UnmappedCode {
  readonly map: string;
  readonly system: string;
  readonly code: string;
  /** Where it stood in the input: FHIRPath in a dossier, a JSON Pointer elsewhere; the expression that read it when that is not known. */
  readonly element: string;
}

/** What one run of a mapping collects beside its result. Made anew for each run. */
export interface RunState {
  readonly input: unknown;
  readonly unmapped: Map<string, UnmappedCode>;
  readonly findings: Finding[];
  /** The expression that is being evaluated: what its functions find wrong is wrong there. */
  at: Place;
}

/** The variables in force at one place of the template; inner scopes are made from outer ones by prototype. */
export type Scope = Record<string, unknown>;

export function innerScope(outer: Scope | null): Scope {
  const scope: Scope = Object.create(outer);
  return scope;
}

export function addFinding(
  state: RunState,
  finding: Omit<Finding, 'severity' | 'place'> & { readonly place?: Place },
): void {
  const place = finding.place ?? state.at;
  const known = state.findings.some(
    (one) =>
      one.rule === finding.rule &&
      one.place.line === place.line &&
      one.place.column === place.column &&
      one.place.expression === place.expression,
  );
  if (!known) state.findings.push({ severity: 'error', ...finding, place });
}
