/** What reading a referral is given and what it gives. */
import type { Coding, FhirResource, Reference } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Known } from './bundle-resolve.ts';
import type { Intent } from './read-intent.ts';
import type { ReferralName } from './read-names.ts';
import type { ReferralPolicy } from './referral-rules.ts';

/** Which interaction brought the content. */
export type ReferralAsk =
  | { readonly kind: 'fhir-transaction' }
  | { readonly kind: 'fhir-message' }
  | { readonly kind: 'fhir-create'; readonly type: 'ServiceRequest' | 'Task' };

export interface ReadingGiven {
  /** UTC instant. */
  readonly now: string;
  readonly newId: () => string;
  /** Our id of the referral: a new one, or for a later message that of the referral it was matched to. */
  readonly referralId: string;
  readonly policy: ReferralPolicy;
  /** Resources of this sender that are stored, by `Type/id`; for a later message also by the sender's own names. */
  readonly known: Known;
  /** The sending organisation, taken as the referrer when the content names none. */
  readonly referrer?: Reference;
}

export interface ReferralReading {
  readonly intent: Intent;
  /** Under our ids, references rewritten to `Type/id`, contained resources lifted out; without what is stored and unchanged. */
  readonly resources: readonly FhirResource[];
  /** Ids. A later message need not carry the Task, and a cancellation not even the Patient. */
  readonly parentTask?: string;
  readonly serviceRequest: string;
  readonly patient?: string;
  readonly requestedService: readonly Coding[];
  readonly reasons: readonly Coding[];
  readonly reasonTexts: readonly string[];
  /** By which the sender may speak of this referral again, sorted. */
  readonly names: readonly ReferralName[];
  /** `Type/id` of what each entry of the request became, in the order of its entries. */
  readonly entries: readonly string[];
}

/** Everything read so far, and all that is wrong with it. `reading` is there exactly when no finding is an error. */
export interface ReferralResult {
  readonly reading?: ReferralReading;
  readonly findings: readonly Finding[];
}
