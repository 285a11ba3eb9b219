import type { Report } from '../../core/loop/report/read-report.ts';
import type { Reference } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';

/** Which referral a report names. */
export type Named =
  | { readonly kind: 'one'; readonly reference: Reference }
  | { readonly kind: 'nobody' }
  /** Its references do not name one and the same: whoever it is about, taking it could file it under the wrong patient. */
  | { readonly kind: 'mismatch'; readonly referral?: string };

type Reads = Pick<Store, 'findReferral' | 'namesakes'>;

/**
 * The referral that a report speaks of, by our reference and by the platform's own. Each that is there is looked up:
 * a right one beside a wrong one proves that something is wrong, and not what.
 */
export async function namedBy(
  partner: string,
  { referral, reference }: Pick<Report, 'referral' | 'reference'>,
  store: Reads,
): Promise<Named> {
  const byOurs = referral === undefined ? undefined : await store.findReferral(partner, ['referral'], referral);
  const byTheirs = reference === undefined ? [] : await store.namesakes(partner, 'platform-reference', reference);
  const [first, second] = byTheirs;
  const known = byOurs ?? first;
  if (known === undefined) return { kind: 'nobody' };
  const unknown = referral !== undefined && byOurs === undefined;
  if (unknown || second !== undefined || !byTheirs.every((one) => isSame(one, known))) {
    return { kind: 'mismatch', ...(byOurs && { referral: byOurs.referral }) };
  }
  return { kind: 'one', reference: known };
}

function isSame(one: Reference, other: Reference): boolean {
  if (one.referral !== other.referral) return false;
  return one.task === undefined || other.task === undefined || one.task === other.task;
}

/** The referral that the order key of a report names, when it names one: what a report that cannot be read is shown with. */
export async function namedByKey(partner: string, key: string | undefined, store: Reads): Promise<string | undefined> {
  if (key === undefined) return undefined;
  return (await store.findReferral(partner, ['referral', 'platform-reference'], key))?.referral;
}
