import type { Place } from '../finding.ts';

/**
 * A place in an HL7 v2 message. All counts are from 1. It is written `OBX[4]-5[2].1.1, segment 9, character 214`: the
 * fourth OBX, field 5, its second repetition, component 1, sub-component 1; a first segment or repetition has no brackets
 * (`PID-5.1, segment 3, character 214`). Characters are counted in the text of the message, in UTF-16 units.
 */
export interface Hl7Place {
  /** `PID`. */
  readonly segment: string;
  /** Which of the segments of this name it is. */
  readonly occurrence: number;
  readonly field?: number;
  readonly repetition?: number;
  readonly component?: number;
  readonly subcomponent?: number;
  /** Which segment of the whole message it is, and where the named part begins; absent when the segment is not there. */
  readonly ordinal?: number;
  readonly character?: number;
}

/** The place of a finding, as text. */
export function hl7Place(place: Hl7Place): Place {
  return { expression: writePlace(place) };
}

export function writePlace(place: Hl7Place): string {
  const { segment, occurrence, field, repetition = 1, component, subcomponent, ordinal, character } = place;
  const parts = [
    segment + bracketed(occurrence),
    field === undefined ? '' : `-${field}${bracketed(repetition)}`,
    component === undefined ? '' : `.${component}`,
    subcomponent === undefined ? '' : `.${subcomponent}`,
    ordinal === undefined ? '' : `, segment ${ordinal}`,
    character === undefined ? '' : `, character ${character}`,
  ];
  return parts.join('');
}

function bracketed(count: number): string {
  return count === 1 ? '' : `[${count}]`;
}

const WRITTEN =
  /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:\.(\d+)(?:\.(\d+))?)?)?(?:, segment (\d+))?(?:, character (\d+))?$/;

/** Reads what `writePlace` writes; undefined for the place of anything that is no HL7 v2 message. */
export function readPlace(expression: string | undefined): Hl7Place | undefined {
  const found = WRITTEN.exec(expression ?? '');
  if (found === null) return undefined;
  const [, segment = '', occurrence, field, repetition, component, subcomponent, ordinal, character] = found;
  return {
    segment,
    occurrence: Number(occurrence ?? 1),
    ...(field !== undefined && { field: Number(field), repetition: Number(repetition ?? 1) }),
    ...(component !== undefined && { component: Number(component) }),
    ...(subcomponent !== undefined && { subcomponent: Number(subcomponent) }),
    ...(ordinal !== undefined && { ordinal: Number(ordinal) }),
    ...(character !== undefined && { character: Number(character) }),
  };
}
