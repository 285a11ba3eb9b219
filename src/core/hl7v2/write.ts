import type { Hl7Message } from './message.ts';
import type { Hl7Segment } from './segment.ts';

/**
 * Writes a message that was read: the same text, character for character. It is put together again from the parts that
 * reading finds (so that a part that reading loses is missed here), with line ends and empty lines as they stood.
 */
export function writeMessage({ text, segments }: Hl7Message): string {
  let written = '';
  let at = 0;
  for (const segment of segments) {
    written += text.slice(at, segment.start) + writeSegment(segment);
    at = segment.start + segment.raw.length;
  }
  return written + text.slice(at);
}

function writeSegment(segment: Hl7Segment): string {
  const { field } = segment.encoding;
  const first = segment.isHeader ? 2 : 1;
  const fields = Array.from({ length: Math.max(segment.lastField - first + 1, 0) }, (_, index) =>
    writeField(segment, first + index),
  );
  return [segment.pieces[0] ?? '', ...fields].join(field);
}

function writeField(segment: Hl7Segment, number: number): string {
  const { repetition, component, subcomponent } = segment.encoding;
  const repeated = segment.repetitions(number);
  if (segment.isHeader && number <= 2) return repeated.join('');
  return repeated
    .map((text) => {
      const components = text.split(component);
      return components.map((one) => partsOf(one, subcomponent).join(subcomponent)).join(component);
    })
    .join(repetition);
}

function partsOf(component: string, separator: string): string[] {
  return separator === '' ? [component] : component.split(separator);
}
