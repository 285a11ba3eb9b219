import type { Finding } from '../../core/finding.ts';
import type { RefusalStatus, Verdict } from '../../ports.ts';
import type { Changes } from '../../ports-changes.ts';

/** What intake decided about one arrival, before anything is written. */
export type Decision =
  | {
      readonly kind: 'accepted';
      readonly referral?: string;
      readonly resources: Extract<Verdict, { kind: 'accepted' }>['resources'];
      readonly findings: readonly Finding[];
      readonly changes: Changes;
    }
  | { readonly kind: 'refused'; readonly status: RefusalStatus; readonly findings: readonly Finding[] };

/** What a decision is made with: one instant and one message id for everything that follows from one arrival. */
export interface Moment {
  readonly now: string;
  readonly message: string;
}
