import type { CharacterSet } from './character-set.ts';
import { readDelimiters } from './delimiters.ts';
import { Hl7Segment } from './segment.ts';
import type { Encoding } from './unescape.ts';

/** One message, taken apart as far as its segments. `text` is exactly what was read. */
export class Hl7Message {
  readonly text: string;
  readonly encoding: Encoding;
  /** In their order; lines with nothing in them are none. */
  readonly segments: readonly Hl7Segment[];

  constructor(text: string, encoding: Encoding, segments: readonly Hl7Segment[]) {
    this.text = text;
    this.encoding = encoding;
    this.segments = segments;
  }

  /** The first segment of this name. */
  first(name: string): Hl7Segment | undefined {
    for (const segment of this.segments) if (segment.name === name) return segment;
    return undefined;
  }

  /** All segments of this name, in their order. */
  all(name: string): Hl7Segment[] {
    return this.segments.filter((segment) => segment.name === name);
  }

  /** The text at a place of the first segment of this name; see `Hl7Segment.value`. */
  value(name: string, field: number, component = 1, repetition = 1, subcomponent = 1): string | undefined {
    return this.first(name)?.value(field, component, repetition, subcomponent);
  }
}

/**
 * Reads the text of one message. Segments end with a carriage return, as they should, or with a line feed or both, as files
 * have it (HL7 v2.5.1, 2.5.4). A byte order mark and empty lines before the header are passed over. Nothing is checked
 * here, and every text that has a header segment with usable delimiters can be read.
 * @returns undefined when the text does not begin with such a header
 */
export function readMessageText(text: string, characterSet?: CharacterSet): Hl7Message | undefined {
  const start = headerAt(text);
  if (!text.startsWith('MSH', start)) return undefined;
  const delimiters = readDelimiters(text.slice(start, start + 16));
  if (delimiters === undefined) return undefined;
  const encoding: Encoding = { ...delimiters, ...(characterSet !== undefined && { characterSet }) };
  return new Hl7Message(text, encoding, segmentsOf(text, start, encoding));
}

function headerAt(text: string): number {
  let at = 0;
  while (at < text.length && /[\ufeff\r\n]/.test(text.charAt(at))) at += 1;
  return at;
}

function segmentsOf(text: string, start: number, encoding: Encoding): Hl7Segment[] {
  const segments: Hl7Segment[] = [];
  // Each is looked for only once it has been passed: a long message with one kind of line end takes no longer for it.
  let carriage = next(text, '\r', start);
  let feed = next(text, '\n', start);
  for (let at = start; at < text.length; ) {
    if (carriage < at) carriage = next(text, '\r', at);
    if (feed < at) feed = next(text, '\n', at);
    const end = carriage < feed ? carriage : feed;
    if (end > at) segments.push(new Hl7Segment(text.slice(at, end), at, segments.length + 1, encoding));
    at = end + 1;
  }
  return segments;
}

function next(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from);
  return at === -1 ? text.length : at;
}
