import { createHash } from 'node:crypto';
import type { Finding } from '../../core/finding.ts';
import { readHead } from '../../core/hl7v2/head.ts';
import { placeOf } from '../../core/hl7v2/locate.ts';
import { HL7V2_TYPE } from '../../core/hl7v2/media-type.ts';
import type { Hl7Message } from '../../core/hl7v2/message.ts';
import { type MessageSizeLimits, messageSizeFindings } from '../../core/hl7v2/message-size.ts';
import { type ReadMessage, readMessage } from '../../core/hl7v2/read.ts';
import { messageTree } from '../../core/hl7v2/tree.ts';
import type { Arrival } from '../../ports.ts';

/** What is agreed with one partner about its messages. */
export interface MessageTerms {
  readonly partner: string;
  /** By type and event (`REF^I12`): the mapping that reads such a message. No others are taken. */
  readonly mappings: ReadonlyMap<string, string>;
  /** Its application acknowledgements come by themselves, when somebody has filed what was sent. */
  readonly acknowledges?: boolean;
  /** MSH-11: P for patients; T and D only where everything is for training. */
  readonly processingIds: readonly string[];
  /** The character set of messages that name none. */
  readonly characterSet: string;
  /** How much a message may hold; what holds more is refused and read by no mapping. */
  readonly sizes: MessageSizeLimits;
}

/**
 * Makes of a message what the road takes. Everything that is wrong with it stands in the findings.
 * @param head of the same bytes, where it was read already
 */
export function readArrival(
  body: Buffer,
  terms: MessageTerms,
  head = readHead(body),
): { arrival: Arrival; read: ReadMessage } {
  const read = readMessage(body, terms.characterSet, head);
  const { message } = read;
  const event = `${head.messageCode}^${head.triggerEvent}`;
  const tooLarge = message === undefined ? [] : messageSizeFindings(message, terms.sizes);
  const disagreed = message === undefined ? [] : termFindings(message, event, terms);
  const arrival: Arrival = {
    partner: terms.partner,
    channel: 'mllp',
    // A message without a control id is recorded and refused; its bytes are its only name.
    identity: head.controlId === '' ? bytesName(body) : head.controlId,
    contentType: HL7V2_TYPE,
    headers: { event: shown(event), 'assumed-character-set': terms.characterSet },
    body,
    ...(message !== undefined && tooLarge.length === 0 && { content: messageTree(message) }),
    findings: [...read.findings, ...tooLarge, ...disagreed],
    ask: isAnswer(event, terms)
      ? { kind: 'hl7v2-acknowledgement' }
      : { kind: 'hl7v2-message', event: shown(event), mapping: terms.mappings.get(event) ?? '' },
  };
  return { arrival, read };
}

/** An acknowledgement is no message of a mapping's; its event is that of the message that it answers. */
function isAnswer(event: string, { acknowledges }: MessageTerms): boolean {
  return acknowledges === true && event.startsWith('ACK^');
}

/** A batch that cannot be taken apart: recorded and refused as it is. Its bytes are its only name. */
export function brokenBatch(body: Buffer, findings: readonly Finding[], terms: MessageTerms): Arrival {
  return {
    partner: terms.partner,
    channel: 'mllp',
    identity: bytesName(body),
    contentType: HL7V2_TYPE,
    headers: { event: 'batch', 'assumed-character-set': terms.characterSet },
    body,
    findings,
    ask: { kind: 'hl7v2-message', event: 'batch', mapping: '' },
  };
}

function bytesName(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** An event that is none may be anything, a name as well, and must not stand in logs. */
function shown(event: string): string {
  return /^[A-Z0-9]{3}\^[A-Z0-9]{0,3}$/.test(event) ? event : 'unreadable';
}

function termFindings(message: Hl7Message, event: string, terms: MessageTerms): Finding[] {
  const [header] = message.segments;
  if (header === undefined) return [];
  const findings: Finding[] = [];
  if (!terms.mappings.has(event) && !isAnswer(event, terms)) {
    const known = [...terms.mappings.keys()];
    const sameType = known.some((one) => one.split('^')[0] === header.value(9));
    findings.push({
      severity: 'error',
      rule: 'mllp/not-agreed',
      place: placeOf(message, header, { field: 9, component: sameType ? 2 : 1 }),
      message: 'Messages of this type and event are not agreed with you.',
      remedy: `Agreed are ${known.join(', ')}.`,
      issue: 'not-supported',
    });
  }
  const processing = header.value(11);
  if (processing !== undefined && !terms.processingIds.includes(processing)) {
    findings.push({
      severity: 'error',
      rule: 'mllp/processing-id',
      place: placeOf(message, header, { field: 11, component: 1 }),
      message:
        'Messages with this processing id are not taken here: training must not reach patients, nor patients training.',
      remedy: `Send ${terms.processingIds.join(' or ')} in MSH-11, or send to the system that it is meant for.`,
      issue: 'not-supported',
    });
  }
  return findings;
}
