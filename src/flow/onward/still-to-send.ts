import type { TaskState } from '../../core/loop/tasks/task-state.ts';
import type { Leg } from '../../core/message.ts';

/** What a platform must hear of a referral and has not been sent yet: the referral itself, and after it a cancellation. */
export function stillToSend(child: TaskState, legs: readonly Leg[]): 'referral' | 'cancel' | undefined {
  const isSent = (purpose: Leg['purpose']) => legs.some((leg) => leg.task === child.task && leg.purpose === purpose);
  if (!isSent('referral')) return child.terminal ? undefined : 'referral';
  const toCancel = child.asks.length > 0 || child.kind === 'cancelled' || child.kind === 'entered-in-error';
  return toCancel && child.cancel !== 'overtaken' && !isSent('cancel') ? 'cancel' : undefined;
}
