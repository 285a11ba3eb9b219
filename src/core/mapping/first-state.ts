import { CONSTANTS, givenNames } from './constants.ts';
import type { MappingFrom } from './direction.ts';
import { withoutBookkeeping } from './plain-value.ts';
import { innerScope, type RunState, type Scope } from './run-state.ts';

/** What a run begins with. */
export function newState(input: unknown, { partner }: Readonly<Record<string, unknown>>): RunState {
  const whose = typeof partner === 'string' ? { partner } : {};
  return { ...whose, input: withoutBookkeeping(input ?? {}), unmapped: new Map(), findings: [], at: {} };
}

/** The constants, for an order expression. */
export function fixedScope(): Scope {
  const scope = innerScope(null);
  for (const [name, value] of CONSTANTS) scope[name] = value;
  return scope;
}

/** The constants and what the engine gives with a run. */
export function givenScope(from: MappingFrom, given: Readonly<Record<string, unknown>>): Scope {
  const scope = fixedScope();
  for (const name of givenNames(from))
    scope[name] = Object.hasOwn(given, name) ? withoutBookkeeping(given[name]) : undefined;
  return scope;
}
