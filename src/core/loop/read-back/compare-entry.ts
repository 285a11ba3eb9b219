import type {
  CodeableConcept,
  DocumentReference,
  FhirResource,
  Observation,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Reference,
  Task,
} from 'fhir/r4.js';
import { isLabelled } from '../patient-view.ts';
import { compareCodes } from './compare-codes.ts';
import { compareDates } from './compare-dates.ts';
import { compareQuantities } from './compare-values.ts';
import { type ElementReading, type EntryReading, worst } from './reading.ts';

/** What a write-back sent and a record can be asked for. */
export type SentEntry = Observation | QuestionnaireResponse | DocumentReference | Task;

/**
 * Compares what was sent with what the record gives back for it, element by element. Several found under one identifier
 * are compared by the first, and that there are several is said.
 *
 *   code     kept: every coding sent stands there. degraded: some do. lost: none does, whatever stands in its place
 *   value    kept: the same number or word. degraded: it stands in the text alone. lost: it does not stand there
 *   unit     kept: the same code, or the same word. lost otherwise: another unit makes it another value
 *   date     kept: the same instant. degraded: the same day. lost otherwise
 *   author   kept: who said it is named as performer. degraded: in the text alone. lost: nowhere
 *   view     kept: labelled as not for the patient. lost: not labelled
 *   text     kept: title and notes can be read there. degraded: the title is another. lost: a note is missing or cut
 */
export function compareEntry(sent: SentEntry, found: readonly FhirResource[], entry: string): EntryReading {
  const same = found.filter((one): one is SentEntry => one.resourceType === sent.resourceType);
  const [first, ...others] = same;
  const codes = { lostCodes: [], keptCodes: [] };
  const base = { entry, type: sent.resourceType };
  if (first === undefined) return { ...base, is: 'not-found', elements: [], ...codes };
  const whole = [
    presence(first, others.length),
    ...samePatient(subjectOf(sent), subjectOf(first)),
    ...view(sent, first),
  ];
  const { elements, ...kept } = elementsOf(sent, first);
  const all = [...whole, ...elements];
  return { ...base, is: worst(all.map(({ is }) => is)), elements: all, ...codes, ...kept };
}

interface Compared extends Partial<Pick<EntryReading, 'lostCodes' | 'keptCodes'>> {
  readonly elements: readonly ElementReading[];
}

function elementsOf(sent: SentEntry, found: SentEntry): Compared {
  if (sent.resourceType === 'Observation' && found.resourceType === 'Observation') return observation(sent, found);
  if (sent.resourceType === 'QuestionnaireResponse' && found.resourceType === 'QuestionnaireResponse') {
    return { elements: answers(sent, found) };
  }
  if (sent.resourceType === 'DocumentReference' && found.resourceType === 'DocumentReference') {
    return { elements: document(sent, found) };
  }
  // A Task may have moved on since: that it is there is what can be asked.
  return { elements: [] };
}

/** Rejected afterwards, or filed again and again: the record says so by its status, or by its number. */
function presence(found: SentEntry, others: number): ElementReading {
  if (found.status === 'entered-in-error' || (found.resourceType === 'Observation' && found.status === 'cancelled')) {
    return { element: 'entry', is: 'lost', why: `it is marked ${found.status} there` };
  }
  if (others > 0) return { element: 'entry', is: 'degraded', why: `it stands there ${others + 1} times` };
  return { element: 'entry', is: 'kept' };
}

/** What the patient should not see by themselves must be kept from them there, too. */
function view(sent: SentEntry, found: SentEntry): ElementReading[] {
  if (!isLabelled(sent)) return [];
  return [
    isLabelled(found)
      ? { element: 'view', is: 'kept' }
      : { element: 'view', is: 'lost', why: 'nothing keeps the patient from seeing it there' },
  ];
}

function subjectOf(resource: SentEntry): Reference | undefined {
  return resource.resourceType === 'Task' ? resource.for : resource.subject;
}

/** Only identifiers of one system can be compared: the record's own ids mean nothing here. */
function samePatient(sent: Reference | undefined, found: Reference | undefined): ElementReading[] {
  const [ours, theirs] = [sent?.identifier, found?.identifier];
  if (ours?.value === undefined || theirs?.value === undefined) return [];
  if (ours.system?.toLowerCase() !== theirs.system?.toLowerCase()) return [];
  return [
    ours.value === theirs.value
      ? { element: 'patient', is: 'kept' }
      : { element: 'patient', is: 'lost', why: 'it stands in the record of somebody else' },
  ];
}

/* ------------------------------------------------------------------ observations */

function observation(sent: Observation, found: Observation): Compared {
  const words = wordsIn(found);
  const code = compareCodes(codingsOf(sent), codingsOf(found));
  return {
    elements: [
      ...code.elements,
      ...compareQuantities(sent, found, words),
      ...compareDates(dateOf(sent), dateOf(found)),
      ...author(sent.performer ?? [], found.performer ?? [], words),
      ...texts(sent, words),
    ],
    lostCodes: code.lost,
    keptCodes: code.kept,
  };
}

function codingsOf({ code, component = [] }: Observation) {
  return [code, ...component.map((one) => one.code)].flatMap(({ coding = [] }) => coding);
}

function dateOf({ effectiveDateTime, effectiveInstant, effectivePeriod }: Observation): string | undefined {
  return effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start;
}

/** Everything that somebody who opens the entry can read, as one text. */
function wordsIn({ code, note = [], valueString, component = [], text }: Observation): string {
  const concept = ({ text: said, coding = [] }: CodeableConcept) => [said, ...coding.map(({ display }) => display)];
  const all = [
    ...concept(code),
    ...note.map((one) => one.text),
    valueString,
    ...component.flatMap((one) => [...concept(one.code), one.valueString]),
    text?.div.replace(/<[^>]*>/g, ' '),
  ];
  return plain(all.filter((one) => one !== undefined).join('\n'));
}

function author(sent: readonly Reference[], found: readonly Reference[], words: string): ElementReading[] {
  const names = sent.flatMap(({ display }) => (display === undefined ? [] : [plain(display)]));
  if (names.length === 0) return [];
  const there = found.map(({ display = '' }) => plain(display));
  if (names.every((name) => there.some((one) => one.includes(name)))) return [{ element: 'author', is: 'kept' }];
  return names.every((name) => words.includes(name) || there.some((one) => one.includes(name)))
    ? [{ element: 'author', is: 'degraded', why: 'another author is shown; the text names who said it' }]
    : [{ element: 'author', is: 'lost', why: 'another author is shown, and the text does not name who said it' }];
}

function texts({ code, note = [] }: Observation, words: string): ElementReading[] {
  const notes = note.map(({ text }) => plain(text)).filter((text) => text !== '');
  const title = plain(code.text ?? '');
  if (notes.length === 0 && title === '') return [];
  const missing = notes.filter((text) => !words.includes(text)).length;
  if (missing > 0)
    return [{ element: 'text', is: 'lost', why: `${missing} of ${notes.length} notes cannot be read there` }];
  if (words.includes(title)) return [{ element: 'text', is: 'kept' }];
  return notes.length === 0
    ? [{ element: 'text', is: 'lost', why: 'none of what was written can be read there' }]
    : [{ element: 'text', is: 'degraded', why: 'another title is shown; the notes can be read' }];
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/* ------------------------------------------------------------------ answers and documents */

function answers(sent: QuestionnaireResponse, found: QuestionnaireResponse): ElementReading[] {
  const [ours, theirs] = [answersIn(sent.item ?? []), answersIn(found.item ?? [])];
  const there = [...ours].filter(([link, value]) => theirs.get(link) === value).length;
  const value: ElementReading =
    there === ours.size
      ? { element: 'value', is: 'kept' }
      : { element: 'value', is: 'lost', why: `${ours.size - there} of ${ours.size} answers are not as they were sent` };
  const form: ElementReading[] =
    sent.questionnaire === undefined
      ? []
      : [
          formOf(sent) === formOf(found)
            ? { element: 'code', is: 'kept' }
            : { element: 'code', is: 'lost', why: 'it does not say which form was answered' },
        ];
  const who = sent.author === undefined ? [] : author([sent.author], found.author ? [found.author] : [], '');
  return [...form, value, ...compareDates(sent.authored, found.authored), ...who];
}

function formOf({ questionnaire = '' }: QuestionnaireResponse): string {
  return questionnaire.split('|')[0] ?? '';
}

function answersIn(items: readonly QuestionnaireResponseItem[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { linkId, answer = [], item = [] } of items) {
    if (answer.length > 0) found.set(linkId, answer.map((one) => JSON.stringify(valueIn(one))).join());
    for (const [link, value] of answersIn([...item, ...answer.flatMap((one) => one.item ?? [])]))
      found.set(link, value);
  }
  return found;
}

/** The value alone, under its name: a record may add what it likes to the answer. */
function valueIn(answer: object): [string, unknown] | undefined {
  return Object.entries(answer).find(([name]) => name.startsWith('value'));
}

/** The bytes are the document: their digest, or the bytes themselves, must be the same. */
function document(sent: DocumentReference, found: DocumentReference): ElementReading[] {
  const [ours, theirs] = [sent.content[0]?.attachment, found.content[0]?.attachment];
  const isSame =
    (ours?.hash !== undefined && ours.hash === theirs?.hash) ||
    (ours?.data !== undefined && ours.data === theirs?.data);
  const value: ElementReading = isSame
    ? { element: 'value', is: 'kept' }
    : theirs === undefined
      ? { element: 'value', is: 'lost', why: 'the document is not there' }
      : { element: 'value', is: 'degraded', why: 'a document is there; that it is the same cannot be seen' };
  return [value, ...compareDates(sent.date, found.date)];
}
