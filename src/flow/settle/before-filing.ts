import { isDossier } from '../../core/fhir/as-transaction.ts';
import { holdsRestricted } from '../../core/loop/patient-view.ts';
import { isWriteBack } from '../../core/loop/told-by.ts';
import type { Hold, Leg, Message, Work } from '../../core/message.ts';
import type { WorkOutcome } from '../../ports-changes.ts';
import { advance, type News } from '../advance.ts';
import { personHoldKey, wantsPersonCheck } from '../read-back/check-person.ts';
import { readWork } from '../read-back/read-back-work.ts';
import type { RoadParts } from '../road-parts.ts';
import { flagLostCodes } from './flag-lost-codes.ts';

interface Queued {
  readonly leg: Leg;
  readonly message: Message;
}

/**
 * What must be settled before a write-back is sent for the first time: that it is about the right person, that a person has
 * seen what the patient should not, that codes known to be lost are flagged. True when it is not to be sent now; then the
 * work was settled.
 */
export async function beforeFiling(work: Work, queued: Queued, parts: RoadParts): Promise<boolean> {
  const { leg } = queued;
  if (!isWriteBack(leg) || leg.attempts > 0) return false;
  if (wantsPersonCheck(leg, parts) && leg.person !== 'same') return askForPerson(work, leg, parts);
  return (await askAboutView(work, queued, parts)) || (await flagLostCodes(work, queued, parts));
}

/** A look at the person so lately need not be repeated for the next item. */
const FRESH_MS = 3_600_000;

async function askForPerson(work: Work, leg: Leg, parts: RoadParts): Promise<true> {
  const open = await openHold(leg, personHoldKey(leg), parts);
  if (open !== undefined) return held(work, open, parts);
  const now = parts.clock.now();
  // The look waits for the practice's pace: the longer it takes, the longer until we see whether it was made.
  const pause = Math.max(100, Math.min(60_000, (now.getTime() - Date.parse(leg.queuedAt)) / 4));
  const again: WorkOutcome = {
    kind: 'again',
    notBefore: new Date(now.getTime() + pause).toISOString(),
    why: 'person: not compared yet',
  };
  if (leg.person === 'asked') {
    await parts.store.commit(work, again, { journal: [] });
    return true;
  }
  const readings = await parts.store.readings(leg.referral);
  const isFresh = readings.some(
    ({ partner, at, is, entries }) =>
      partner === leg.partner &&
      is === 'kept' &&
      entries[0]?.type === 'Patient' &&
      Date.parse(at) > now.getTime() - FRESH_MS,
  );
  const person = isFresh ? ('same' as const) : ('asked' as const);
  const news = { legs: [{ ...leg, person }], work: isFresh ? [] : [readWork(leg)], journal: [] };
  return committed(work, leg, { news, outcome: again }, parts);
}

/** What the patient should not see by themselves goes only where a person has said that it may. */
async function askAboutView(work: Work, { leg, message }: Queued, parts: RoadParts): Promise<boolean> {
  const rules = parts.partners.get(leg.partner)?.outward?.writeBack;
  if (rules?.notForPatientView !== 'hold' || message.contentType !== 'application/fhir+json') return false;
  const content: unknown = JSON.parse(new TextDecoder().decode(message.body));
  if (!isDossier(content) || !holdsRestricted(content)) return false;
  const key = `view|${leg.id}`;
  const open = await openHold(leg, key, parts);
  if (open !== undefined) return held(work, open, parts);
  const resolved = await parts.store.holds({ open: false, referral: leg.referral });
  if (resolved.some((hold) => hold.key === key)) return false;
  const hold = viewHold(leg, key, parts);
  return committed(
    work,
    leg,
    { news: { holds: [hold], journal: [] }, outcome: { kind: 'held', hold: hold.id } },
    parts,
  );
}

async function openHold(leg: Leg, key: string, parts: RoadParts): Promise<Hold | undefined> {
  const holds = await parts.store.holds({ open: true, referral: leg.referral });
  return holds.find((hold) => hold.key === key);
}

async function held(work: Work, { id }: Hold, parts: RoadParts): Promise<true> {
  await parts.store.commit(work, { kind: 'held', hold: id }, { journal: [] });
  return true;
}

async function committed(
  work: Work,
  leg: Leg,
  { news, outcome }: { readonly news: News; readonly outcome: WorkOutcome },
  parts: RoadParts,
): Promise<true> {
  for (;;) {
    const snapshot = await parts.store.snapshot(leg.referral);
    if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
    const changes = advance(snapshot, news, { ...parts, now: parts.clock.now().toISOString() });
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return true;
  }
}

function viewHold(leg: Leg, key: string, parts: RoadParts): Hold {
  return {
    id: parts.ids.next(),
    kind: 'failed-check',
    key,
    partner: leg.partner,
    referral: leg.referral,
    findings: [
      {
        severity: 'error',
        rule: 'write-back/patient-view',
        place: { expression: 'meta.security' },
        message:
          'This holds something that the patient should not see by themselves, and patients see new entries of their record.',
        remedy:
          'Make sure with the practice that the patient will not see it, then retry the hold: it is sent, labelled. Or abandon it and tell the practice another way.',
        issue: 'security',
      },
    ],
    openedAt: parts.clock.now().toISOString(),
  };
}
