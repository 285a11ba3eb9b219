import { type Fault, MISSING_FIELD, SEGMENT_SEQUENCE, UNSUPPORTED_EVENT, UNSUPPORTED_TYPE } from './acknowledgement.ts';
import type { Hl7Message } from './hl7-message.ts';

/** What this practice takes: results, responses to referrals, documents with their content. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  ORU: ['R01'],
  RRI: ['I12', 'I13', 'I14', 'I15'],
  MDM: ['T02'],
};

interface Turned {
  readonly fault: Fault;
  /** Nothing is known of who sent it or how it wants to be answered. */
  readonly unreadable?: true;
}

/** Turns away what its header shows not to be for this practice; undefined for what is. */
export function refuseMessage(message: Hl7Message | undefined, structured: boolean): Turned | undefined {
  if (message === undefined)
    return { unreadable: true, fault: { code: SEGMENT_SEQUENCE, words: 'There is no MSH segment.' } };
  const { header } = message;
  if (header.text(10) === '')
    return { unreadable: true, fault: { code: MISSING_FIELD, place: 'MSH^1^10', words: 'There is no MSH-10.' } };
  const [type, event] = [header.text(9, 1), header.text(9, 2)];
  const events = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  const place = 'MSH^1^9';
  if (events === undefined)
    return { fault: { code: UNSUPPORTED_TYPE, place, words: 'This practice takes ORU, RRI and MDM.' } };
  if (!events.includes(event))
    return { fault: { code: UNSUPPORTED_EVENT, place, words: `This practice takes ${type} ${events.join(', ')}.` } };
  if (!structured && type !== 'MDM') {
    const words = 'Structured messages are switched off at this practice. Documents (MDM) are taken.';
    return { fault: { code: UNSUPPORTED_TYPE, place, words } };
  }
  return undefined;
}
