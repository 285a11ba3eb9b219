import { createHash } from 'node:crypto';
import { isDossier } from '../../core/fhir/as-transaction.ts';
import type { Finding } from '../../core/finding.ts';
import { type Avoided, avoidLostCodes } from '../../core/loop/read-back/avoid-lost-codes.ts';
import type { Leg, Message, Work } from '../../core/message.ts';
import { advance } from '../advance.ts';
import { HEARBACK, type RoadParts } from '../road-parts.ts';
import { shownCode } from '../translation/shown-code.ts';

interface Queued {
  readonly leg: Leg;
  readonly message: Message;
}

/**
 * Before the first attempt of a write-back: does it hold a code that this record is known not to keep? Then that is flagged
 * on the leg, and the code avoided where the configuration says how, as a step of its own: the bytes that are sent are on
 * disk before. True when that was done and the leg comes back.
 */
export async function flagLostCodes(work: Work, { leg, message }: Queued, parts: RoadParts): Promise<boolean> {
  const policy = parts.partners.get(leg.partner)?.outward?.readBack;
  const isFirst = leg.purpose === 'write-back' && leg.attempts === 0 && leg.flags === undefined;
  if (policy === undefined || !isFirst || message.contentType !== 'application/fhir+json') return false;
  const known = await parts.store.lostCodes(leg.partner);
  const content: unknown = known.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(message.body));
  if (!isDossier(content)) return false;
  const { bundle, avoided } = avoidLostCodes(content, known, policy);
  if (avoided.length === 0) return false;
  const body = new TextEncoder().encode(JSON.stringify(bundle));
  const isChanged = bundle !== content;
  const made: Message = {
    ...message,
    id: parts.ids.next(),
    identity: `${leg.id}:codes`,
    digest: createHash('sha256').update(body).digest('hex'),
    body,
  };
  const flagged: Leg = { ...leg, flags: avoided.map(flagOf), ...(isChanged && { message: made.id }) };
  for (;;) {
    const snapshot = await parts.store.snapshot(leg.referral);
    if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const news = {
      legs: [flagged],
      messages: isChanged ? [made] : [],
      journal: avoided.map((one) => entryOf(leg, one, now)),
    };
    const changes = advance(snapshot, news, { ...parts, now });
    const outcome = { kind: 'again', notBefore: now, why: 'flagged' } as const;
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return true;
  }
}

const DONE: Readonly<Record<Avoided['how'], string>> = {
  sent: 'It is sent all the same.',
  text: 'It is left out, and its words are sent.',
  instead: 'The code that the configuration names is sent in its place.',
};

function flagOf({ lost, how }: Avoided): Finding {
  const { system, code, partner, lastSeen, times } = lost;
  return {
    severity: 'warning',
    rule: 'code/lost-here',
    place: { expression: 'Observation.code' },
    message: `The record of "${partner}" did not keep ${shownCode(system, code)} of ${system} (${times} times, last on ${lastSeen.slice(0, 10)}). ${DONE[how]}`,
    remedy: 'Ask the practice to have the code added to its dictionary, or say in `readBack.instead` what it knows.',
    issue: 'code-invalid',
  };
}

function entryOf(leg: Leg, { lost, how }: Avoided, at: string) {
  const { system, code } = lost;
  return {
    at,
    kind: 'leg.flagged',
    actor: HEARBACK,
    referral: leg.referral,
    detail: { leg: leg.id, partner: leg.partner, rule: 'code/lost-here', system, code: shownCode(system, code), how },
  };
}
