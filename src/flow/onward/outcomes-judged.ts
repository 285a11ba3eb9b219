import type { Finding } from '../../core/finding.ts';
import type { LoopEvent } from '../../core/loop/event.ts';
import type { JournalEntry } from '../../ports-changes.ts';

/** What was found about answers and scores and did not keep the report from being taken: which rule, where. No value. */
export function outcomesJudged(
  { findings }: { readonly findings: readonly Finding[] },
  event: LoopEvent,
): JournalEntry[] {
  return findings
    .filter(({ rule }) => rule.startsWith('outcome/'))
    .map(({ rule, place }) => ({
      at: event.recordedAt,
      kind: 'outcome.judged',
      actor: 'hearback',
      referral: event.referral,
      ...(event.message !== undefined && { message: event.message }),
      detail: { event: event.id, rule, place: place.expression ?? '' },
    }));
}
