import { type AckCode, asks, isEnhanced } from './acknowledgement.ts';
import type { Hl7Message } from './hl7-message.ts';

/** What a message is answered at once, and what in a message of its own afterwards; either may be owed to nobody. */
export interface Answers {
  readonly now?: AckCode;
  readonly later?: AckCode;
}

/** A message that nobody has looked at yet: taken (original mode), or kept safe (enhanced mode). */
export function onArrival(message: Hl7Message): Answers {
  if (!isEnhanced(message)) return { now: 'AA' };
  return asks(message.header.text(15), 'well') ? { now: 'CA' } : {};
}

/** Who is told what a person decided: whoever asks for it in MSH-16, or everybody, where that is agreed besides the message. */
export type TellsDecisions = 'asked' | 'always';

/** A person has filed it: the business acknowledgement. */
export function onFiling(message: Hl7Message, tells: TellsDecisions): Answers {
  return isTold(message, tells, 'well') ? { later: 'AA' } : {};
}

export function onRejection(message: Hl7Message, code: 'AE' | 'AR', tells: TellsDecisions): Answers {
  return isTold(message, tells, 'wrong') ? { later: code } : {};
}

function isTold(message: Hl7Message, tells: TellsDecisions, went: 'well' | 'wrong'): boolean {
  return tells === 'always' || asks(message.header.text(16), went);
}

/**
 * A message that is not put before anybody. What the header shows (`reject`: this type is not taken here) is a matter for the
 * accept acknowledgement; what only the content shows is kept and refused by the application (HL7 v2.5.1, 2.9.3).
 */
export function onFault(message: Hl7Message, kind: 'error' | 'reject'): Answers {
  const application = kind === 'error' ? 'AE' : 'AR';
  if (!isEnhanced(message)) return { now: application };
  const [accept, wanted] = [message.header.text(15), message.header.text(16)];
  const later = asks(wanted, 'wrong') ? ({ later: application } as const) : {};
  if (kind === 'error' && later.later !== undefined) return { ...later, ...(asks(accept, 'well') && { now: 'CA' }) };
  if (asks(accept, 'wrong')) return { now: kind === 'error' ? 'CE' : 'CR' };
  return later;
}
