import type { Finding } from '../../core/finding.ts';
import type { Leg } from '../../core/message.ts';
import type { SendResult } from '../../ports.ts';
import type { Store } from '../../ports-record.ts';

/** Failures at the same message after which it is taken for its own fault, when the partner took others meanwhile. */
const FEW = 8;
/** And after which it is, whatever the partner did. With the usual back-off that is most of a day. */
const MANY = 20;
/** At an hour's distance, more than a month of failures. */
const MOST_ENTRIES = 1_000;

/**
 * Whether the partner fails at this message and will go on to, as far as anybody can tell from outside: then trying again
 * helps nobody, and a person must hear. Failures that speak of the partner (it is down, it has too much to do) do not count:
 * those are retried for as long as they last. Counted from the message log, so that a restart forgets nothing.
 *
 * @param leg as it was before this attempt
 */
export async function keepsFailing(leg: Leg, result: SendResult, store: Pick<Store, 'journal'>): Promise<boolean> {
  if (result.kind !== 'transient' || result.ofMessage !== true || leg.attempts + 1 < FEW) return false;
  const entries = await store.journal({ referral: leg.referral, kind: 'leg.failed', limit: MOST_ENTRIES });
  const own = entries.filter(({ detail }) => detail['leg'] === leg.id && detail['ofMessage'] === true);
  const count = own.length + 1;
  const [first] = own;
  if (count > MANY) return true;
  if (count < FEW || first === undefined) return false;
  const taken = { partner: leg.partner, kind: 'leg.acknowledged', afterSeq: first.seq, limit: 1 };
  return (await store.journal(taken)).length > 0;
}

/** What the person is told. */
export function failingFinding(leg: Leg, reason: string): Finding {
  return {
    severity: 'error',
    rule: 'delivery/keeps-failing',
    place: {},
    message: `"${leg.partner}" failed at the ${leg.purpose} in each of ${leg.attempts} attempts: ${reason}.`,
    remedy:
      'Ask the partner what its server stumbles over, then retry the hold; or abandon the delivery with a reason.',
  };
}
