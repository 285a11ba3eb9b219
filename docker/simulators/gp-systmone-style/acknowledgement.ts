import type { Hl7Message } from './hl7-message.ts';

export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

/** What is wrong with a message (ERR of HL7 v2.5.1, 2.15.5). */
export interface Fault {
  /** ERR-3 whole: code, text and table. */
  readonly code: string;
  /** ERR-2: `PID^1^5`. */
  readonly place?: string;
  /** ERR-8. Names no values. */
  readonly words: string;
}

interface AckGiven {
  readonly code: AckCode;
  readonly fault?: Fault;
  /** An ISO instant. */
  readonly at: string;
  /** MSH-10 of the acknowledgement itself. */
  readonly controlId: string;
  /** A message of its own (HL7 v2.5.1, 2.9.3.2), which asks for an accept acknowledgement and for no further one. */
  readonly deferred?: true;
  /** MSH-3; MSH-5 of the message when left out. */
  readonly application?: string;
}

/** Table HL70357. */
export const UNSUPPORTED_TYPE = '200^Unsupported message type^HL70357';
export const UNSUPPORTED_EVENT = '201^Unsupported event code^HL70357';
export const UNKNOWN_KEY = '204^Unknown key identifier^HL70357';
export const DUPLICATE_KEY = '205^Duplicate key identifier^HL70357';
export const MISSING_FIELD = '101^Required field missing^HL70357';
export const SEGMENT_SEQUENCE = '100^Segment sequence error^HL70357';
/** No code of that table says that a person decided against it. */
export const REJECTED = '^^^REJECTED^Rejected by a person at the practice^L';

/** An acknowledgement of a message, with the delimiters that it has; of something unreadable, with the usual ones. */
export function acknowledgement(message: Hl7Message | undefined, given: AckGiven): string {
  const { code, fault, at, controlId, deferred, application } = given;
  const signs = message?.signs ?? '|^~\\&';
  const field = signs.charAt(0);
  const raw = (place: number) => message?.header.raw(place) ?? '';
  const component = signs.charAt(1);
  const time = `${at.slice(0, 19).replace(/\D/g, '')}+0000`;
  const event = message?.header.text(9, 2) ?? '';
  const type = ['ACK', ...(event === '' ? [] : [event, 'ACK'])].join(component);
  const wants = deferred ? ['AL', 'NE'] : ['', ''];
  const header = [
    `MSH${field}${signs.slice(1)}`,
    ...[application ?? raw(5), raw(6), raw(3), raw(4), time, '', type, controlId, raw(11) || 'P', raw(12) || '2.5.1'],
    ...['', '', ...wants, '', raw(18) || 'UNICODE UTF-8'],
  ];
  const segments = [
    header.join(field),
    ['MSA', code, raw(10)].join(field),
    ...(fault === undefined ? [] : [errorSegment(fault, signs)]),
  ];
  return segments.map((one) => `${one}\r`).join('');
}

function errorSegment({ place = '', code, words }: Fault, signs: string): string {
  const [field, component = '^'] = signs;
  const own = (text: string) => text.replaceAll('^', component);
  return ['ERR', '', own(place), own(code), 'E', '', '', '', escaped(words, signs)].join(field);
}

/** A text as content: delimiters and control characters cannot act. */
function escaped(text: string, signs: string): string {
  const [field = '|', component = '^', repetition = '~', mark = '\\', subcomponent = '&'] = signs;
  const names = new Map([
    [field, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    [mark, 'E'],
    [subcomponent, 'T'],
  ]);
  return [...text.replace(/\p{Cc}+/gu, ' ')]
    .map((sign) => (names.has(sign) ? `${mark}${names.get(sign)}${mark}` : sign))
    .join('');
}

/** Whether MSH-15 or MSH-16 asks for an acknowledgement of that kind (table HL70155). */
export function asks(condition: string, went: 'well' | 'wrong'): boolean {
  switch (condition.toUpperCase()) {
    case 'AL':
      return true;
    case 'ER':
      return went === 'wrong';
    case 'SU':
      return went === 'well';
    default:
      return false;
  }
}

/** Enhanced mode: MSH-15 or MSH-16 says anything (HL7 v2.5.1, 2.9.2.1). */
export function isEnhanced({ header }: Hl7Message): boolean {
  return header.text(15) !== '' || header.text(16) !== '';
}
