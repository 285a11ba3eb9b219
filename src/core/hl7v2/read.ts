import type { Finding } from '../finding.ts';
import { type CharacterSet, characterSetNamed } from './character-set.ts';
import { checkMessage } from './check.ts';
import { collectFaults, type Fault } from './fault.ts';
import { type MessageHead, readHead } from './head.ts';
import { type Hl7Message, readMessageText } from './message.ts';

/** A message as far as it could be read. */
export interface ReadMessage {
  /** What an acknowledgement needs, always there. */
  readonly head: MessageHead;
  /** Absent when there is no header, or bytes that mean nothing in the character set: `findings` say so. */
  readonly message?: Hl7Message;
  /** Everything that is wrong with it, at once. */
  readonly findings: readonly Finding[];
}

/**
 * Reads and checks one HL7 v2 message: bytes without frame. Never throws.
 * @param assumed the character set of senders that do not name one in MSH-18, as table HL70211 names it; ASCII, as the
 *   standard says (HL7 v2.5.1, 2.15.9.18), when left out
 * @param head of the same bytes, where it was read already
 */
export function readMessage(bytes: Uint8Array, assumed = 'ASCII', head = readHead(bytes)): ReadMessage {
  if (!head.readable) return { head, findings: [NO_HEADER] };
  const named = head.characterSet === '' ? (hasMark(bytes) ? 'UTF-8' : assumed) : head.characterSet;
  const known = characterSetNamed(named);
  const text = (known ?? characterSetNamed('ASCII'))?.decode(bytes);
  if (text === undefined) return { head, findings: undecodable(bytes, known) };
  const message = readMessageText(text, known);
  if (message === undefined) return { head, findings: [NOT_FIRST] };
  return {
    head,
    message,
    findings: [...(known === undefined ? unknownSet(message, 'warning') : []), ...checkMessage(message)],
  };
}

/** The byte order mark of UTF-8. */
function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Where bytes stand that mean nothing, field by field; or that nobody can say what they mean. */
function undecodable(bytes: Uint8Array, known: CharacterSet | undefined): readonly Finding[] {
  const message = readMessageText(byteText(bytes));
  if (message === undefined) return [NOT_FIRST];
  if (known === undefined) return unknownSet(message, 'error');
  const { tell, full, findings } = collectFaults(message);
  for (const segment of message.segments) {
    if (full()) break;
    if (known.decode(bytesOf(segment.raw)) !== undefined) continue;
    for (const [at, piece] of segment.pieces.entries()) {
      if (known.decode(bytesOf(piece)) !== undefined) continue;
      tell(UNDECODABLE(known.name), segment, { field: segment.isHeader ? at + 1 : at });
    }
  }
  return findings.length > 0 ? findings : [{ ...UNDECODABLE(known.name), severity: 'error', place: {} }];
}

function unknownSet(message: Hl7Message, severity: 'error' | 'warning'): readonly Finding[] {
  const faults = collectFaults(message);
  faults.tell({ ...UNKNOWN_SET, severity }, message.segments[0], { field: 18 });
  return faults.findings;
}

/** One character a byte, as in the head. */
function byteText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

const CHUNK = 8192;

function bytesOf(byteText: string): Uint8Array {
  return Uint8Array.from(byteText, (sign) => sign.charCodeAt(0));
}

const NO_HEADER: Finding = {
  severity: 'error',
  rule: 'hl7v2/header',
  place: {},
  message: 'There is no MSH segment with usable delimiters in MSH-1 and MSH-2.',
  remedy: 'Begin the message with MSH and the delimiters, as in MSH|^~\\&|.',
  issue: 'structure',
};

const NOT_FIRST: Finding = {
  severity: 'error',
  rule: 'hl7v2/header',
  place: {},
  message: 'Something stands before the MSH segment.',
  remedy: 'Begin the message with MSH; send each message in a frame of its own.',
  issue: 'structure',
};

const UNDECODABLE = (name: string): Fault => ({
  rule: 'hl7v2/character-set',
  issue: 'value',
  message: `Bytes stand here that mean nothing in the character set of the message, ${name}.`,
  remedy: 'Name the character set that is used in MSH-18, or send the one that is named there.',
});

const UNKNOWN_SET: Fault = {
  rule: 'hl7v2/character-set',
  issue: 'code-invalid',
  message: 'MSH-18 names a character set that is not known here.',
  remedy: 'Send UNICODE UTF-8, ASCII or 8859/1 to 8859/15, and name it in MSH-18.',
};
