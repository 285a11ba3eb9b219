import type { Message, Work } from '../core/message.ts';
import { advance } from './advance.ts';
import { passOn } from './onward/pass-on.ts';
import { takeReport } from './onward/take-report.ts';
import type { RoadParts } from './road-parts.ts';
import { correlationOf } from './snapshot.ts';

/**
 * Onward: what does this message mean for its referral, and who must hear of it?
 *
 * A GP's message was understood at intake (its event and resources stand in the record); what is left is derived from the
 * referral's state: platforms not yet chosen, a cancellation not yet passed on. So doing it twice does it once.
 * A platform's report is translated here, because what it cannot say (an unmapped code) must wait for a person, in order.
 */
export async function onward(work: Work, parts: RoadParts): Promise<void> {
  const message = await parts.store.message(work.subject);
  if (message === undefined) throw new Error('work without its message: the record is damaged');
  if (parts.partners.get(message.partner)?.kind === 'vcse-platform') await takeReport(work, message, parts);
  else await takeReferral(work, message, parts);
}

async function takeReferral(work: Work, message: Message, parts: RoadParts): Promise<void> {
  const referral = work.referral ?? message.referral;
  if (referral === undefined) throw new Error('a GP message without its referral: the record is damaged');
  for (;;) {
    const snapshot = await parts.store.snapshot(referral);
    if (snapshot === undefined) throw new Error('a message without its referral: the record is damaged');
    parts.trace.about({ referral, correlation: correlationOf(referral, snapshot.references) });
    const now = parts.clock.now().toISOString();
    const { news, outcome } = passOn(snapshot, {
      ...parts,
      now,
      cause: message.id,
      ...(work.partner !== undefined && { only: work.partner }),
    });
    const changes = advance(snapshot, news, { ...parts, now });
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return;
  }
}
