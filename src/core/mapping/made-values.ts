import { isEmpty, plainValue } from './plain-value.ts';
import { addFinding, type RunState } from './run-state.ts';

/** What the template part of the language makes of the values that expressions give. */

/** The first value that holds something: an element with an extension only is passed over. */
export function firstOf(values: readonly unknown[]): unknown {
  for (const value of values) {
    const plain = plainValue(value);
    if (!isEmpty(plain)) return plain;
  }
  return undefined;
}

/** Lists lose what is empty, lists in lists become one, and a list of nothing is nothing. */
export function listOf(values: readonly unknown[]): unknown {
  const list: unknown[] = [];
  for (const value of values) {
    if (!Array.isArray(value)) addUnlessEmpty(list, value);
    else for (const item of value) addUnlessEmpty(list, item);
  }
  return list.length === 0 ? undefined : list;
}

function addUnlessEmpty(list: unknown[], value: unknown): void {
  if (!isEmpty(value)) list.push(value);
}

export function textOf(value: unknown, state: RunState): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  addFinding(state, {
    rule: 'mapping/not-a-text',
    message: 'This expression gives an object where a text is made.',
    remedy: 'Name the element of it that is meant.',
  });
  return undefined;
}

/** False when the condition gives nothing or its first value is false; anything else holds. */
export function holds(values: readonly unknown[]): boolean {
  const first = values.length === 0 ? undefined : plainValue(values[0]);
  return first !== undefined && first !== false;
}
