import type { Finding, IssueType } from '../finding.ts';
import { encodingCharacters } from './delimiters.ts';
import { errorSegments, ownText } from './error-segments.ts';
import type { MessageHead } from './head.ts';
import { readPlace } from './place.ts';
import { hasErrorSegments, hasMessageStructure, isKnownVersion, OWN_VERSION } from './versions.ts';

/**
 * MSA-1 (table HL70008). Application: AA accepted, AE error in the content, AR rejected unread. Commit (enhanced mode):
 * CA safely stored, CE and CR as above.
 */
export type AcknowledgementCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

/** What became of a message: taken; wrong in its content; or not for us, or not now (HL7 v2.5.1, 2.9.2 and 2.9.3). */
export type Verdict = 'accepted' | 'error' | 'rejected';

/** Faults that are no fault of the content: our own, and a sender that is not known. */
const REJECTING: ReadonlySet<IssueType> = new Set<IssueType>([
  'transient',
  'timeout',
  'throttled',
  'exception',
  'security',
  'login',
]);

/** The verdict that findings amount to; `rejected` when a message type, event, processing id or version is not ours. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return 'accepted';
  return errors.some(isRejecting) ? 'rejected' : 'error';
}

function isRejecting({ issue = 'processing', place }: Finding): boolean {
  if (REJECTING.has(issue)) return true;
  return issue === 'not-supported' && readPlace(place.expression)?.segment === 'MSH';
}

/**
 * Which acknowledgements the sender is owed, in their order. Original mode: one application acknowledgement. Enhanced mode:
 * the accept acknowledgement that MSH-15 asks for, then the application acknowledgement that MSH-16 asks for, each AL
 * (always), NE (never), ER (only when refused) or SU (only when accepted), and never when left empty (table HL70155; a word
 * that is not in the table counts as AL). Of a header that cannot be read: an application reject.
 */
export function owedAcknowledgements(head: MessageHead, verdict: Verdict): readonly AcknowledgementCode[] {
  if (!head.readable) return ['AR'];
  if (head.mode === 'original') return [APPLICATION[verdict]];
  const { acceptAcknowledgement, applicationAcknowledgement } = head;
  return [
    ...(isOwed(acceptAcknowledgement, verdict) ? [COMMIT[verdict]] : []),
    ...(isOwed(applicationAcknowledgement, verdict) ? [APPLICATION[verdict]] : []),
  ];
}

const APPLICATION = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const;
const COMMIT = { accepted: 'CA', error: 'CE', rejected: 'CR' } as const;

function isOwed(condition: string, verdict: Verdict): boolean {
  if (condition === '' || condition === 'NE') return false;
  if (condition === 'ER') return verdict !== 'accepted';
  return condition === 'SU' ? verdict === 'accepted' : true;
}

/** What an acknowledgement says beside the header that it answers. */
export interface AcknowledgementContent {
  readonly code: AcknowledgementCode;
  readonly findings: readonly Finding[];
  /** When it is made: ISO 8601 in UTC. */
  readonly at: string;
  /** Its own MSH-10. */
  readonly controlId: string;
}

/**
 * Makes an acknowledgement (ACK: MSH, MSA, ERR; HL7 v2.5.1, 2.14) as bytes without frame, with the sender's delimiters,
 * version, processing id and character set, and MSH-10 in MSA-2. What is echoed are the bytes that came; our own texts are
 * ASCII. Findings become ERR segments as the version has them (see error-segments.ts); information is left out. Its size is
 * bounded, however many findings there are. The same arguments give the same bytes.
 */
export function acknowledge(head: MessageHead, content: AcknowledgementContent): Uint8Array {
  const { field } = head.delimiters;
  const version = head.version.split(head.delimiters.component)[0] ?? '';
  const told = content.findings.filter(({ severity }) => severity !== 'information');
  const segments = [
    header(head, content, version).join(field),
    ['MSA', content.code, head.controlId, ...messageText(head, told, version)].join(field),
    ...errorSegments(told, head.delimiters, version),
  ];
  return latin1(segments.map((segment) => `${segment}\r`).join(''));
}

function header(head: MessageHead, { at, controlId }: AcknowledgementContent, version: string): string[] {
  const { delimiters } = head;
  const type = ['ACK', /^\w{3}$/.test(head.triggerEvent) ? head.triggerEvent : ''];
  if (hasMessageStructure(version)) type.push('ACK');
  const fields = [
    `MSH${delimiters.field}${encodingCharacters(delimiters)}`,
    head.receivingApplication,
    head.receivingFacility,
    head.sendingApplication,
    head.sendingFacility,
    `${at.slice(0, 19).replace(/[^0-9]/g, '')}+0000`,
    '',
    type.join(delimiters.component).replace(/\W+$/, ''),
    ownText(controlId, delimiters),
    head.processingId || 'P',
    isKnownVersion(version) ? head.version : OWN_VERSION,
  ];
  return head.characterSet === '' ? fields : [...fields, '', '', '', '', '', head.characterSet];
}

/** MSA-3: before v2.5 the only place that every receiver shows. Later versions have ERR for it and withdrew this field. */
function messageText(head: MessageHead, told: readonly Finding[], version: string): string[] {
  const [first] = told;
  if (first === undefined || hasErrorSegments(version)) return [];
  const more = told.length === 1 ? '' : ` (and ${told.length - 1} more)`;
  return [ownText(`${first.message} ${first.remedy}${more}`, head.delimiters)];
}

/** Latin-1 gives back the bytes of what is echoed; anything else could only stand in our own texts. */
function latin1(text: string): Uint8Array {
  const plain = text.replace(/[^\0-\xff]/gu, '?');
  const bytes = new Uint8Array(plain.length);
  for (let at = 0; at < plain.length; at += 1) bytes[at] = plain.charCodeAt(at);
  return bytes;
}
