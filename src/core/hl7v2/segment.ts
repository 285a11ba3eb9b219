import { type Encoding, unescapeText } from './unescape.ts';

/** What stands at a place: no such place, nothing, `""` (delete what you have), or something. */
export type Presence = 'absent' | 'empty' | 'null' | 'present';

/** HL7 v2.5.1, 2.5.3: an empty value says nothing, this one says that there is none any more. */
export const NULL = '""';

const HEADERS: ReadonlySet<string> = new Set(['MSH', 'FHS', 'BHS']);

/**
 * One segment of a message. It is taken apart only where somebody looks, and again only when somebody looks again, because
 * most of a message is never read. Fields, repetitions, components and sub-components count from 1.
 */
export class Hl7Segment {
  /** Three characters, when it is a segment; whatever else stands before the first field. */
  readonly name: string;
  /** True for MSH, FHS and BHS, whose first field is the field separator itself. */
  readonly isHeader: boolean;
  /** As it stands in the message, without its line end. */
  readonly raw: string;
  /** Where it begins in the text of the message, from 0. */
  readonly start: number;
  /** Which segment of the message it is, from 1. */
  readonly ordinal: number;
  readonly encoding: Encoding;
  #pieces: string[] | undefined;

  constructor(raw: string, start: number, ordinal: number, encoding: Encoding) {
    this.name = nameOf(raw, encoding.field);
    this.isHeader = HEADERS.has(this.name);
    this.raw = raw;
    this.start = start;
    this.ordinal = ordinal;
    this.encoding = encoding;
  }

  /** What stands between field separators, beginning with the name. */
  get pieces(): readonly string[] {
    this.#pieces ??= this.raw.split(this.encoding.field);
    return this.#pieces;
  }

  /** The number of the last field that is there. */
  get lastField(): number {
    return this.isHeader ? this.pieces.length : this.pieces.length - 1;
  }

  /** A whole field as it stands, escape sequences and repetitions included; undefined when the segment ends before it. */
  field(number: number): string | undefined {
    if (!this.isHeader) return number < 1 ? undefined : this.pieces[number];
    return number === 1 ? this.encoding.field : this.pieces[number - 1];
  }

  /** The repetitions of a field as they stand; none when it is absent or empty. */
  repetitions(number: number): readonly string[] {
    const text = this.field(number);
    if (text === undefined || text === '') return [];
    return this.#isSigns(number) ? [text] : text.split(this.encoding.repetition);
  }

  /** A part as it stands; undefined when it is absent. A field is also its own first component, and so on down. */
  written(number: number, component = 1, repetition = 1, subcomponent = 1): string | undefined {
    const text = this.field(number);
    if (text === undefined || this.#isSigns(number)) return text;
    const { encoding } = this;
    const repeated = piece(text, encoding.repetition, repetition);
    const part = repeated === undefined ? undefined : piece(repeated, encoding.component, component);
    if (part === undefined || encoding.subcomponent === '') return subcomponent === 1 ? part : undefined;
    return piece(part, encoding.subcomponent, subcomponent);
  }

  /** The text at a place, escape sequences read; undefined when it is absent, empty, or `""` (see `presence`). */
  value(number: number, component = 1, repetition = 1, subcomponent = 1): string | undefined {
    const text = this.written(number, component, repetition, subcomponent);
    if (text === undefined || text === '' || text === NULL) return undefined;
    return this.#isSigns(number) ? text : unescapeText(text, this.encoding);
  }

  presence(number: number, component = 1, repetition = 1, subcomponent = 1): Presence {
    const text = this.written(number, component, repetition, subcomponent);
    if (text === undefined) return 'absent';
    if (text === '') return 'empty';
    return text === NULL ? 'null' : 'present';
  }

  /** MSH-1 and MSH-2 are the delimiters: they delimit nothing. */
  #isSigns(number: number): boolean {
    return number <= 2 && this.isHeader;
  }
}

function nameOf(raw: string, separator: string): string {
  if (raw.charAt(3) === separator) return raw.slice(0, 3);
  return piece(raw, separator, 1) ?? '';
}

/** The piece of a text between separators, counted from 1; undefined when there are not so many. */
function piece(text: string, separator: string, number: number): string | undefined {
  let start = 0;
  for (let count = 1; count < number; count += 1) {
    const at = text.indexOf(separator, start);
    if (at === -1) return undefined;
    start = at + 1;
  }
  const end = text.indexOf(separator, start);
  if (end === -1) return start === 0 ? text : text.slice(start);
  return text.slice(start, end);
}
