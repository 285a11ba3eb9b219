import type { Finding, Place } from '../finding.ts';
import { placeOf } from './locate.ts';
import type { Hl7Message } from './message.ts';
import type { Hl7Segment } from './segment.ts';

/** How much one HL7 v2 message may hold. What a mapping does with it grows faster than it does, and one message must not stop all others. */
export interface MessageSizeLimits {
  /** Segments of one name, and repetitions of one field. */
  readonly maxEntries: number;
  /** Segments, fields, repetitions, components and sub-components together. */
  readonly maxNodes: number;
}

/**
 * What makes a message too large to be read by a mapping, at most one finding of a kind. Looks at the text alone, and no further than what
 * it lets through: nothing is unescaped or taken apart for it.
 */
export function messageSizeFindings(message: Hl7Message, limits: MessageSizeLimits): Finding[] {
  return [
    ...tooManySegments(message, limits.maxEntries),
    ...tooManyRepetitions(message, limits.maxEntries),
    ...(valuesIn(message, limits.maxNodes) > limits.maxNodes ? [tooManyValues(limits.maxNodes)] : []),
  ];
}

function tooManySegments(message: Hl7Message, most: number): Finding[] {
  const counts = new Map<string, number>();
  for (const segment of message.segments) {
    const count = (counts.get(segment.name) ?? 0) + 1;
    counts.set(segment.name, count);
    if (count > most)
      return [
        finding('too-many-segments', placeOf(message, segment), `There are more than ${most} segments of this name.`),
      ];
  }
  return [];
}

function tooManyRepetitions(message: Hl7Message, most: number): Finding[] {
  for (const segment of message.segments) {
    const { raw, encoding } = segment;
    if (segment.isHeader || occurrences(raw, encoding.repetition, most) < most) continue;
    const field = segment.pieces.findIndex((piece) => occurrences(piece, encoding.repetition, most) >= most);
    if (field > 0)
      return [
        finding(
          'too-many-repetitions',
          placeOf(message, segment, { field }),
          `There are more than ${most} repetitions of this field.`,
        ),
      ];
  }
  return [];
}

/** Counted by the separators between them; stops when there are more than `enough`. */
function valuesIn(message: Hl7Message, enough: number): number {
  let count = 0;
  for (const segment of message.segments) {
    count += 1;
    for (const sign of separators(segment)) {
      count += occurrences(segment.raw, sign, enough);
      if (count > enough) return count;
    }
  }
  return count;
}

function separators({ encoding }: Hl7Segment): string[] {
  const { field, repetition, component, subcomponent } = encoding;
  return [field, repetition, component, subcomponent].filter((sign) => sign !== '');
}

/** How often a sign stands in a text, counted as far as one more than `enough`. */
function occurrences(text: string, sign: string, enough: number): number {
  if (sign === '') return 0;
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1 && count <= enough; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
}

function finding(rule: string, place: Place, message: string): Finding {
  return {
    severity: 'error',
    rule: `hl7v2/${rule}`,
    place,
    message,
    remedy:
      'Send only what matters here, or in several messages; or ask the operator to raise engine.limits.maxEntries.',
    issue: 'too-costly',
  };
}

function tooManyValues(most: number): Finding {
  return {
    severity: 'error',
    rule: 'hl7v2/too-many-values',
    place: {},
    message: `The message holds more than ${most} values (segments, fields and their parts together).`,
    remedy: 'Send less in one message, or ask the operator to raise engine.limits.maxNodes.',
    issue: 'too-costly',
  };
}
