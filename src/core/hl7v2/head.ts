import { type Delimiters, readDelimiters, USUAL_DELIMITERS } from './delimiters.ts';

/**
 * What an acknowledgement needs of the message that it answers. Texts are as they stand in the message, with its own
 * delimiters and escapes, and empty when they are not there; nothing is ever missing, whatever the message looks like.
 */
export interface MessageHead {
  /** False when the message has no header segment that could be read: then all else is empty. */
  readonly readable: boolean;
  readonly delimiters: Delimiters;
  /** MSH-3 to MSH-6. */
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** MSH-9.1, MSH-9.2 and MSH-9.3: `REF`, `I12`, `REF_I12`. */
  readonly messageCode: string;
  readonly triggerEvent: string;
  readonly messageStructure: string;
  /** MSH-10. */
  readonly controlId: string;
  /** MSH-11 and MSH-12, whole. */
  readonly processingId: string;
  readonly version: string;
  /** MSH-15 and MSH-16, upper case: AL, NE, ER, SU, or empty. */
  readonly acceptAcknowledgement: string;
  readonly applicationAcknowledgement: string;
  /** MSH-18, first repetition: the name of the character set, as in table HL70211. */
  readonly characterSet: string;
  /** Enhanced when MSH-15 or MSH-16 says anything (HL7 v2.5.1, 2.9.2.1), else original. */
  readonly mode: 'original' | 'enhanced';
}

/** No longer than this is any header that could be meant; more is not looked at. */
const LONGEST = 8000;

/**
 * Reads the head of a message, broken or whole, by looking for its MSH segment. Never throws.
 * The bytes are read as Latin-1, one character a byte: a header can be read before its character set is known, and what is
 * written back as Latin-1 (see acknowledge.ts) are the bytes that came.
 */
export function readHead(message: Uint8Array): MessageHead {
  const line = headerLine(message);
  const delimiters = line === undefined ? undefined : readDelimiters(line);
  if (line === undefined || delimiters === undefined) return UNREADABLE;
  // A frame's end block within the header must not end the frame of the acknowledgement that echoes it.
  const fields = line.replace(/\p{Cc}/gu, keepUpper).split(delimiters.field);
  return headOf(fields, delimiters);
}

function headOf(fields: readonly string[], delimiters: Delimiters): MessageHead {
  // MSH-1 is the sign between the first two pieces: MSH-n is the piece n - 1.
  const field = (number: number): string => fields[number - 1] ?? '';
  const type = field(9).split(delimiters.component);
  const accept = field(15).toUpperCase();
  const application = field(16).toUpperCase();
  return {
    readable: true,
    delimiters,
    sendingApplication: field(3),
    sendingFacility: field(4),
    receivingApplication: field(5),
    receivingFacility: field(6),
    messageCode: type[0] ?? '',
    triggerEvent: type[1] ?? '',
    messageStructure: type[2] ?? '',
    controlId: field(10),
    processingId: field(11),
    version: field(12),
    acceptAcknowledgement: accept,
    applicationAcknowledgement: application,
    characterSet: (field(18).split(delimiters.repetition)[0] ?? '').trim(),
    mode: accept === '' && application === '' ? 'original' : 'enhanced',
  };
}

const UNREADABLE: MessageHead = {
  readable: false,
  delimiters: USUAL_DELIMITERS,
  sendingApplication: '',
  sendingFacility: '',
  receivingApplication: '',
  receivingFacility: '',
  messageCode: '',
  triggerEvent: '',
  messageStructure: '',
  controlId: '',
  processingId: '',
  version: '',
  acceptAcknowledgement: '',
  applicationAcknowledgement: '',
  characterSet: '',
  mode: 'original',
};

/** The line that begins with `MSH`, which nothing but a line end or a sign stands before. */
function headerLine(bytes: Uint8Array): string | undefined {
  const most = Math.min(bytes.length, LONGEST);
  for (let at = 0; at + 3 <= most; at += 1) {
    if (bytes[at] !== M || bytes[at + 1] !== S || bytes[at + 2] !== H) continue;
    if (at > 0 && /[A-Za-z0-9|^~\\&]/.test(String.fromCharCode(bytes[at - 1] ?? 0))) continue;
    let end = at;
    while (end < most && bytes[end] !== 0x0d && bytes[end] !== 0x0a) end += 1;
    return String.fromCharCode(...bytes.subarray(at, end));
  }
  return undefined;
}

const [M, S, H] = [0x4d, 0x53, 0x48];

/** The C1 controls are letters in other character sets than Latin-1, and parts of letters in UTF-8. */
function keepUpper(sign: string): string {
  return sign >= '\u0080' ? sign : '';
}
