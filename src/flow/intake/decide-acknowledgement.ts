import type { Finding } from '../../core/finding.ts';
import { readHead } from '../../core/hl7v2/head.ts';
import {
  type Acknowledgement,
  acknowledgementFindings,
  readAcknowledgement,
} from '../../core/hl7v2/read-acknowledgement.ts';
import type { Arrival } from '../../ports.ts';
import type { RoadParts } from '../road-parts.ts';
import type { Decision, Moment } from './decision.ts';
import { type Answered, acceptWord, type LateWord } from './late-word.ts';

/**
 * An application acknowledgement that comes by itself, long after what it answers was sent: a person has filed it, or refused
 * it (HL7 v2.5.1, 2.9.3.2: the deferred response). It is the partner's business acknowledgement of the message that MSA-2 names.
 *
 *   AA            filed: the delivery is acknowledged at the level `business`
 *   AE, AR        refused: the delivery is refused, with the codes of its ERR segments, and held for a person
 *   CA            kept safe, which was known before: recorded, and nothing follows
 *   unknown MSA-2 refused (AE, 204), and recorded like everything that is refused
 */
export async function decideAcknowledgement(arrival: Arrival, moment: Moment, parts: RoadParts): Promise<Decision> {
  const ack = readAcknowledgement(arrival.body);
  if (ack === undefined) return { kind: 'refused', status: 422, findings: [...arrival.findings, noAnswer()] };
  const found = await legAnswered(arrival.partner, ack, parts);
  if (found === undefined) return { kind: 'refused', status: 404, findings: [...arrival.findings, unknownMessage()] };
  return acceptWord(found, wordOf(ack), { arrival, moment }, parts);
}

/** The delivery to this partner whose message bears that MSH-10. Another partner's is as unknown as none. */
async function legAnswered(
  partner: string,
  { answers }: Acknowledgement,
  parts: RoadParts,
): Promise<Answered | undefined> {
  const [named, other] = await parts.store.namesakes(partner, 'control-id', answers);
  if (named === undefined || other !== undefined) return undefined;
  const snapshot = await parts.store.snapshot(named.referral);
  if (snapshot === undefined) throw new Error('a reference without its referral: the record is damaged');
  for (const leg of snapshot.legs.filter((one) => one.partner === partner && one.channel === 'mllp')) {
    const message = await parts.store.message(leg.message);
    if (message !== undefined && readHead(message.body).controlId === answers) return { snapshot, leg };
  }
  return undefined;
}

function wordOf(ack: Acknowledgement): LateWord {
  const { code } = ack;
  if (code === 'AA') return { kind: 'taken', level: 'business' };
  if (code === 'CA') return { kind: 'taken', level: 'transport' };
  const codes = ack.errors.map((error) => error.code).filter((error) => /^\w{1,10}$/.test(error));
  return {
    kind: 'refused',
    code: `hl7-${code}`,
    reason: `hl7-${code}${codes.map((error) => `-${error}`).join('')}`,
    findings: acknowledgementFindings(ack),
  };
}

function noAnswer(): Finding {
  return {
    severity: 'error',
    rule: 'mllp/no-answer',
    place: { expression: 'MSA' },
    message: 'The acknowledgement has no code that is known, or does not say what it answers.',
    remedy: 'Send MSA-1 (AA, AE or AR) and, in MSA-2, the MSH-10 of the message that is answered.',
    issue: 'required',
  };
}

function unknownMessage(): Finding {
  return {
    severity: 'error',
    rule: 'mllp/unknown-answer',
    place: { expression: 'MSA-2' },
    message: 'No message that was sent to you bears this control id.',
    remedy: 'Send in MSA-2 the MSH-10 of the message that is answered, as it stood there.',
    issue: 'not-found',
  };
}
