import { isObject } from '../mapping/plain-value.ts';

/**
 * A document for people to read, before it is anything in particular: what a letter to a practice says, in the order in
 * which it is read. Every text is plain: nothing in it is markup.
 */
export interface ReadableDocument {
  readonly title: string;
  /** BCP 47; British English when left out. */
  readonly language?: string;
  /** When it was made, as an instant or date of FHIR. The only time in the document's own description. */
  readonly date: string;
  /** Who made it, as the document's description says it. */
  readonly author?: string;
  /** Who it is about, on every page: `Ada Testwell`, `NHS number 999 000 0018`. */
  readonly patient: readonly string[];
  readonly sections: readonly DocumentSection[];
}

/** Rows first, then paragraphs. Line ends in a text begin a new line. */
export interface DocumentSection {
  readonly heading?: string;
  readonly rows?: readonly DocumentRow[];
  readonly paragraphs?: readonly string[];
}

export interface DocumentRow {
  readonly label: string;
  readonly text: string;
}

/** Makes the bytes of a document: the same document, the same bytes. */
export type MakeDocument = (document: ReadableDocument) => Uint8Array;

/** What is wrong with a value that is to be a document. `path` names members, joined by dots; values are never repeated. */
export function documentFlaws(value: unknown): DocumentFlaw[] {
  if (!isObject(value)) return [{ path: '', message: 'A document has a title, a date, a patient and sections.' }];
  return [
    ...strangers(value, ['title', 'language', 'date', 'author', 'patient', 'sections'], ''),
    ...textFlaws(value, ['title', 'date'], ['language', 'author'], ''),
    ...(isDate(value['date']) || typeof value['date'] !== 'string' ? [] : [NO_DATE]),
    ...(isTexts(value['patient']) ? [] : [{ path: 'patient', message: 'A list of texts that say who it is about.' }]),
    ...(Array.isArray(value['sections'])
      ? value['sections'].flatMap(sectionFlaws)
      : [{ path: 'sections', message: 'A document has a list of sections.' }]),
    ...(lettersIn(value) > MOST_LETTERS ? [TOO_LONG] : []),
  ];
}

/** Some eighty pages. Setting them keeps everything else waiting, and nobody reads more. */
const MOST_LETTERS = 200_000;

function lettersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return isObject(value) || Array.isArray(value)
    ? Object.values(value).reduce((sum: number, one: unknown) => sum + lettersIn(one), 0)
    : 0;
}

export function isReadableDocument(value: unknown): value is ReadableDocument {
  return documentFlaws(value).length === 0;
}

interface DocumentFlaw {
  readonly path: string;
  readonly message: string;
}

const TOO_LONG: DocumentFlaw = { path: 'sections', message: `A document has at most ${MOST_LETTERS} letters.` };
const NO_DATE: DocumentFlaw = { path: 'date', message: 'The date of a document is an instant or a date.' };

function sectionFlaws(value: unknown): DocumentFlaw[] {
  if (!isObject(value)) return [{ path: 'sections', message: 'A section has a heading, rows and paragraphs.' }];
  const { rows = [], paragraphs = [] } = value;
  return [
    ...strangers(value, ['heading', 'rows', 'paragraphs'], 'sections.'),
    ...textFlaws(value, [], ['heading'], 'sections.'),
    ...(isTexts(paragraphs) ? [] : [{ path: 'sections.paragraphs', message: 'Paragraphs are a list of texts.' }]),
    ...(Array.isArray(rows) ? rows.flatMap(rowFlaws) : [{ path: 'sections.rows', message: 'Rows are a list.' }]),
  ];
}

function rowFlaws(value: unknown): DocumentFlaw[] {
  const path = 'sections.rows';
  if (!isObject(value)) return [{ path, message: 'A row has a label and a text.' }];
  return [...strangers(value, ['label', 'text'], `${path}.`), ...textFlaws(value, ['label', 'text'], [], `${path}.`)];
}

/** A member that nobody prints would be lost in silence. */
function strangers(value: Readonly<Record<string, unknown>>, known: readonly string[], at: string): DocumentFlaw[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: at + key, message: `There is ${known.join(', ')} here, and nothing else.` }));
}

function textFlaws(
  value: Readonly<Record<string, unknown>>,
  needed: readonly string[],
  optional: readonly string[],
  at: string,
): DocumentFlaw[] {
  const wrong = [
    ...needed.filter((key) => typeof value[key] !== 'string'),
    ...optional.filter((key) => value[key] !== undefined && typeof value[key] !== 'string'),
  ];
  return wrong.map((key) => ({ path: at + key, message: 'A text stands here.' }));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));
}
