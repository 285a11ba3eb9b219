import type { Place } from '../finding.ts';
import type { Hl7Message } from './message.ts';
import { hl7Place } from './place.ts';
import type { Hl7Segment } from './segment.ts';

/** A part of a segment: what is left out is not narrowed down. */
export interface Part {
  readonly field: number;
  readonly repetition?: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

/** The place of a segment, or of a part of it, as findings tell it: `PID-5.1, segment 3, character 214`. */
export function placeOf(message: Hl7Message, segment: Hl7Segment, part?: Part): Place {
  const before = message.segments.slice(0, segment.ordinal);
  return hl7Place({
    segment: segment.name,
    occurrence: before.filter(({ name }) => name === segment.name).length,
    ...part,
    ordinal: segment.ordinal,
    character: segment.start + (part === undefined ? 0 : offsetIn(segment, part)) + 1,
  });
}

/** Where a part begins in its segment, from 0; where the segment ends when it does not reach so far. */
function offsetIn(segment: Hl7Segment, { field, repetition = 1, component = 1, subcomponent = 1 }: Part): number {
  const { raw, encoding } = segment;
  if (segment.isHeader && field === 1) return segment.name.length;
  let at = skip(raw, encoding.field, segment.isHeader ? field - 1 : field, 0, raw.length);
  const steps: readonly (readonly [string, number])[] = [
    [encoding.repetition, repetition],
    [encoding.component, component],
    [encoding.subcomponent, subcomponent],
  ];
  const enders = [encoding.field];
  for (const [sign, number] of steps) {
    at = skip(raw, sign, number - 1, at, endOf(raw, enders, at));
    enders.push(sign);
  }
  return at;
}

/** Passes over so many separators, but never over the end. */
function skip(raw: string, separator: string, count: number, start: number, end: number): number {
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    const found = separator === '' ? -1 : raw.indexOf(separator, at);
    if (found === -1 || found >= end) return end;
    at = found + 1;
  }
  return at;
}

function endOf(raw: string, enders: readonly string[], start: number): number {
  const found = enders.filter((sign) => sign !== '').map((sign) => raw.indexOf(sign, start));
  return Math.min(raw.length, ...found.filter((at) => at !== -1));
}
