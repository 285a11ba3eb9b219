import { createHash } from 'node:crypto';
import type { Consultation, Entry, PatientRecord, ShownDocument } from '../gp-record/shown-record.ts';
import { type Hl7Message, isoTime, type Repetition, type Segment } from './hl7-message.ts';

/** What a message becomes in the record once a person has filed it. */
export interface FiledContent {
  readonly consultations: readonly Consultation[];
  readonly documents: readonly ShownDocument[];
  /** Where a referral stands, by the number under which the practice knows it. */
  readonly referral?: { readonly number: string; readonly line: PatientRecord['referrals'][number] };
}

interface Filing {
  /** The record shows this user as the author of everything that comes through the gateway. */
  readonly gatewayUser: string;
  /** An ISO instant. */
  readonly recorded: string;
}

/** Table HL70396 as far as it is met here; a coding system without another name is shown as it came. */
const SYSTEMS: Readonly<Record<string, string>> = { SCT: 'http://snomed.info/sct', LN: 'http://loinc.org' };

/**
 * Reads the observations (OBX with their NTE), the state of the referral (RF1, ORC) and the document (TXA with its OBX) out of a
 * message. The author is the gateway's user; whom OBX-16 or TXA-9 names stays in the text (support.thejoyapp.com 11416903).
 */
export function filedContent(message: Hl7Message, filing: Filing): FiledContent {
  const referral = referralOf(message);
  const hidden = isHidden(message) ? ({ hiddenFromPatient: true } as const) : {};
  const transcript = message.first('TXA');
  if (transcript !== undefined)
    return { consultations: [], documents: [documentOf(message, transcript, filing, hidden)] };
  const found = observed(message).filter(({ obx }) => message.first('RF1') === undefined || obx !== undefined);
  const entries = found.map(
    ({ obx, notes, at }): Entry => ({
      ...(obx === undefined ? { at, term: 'Comment', note: notes.join(' ') } : entryOf(obx, notes, at)),
      recorded: filing.recorded,
      ...(obx?.text(13) === 'NOPAT' ? { hiddenFromPatient: true } : hidden),
    }),
  );
  const { gatewayUser } = filing;
  const kind = message.header.text(9, 1) === 'RRI' ? 'Referral response' : 'Social prescribing';
  const consultations = entries.map((entry) => ({
    date: entry.at.slice(0, 10),
    title: kind,
    author: gatewayUser,
    enteredBy: gatewayUser,
    entries: [entry],
  }));
  return { consultations, documents: [], ...(referral && { referral }) };
}

interface Observed {
  /** Absent for a comment that belongs to no observation. */
  readonly obx?: Segment;
  readonly notes: readonly string[];
  readonly at: string;
}

/** Each OBX with the notes behind it; its time is its own (OBX-14), else its order's (OBR-7), else the message's. */
function observed(message: Hl7Message): Observed[] {
  const found: (Observed & { readonly notes: string[] })[] = [];
  const sent = isoTime(message.header.text(7));
  let ordered = '';
  let last: { notes: string[] } | undefined;
  for (const one of message.segments) {
    if (one.name === 'OBX') {
      last = { notes: [] };
      found.push({ ...last, obx: one, at: isoTime(one.text(14)) || ordered || sent });
    } else if (one.name === 'NTE') {
      if (last === undefined) found.push({ notes: [noteOf(one)], at: ordered || sent });
      else last.notes.push(noteOf(one));
    } else {
      last = undefined;
      if (one.name === 'OBR') ordered = isoTime(one.text(7));
    }
  }
  return found;
}

function entryOf(obx: Segment, notes: readonly string[], at: string): Entry {
  const [code, term, system] = [obx.text(3, 1), obx.text(3, 2), obx.text(3, 3)];
  const value = obx
    .repetitions(5)
    .map((one) => valueIn(one, obx.text(2)))
    .join(' ');
  const unit = obx.text(6, 2) || obx.text(6, 1);
  const author = obx.repetitions(16).map(personOf).join(', ');
  const organisation = obx.text(23);
  const by = [author, organisation].filter((one) => one !== '').join(', ');
  const note = [...notes, ...(by === '' ? [] : [`Author: ${by}`])].join(' ');
  return {
    at,
    ...(code !== '' && system !== '' && { code, system: SYSTEMS[system] ?? system }),
    term: term || code || 'no term',
    ...(value !== '' && { value }),
    ...(unit !== '' && { unit }),
    ...(note !== '' && { note }),
  };
}

function valueIn(repetition: Repetition, type: string): string {
  if (['CE', 'CWE', 'CNE', 'CF'].includes(type)) return repetition.component(2) || repetition.component(1);
  if (type === 'ED' || type === 'RP') return '(attachment)';
  return repetition.component(1);
}

/** XCN: given name and family name, else the identifier. */
function personOf(who: Repetition): string {
  const name = [who.component(6), who.component(3), who.component(2)].filter((one) => one !== '').join(' ');
  return name || who.component(1);
}

function noteOf(nte: Segment): string {
  return nte
    .repetitions(3)
    .map((one) => one.component(1))
    .join(' ');
}

/** RF1 of a response; with results the order (ORC-5 in its precise word, ORC-25). */
function referralOf(message: Hl7Message): FiledContent['referral'] {
  const rf1 = message.first('RF1');
  if (rf1 === undefined) return ordered(message.first('ORC'));
  const number = rf1.text(6) || rf1.text(11) || rf1.text(6, 3) || rf1.text(11, 3);
  const reason = rf1.text(10, 2) || rf1.text(10, 1);
  const said = [reason, ...notesBeforeResults(message)].filter((one) => one !== '').join(' ');
  const words = new Set(
    [rf1.text(1, 2) || rf1.text(1, 1), rf1.text(1, 5) || rf1.text(1, 4)].filter((one) => one !== ''),
  );
  const state = `${number}: ${[...words].join(', ') || 'no status'}`;
  return { number, line: { state, ...(said !== '' && { said }) } };
}

function ordered(orc: Segment | undefined): FiledContent['referral'] {
  const word = orc?.text(25, 2) || orc?.text(25, 1);
  const number = orc?.text(2) || orc?.text(3);
  return word && number ? { number, line: { state: `${number}: ${word}` } } : undefined;
}

/** Of a response they belong to the referral. */
function notesBeforeResults(message: Hl7Message): string[] {
  const place = message.segments.findIndex((one) => one.name === 'OBX');
  const before = message.segments.slice(0, place < 0 ? undefined : place);
  return before.filter((one) => one.name === 'NTE').map(noteOf);
}

function documentOf(
  message: Hl7Message,
  txa: Segment,
  { gatewayUser, recorded }: Filing,
  hidden: { readonly hiddenFromPatient?: true },
): ShownDocument {
  const obx = message.segments.filter((one) => one.name === 'OBX');
  const attached = obx.find((one) => one.text(2) === 'ED');
  const bytes = attached === undefined ? Buffer.from(obx.map(plainText).join('\n')) : decoded(attached);
  const author = txa.repetitions(9).map(personOf).join(', ');
  const notes = [...message.segments.filter((one) => one.name === 'NTE').map(noteOf)];
  const note = [...notes, ...(author === '' ? [] : [`Author: ${author}`])].join(' ');
  return {
    date: (isoTime(txa.text(4)) || isoTime(message.header.text(7))).slice(0, 10),
    title: txa.text(16) || obx[0]?.text(3, 2) || txa.text(2, 2) || txa.text(2) || 'no title',
    author: gatewayUser,
    enteredBy: gatewayUser,
    ...(note !== '' && { note }),
    contentType: attached === undefined ? 'text/plain' : contentTypeOf(attached),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    recorded,
    ...hidden,
  };
}

function plainText(obx: Segment): string {
  return obx
    .repetitions(5)
    .map((one) => one.component(1))
    .join('\n');
}

/** ED: source, type of data (table HL70191), subtype (HL70291), encoding (HL70299), data. */
function decoded(obx: Segment): Buffer {
  const [encoding, data] = [obx.text(5, 4), obx.text(5, 5)];
  if (encoding === 'Base64') return Buffer.from(data, 'base64');
  return encoding === 'Hex' ? Buffer.from(data, 'hex') : Buffer.from(data, 'utf8');
}

function contentTypeOf(obx: Segment): string {
  const type = obx.text(5, 2).toLowerCase();
  const subtype = obx.text(5, 3).toLowerCase();
  if (type.includes('/')) return type;
  return `${type === 'ap' || type === '' ? 'application' : type}/${subtype || 'octet-stream'}`;
}

/** TXA-18 (table HL70272: restricted, very restricted) for a document, MSH-8 for a whole message. */
function isHidden(message: Hl7Message): boolean {
  return message.header.text(8) === 'NOPAT' || ['R', 'V', 'NOPAT'].includes(message.first('TXA')?.text(18) ?? '');
}
