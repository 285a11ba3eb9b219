import { readResponse, responseFindings } from '../../core/fhir/read-response.ts';
import { checkStructure } from '../../core/fhir/structure.ts';
import { type Finding, hasErrors } from '../../core/finding.ts';
import type { AckLevel } from '../../core/loop/promises/promise.ts';
import type { Arrival } from '../../ports.ts';
import type { RoadParts } from '../road-parts.ts';
import type { Decision, Moment } from './decision.ts';
import { type Answered, acceptWord } from './late-word.ts';

/**
 * A message whose header is a response, which comes by itself to a write-back that went over a queue: the practice's word about what
 * a broker could only keep safe. `MessageHeader.response.identifier` is the message-id of the write-back.
 *
 *   ok                            the delivery is acknowledged at the level that is agreed (`acknowledges`)
 *   transient-error, fatal-error  refused, with the kinds of its faults, and held for a person
 *   an unknown identifier         refused (404), and recorded like everything that is refused
 */
export async function decideFhirAcknowledgement(arrival: Arrival, moment: Moment, parts: RoadParts): Promise<Decision> {
  const structure = checkStructure(arrival.content, parts.r4);
  const findings = [...arrival.findings, ...structure];
  if (hasErrors(structure)) return { kind: 'refused', status: 400, findings };
  const response = readResponse(arrival.content);
  if (response === undefined) return { kind: 'refused', status: 422, findings: [...findings, noAnswer()] };
  const level = agreedLevel(arrival.partner, parts);
  if (level === undefined) return { kind: 'refused', status: 422, findings: [...findings, notAgreed()] };
  const found = await legAnswered(arrival.partner, response.answers, parts);
  if (found === undefined) return { kind: 'refused', status: 404, findings: [...findings, unknownMessage()] };
  const { code } = response;
  const reason = `fhir-${code}`;
  return acceptWord(
    found,
    code === 'ok'
      ? { kind: 'taken', level }
      : { kind: 'refused', code: reason, reason, findings: responseFindings(response) },
    { arrival: { ...arrival, findings }, moment },
    parts,
  );
}

/** What its word proves; undefined where none is agreed. */
function agreedLevel(partner: string, { partners }: RoadParts): AckLevel | undefined {
  const level = partners.get(partner)?.outward?.level;
  return level === 'technical' || level === 'business' ? level : undefined;
}

/** The delivery to this partner that has this id. Another partner's is as unknown as none. */
async function legAnswered(partner: string, id: string, { store }: RoadParts): Promise<Answered | undefined> {
  const named = await store.leg(id);
  if (named === undefined || named.partner !== partner) return undefined;
  const snapshot = await store.snapshot(named.referral);
  const leg = snapshot?.legs.find((one) => one.id === id);
  return snapshot && leg && { snapshot, leg };
}

function noAnswer(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/no-answer',
    place: { expression: 'MessageHeader.response' },
    message: 'The response has no code that is known, or does not say what it answers.',
    remedy:
      'Send code ok, transient-error or fatal-error and, as identifier, the message-id of the message that is answered.',
    issue: 'required',
  };
}

function notAgreed(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/acknowledgement-not-agreed',
    place: { expression: 'MessageHeader.response' },
    message: 'It is not agreed with you that you acknowledge what you are sent.',
    remedy: 'Send none, or ask for `acknowledges: technical` or `business` at your outlet.',
    issue: 'business-rule',
  };
}

function unknownMessage(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/unknown-answer',
    place: { expression: 'MessageHeader.response.identifier' },
    message: 'No message that was sent to you has this id.',
    remedy: 'Send as identifier the message-id of the message that is answered, as it stood there.',
    issue: 'not-found',
  };
}
