import type { Changes } from '../../ports-changes.ts';

/** The changes of a step, and after them what it changes in other referrals: all are applied, or none is. */
export function withFurther(changes: Changes): readonly Changes[] {
  return changes.further === undefined ? [changes] : [changes, ...changes.further];
}
