import type { Message, Work } from '../../core/message.ts';
import type { Changes, Reception, WorkOutcome } from '../../ports-changes.ts';
import { withFurther } from '../rows/with-further.ts';
import { holdLock, identityLock, laneLock, nameLock, referralLock } from './lock-names.ts';

/** A write of the port that can share a transaction with others. `now` is the asker's clock when it asked. */
export type Step = { readonly now: string; readonly changes: Changes } & (
  | { readonly kind: 'receive'; readonly message: Message }
  | { readonly kind: 'commit'; readonly work: Work; readonly outcome: WorkOutcome }
  | { readonly kind: 'apply' }
);

/** What a step is answered with, by kind. */
export interface StepAnswers {
  readonly receive: Reception;
  readonly commit: 'committed' | 'stale';
  readonly apply: 'committed' | 'stale';
}

/** What must not change between looking and writing. */
export function locksOf(step: Step): string[] {
  const own = locksOfChanges(step.changes);
  if (step.kind === 'receive') return [...own, identityLock(step.message.partner, step.message.identity)];
  if (step.kind === 'commit' && step.outcome.kind === 'done') return [...own, laneLock(step.work.lane)];
  return own;
}

export function locksOfChanges(changes: Changes): string[] {
  return withFurther(changes).flatMap(locksOfOne);
}

function locksOfOne(changes: Changes): string[] {
  const { referral, resources = [], promises = [], legs = [], unique = [], work = [], holds = [] } = changes;
  const referrals = [...resources, ...promises, ...legs].map((one) => one.referral);
  return [...new Set(referral === undefined ? referrals : [referral.next.id, ...referrals])].map(referralLock).concat(
    unique.map(({ partner, kind, value }) => nameLock(partner, kind, value)),
    work.map(({ lane }) => laneLock(lane)),
    holds.map(({ key }) => holdLock(key)),
  );
}
