import type { RunState, Scope } from './run-state.ts';
import type { Template } from './template.ts';

/**
 * Stands between a part of the template and what is made of it: hears of every value that a part gives. For coverage and
 * explanations only; without one, nothing is in the way.
 */
export type Watch = (
  template: Template,
  produce: (state: RunState, scope: Scope) => unknown,
) => (state: RunState, scope: Scope) => unknown;

/** A watch that tells which part of the template gave which value. */
export function watching(hear: (template: Template, value: unknown) => void): Watch {
  return (template, produce) => (state, scope) => {
    const value = produce(state, scope);
    hear(template, value);
    return value;
  };
}
