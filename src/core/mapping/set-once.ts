import { isEmpty, isObject } from './plain-value.ts';
import { addFinding, type RunState } from './run-state.ts';

/** Merges what a directive or fragment made into the object around it. */
export function mergeInto(
  result: Record<string, unknown>,
  part: unknown,
  state: RunState,
  place: RunState['at'],
): void {
  if (isObject(part)) for (const member of Object.entries(part)) setOnce(result, member, state, place);
  else if (!isEmpty(part)) {
    addFinding(state, {
      place,
      rule: 'mapping/merge',
      message: 'What was chosen here is not an object, so it cannot be merged into the one around it.',
      remedy: 'Write keys with values, or put the directive under a key of its own.',
    });
  }
}

/** Puts a member into an object; one that is there already is kept, and that is said. */
export function setOnce(
  result: Record<string, unknown>,
  [key, value]: readonly [string, unknown],
  state: RunState,
  place: RunState['at'],
): void {
  if (!Object.hasOwn(result, key)) {
    result[key] = value;
    return;
  }
  addFinding(state, {
    place,
    rule: 'mapping/duplicate-key',
    message: 'A key of the result was given twice in one object; the first was kept.',
    remedy: 'Let the conditions of what is merged here exclude each other.',
    issue: 'duplicate',
  });
}
