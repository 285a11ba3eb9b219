import type { TracedItems } from '../fhirpath/compile-path.ts';
import type { PreparedInput } from '../fhirpath/input.ts';
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
  /** Whose own decisions about codes come first. */
  readonly partner?: string;
  readonly unmapped: Map<string, UnmappedCode>;
  readonly findings: Finding[];
  /** The expression that is being evaluated: what its functions find wrong is wrong there. */
  at: Place;
  /** The input as the run's expressions share it, from the first of them on. */
  prepared?: PreparedInput;
  /** Hears, in a mapping that was compiled for tracing, what each expression read and what its values come from. */
  readonly trace?: (at: Place, found: TracedItems) => void;
}

/** The variables in force at one place of the template. */
export type Scope = Record<string, unknown>;

/**
 * A scope with what the outer one has. It is copied, not inherited: objects of the same form are fast to read, and one
 * whose prototype is new with each run never is. There is nothing in it but what is put in.
 */
export function innerScope(outer: Scope | null): Scope {
  const scope: Scope = new EmptyScope();
  for (const name in outer) scope[name] = outer[name];
  return scope;
}

class EmptyScope {
  [name: string]: unknown;
}
Object.setPrototypeOf(EmptyScope.prototype, null);
Reflect.deleteProperty(EmptyScope.prototype, 'constructor');

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
