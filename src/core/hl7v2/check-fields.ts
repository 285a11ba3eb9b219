import { nhsNumberFault } from '../fhir/nhs-number.ts';
import type { Fault, Faults } from './fault.ts';
import type { Hl7Message } from './message.ts';
import type { Hl7Segment } from './segment.ts';
import { isHl7Time } from './time.ts';

/** Fields that what we do with a message rests on, and that must not be empty. */
const REQUIRED: Readonly<Record<string, readonly number[]>> = {
  PID: [3, 5],
  PRD: [1],
  MRG: [1],
  OBR: [4],
  OBX: [3],
  TXA: [2],
  MSA: [1, 2],
};

/** Fields that are dates or times, with the component in which they stand. */
const TIMES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  PID: [
    [7, 1],
    [29, 1],
  ],
  RF1: [
    [7, 1],
    [8, 1],
    [9, 1],
  ],
  ORC: [[9, 1]],
  OBR: [[7, 1]],
  OBX: [[14, 1]],
  TXA: [[4, 1]],
  SCH: [
    [11, 4],
    [11, 5],
  ],
  TQ1: [
    [7, 1],
    [8, 1],
  ],
  AIS: [[4, 1]],
};

/** When the message was made or the event entered: worth knowing, and nothing rests on it. */
const TIMES_OF_RECORD: Readonly<Record<string, number>> = { MSH: 7, EVN: 2 };

/** Checks the fields that we use; others are carried as they are. */
export function checkFields(message: Hl7Message, faults: Faults): void {
  for (const segment of message.segments) {
    if (faults.full()) return;
    for (const field of REQUIRED[segment.name] ?? []) {
      if (segment.value(field) === undefined && isBare(segment, field))
        faults.tell(EMPTY(segment.name, field), segment, { field });
    }
    for (const [field, component] of TIMES[segment.name] ?? []) checkTime(segment, field, component, faults);
    const recorded = TIMES_OF_RECORD[segment.name];
    if (recorded !== undefined) checkTime(segment, recorded, 1, faults, 'warning');
    if (segment.name === 'PID') checkNhsNumbers(segment, faults);
    if (segment.name === 'OBX') checkObservation(segment, faults);
  }
}

/** A field can have its say in a later component (`^Pain score`). */
function isBare(segment: Hl7Segment, field: number): boolean {
  const { component, repetition, subcomponent } = segment.encoding;
  const signs = [component, repetition, subcomponent];
  return [...(segment.field(field) ?? '')].every((sign) => signs.includes(sign) || sign === '"');
}

function checkTime(
  segment: Hl7Segment,
  field: number,
  component: number,
  { tell }: Faults,
  severity: 'error' | 'warning' = 'error',
): void {
  const text = segment.value(field, component);
  if (text !== undefined && !isHl7Time(text.trim())) tell({ ...NO_TIME, severity }, segment, { field, component });
}

const NHS = ['NHS', 'NH'];

/** Senders say in CX-4 or CX-5, or in both, which identifier is the NHS number. */
function checkNhsNumbers(segment: Hl7Segment, { tell }: Faults): void {
  for (const index of segment.repetitions(3).keys()) {
    const repetition = index + 1;
    const says = [segment.value(3, 4, repetition), segment.value(3, 5, repetition)];
    const number = segment.value(3, 1, repetition);
    if (number === undefined || !says.some((word) => word !== undefined && NHS.includes(word))) continue;
    if (nhsNumberFault(number) !== undefined) tell(NHS_NUMBER, segment, { field: 3, repetition, component: 1 });
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const TIME_TYPES = ['DT', 'TS', 'DTM'];

/** OBX-2 says what OBX-5 is (HL7 v2.5.1, 7.4.2). A number stays the text that it is, and must be one. */
function checkObservation(segment: Hl7Segment, { tell }: Faults): void {
  const type = segment.value(2);
  const value = segment.value(5);
  if (value === undefined) return;
  if (type === undefined) tell(NO_TYPE, segment, { field: 2 });
  else if (type === 'NM' && !NUMBER.test(value.trim())) tell(NO_NUMBER, segment, { field: 5 });
  else if (TIME_TYPES.includes(type) && !isHl7Time(value.trim())) tell(NO_TIME, segment, { field: 5 });
}

const EMPTY = (name: string, field: number): Fault => ({
  rule: 'hl7v2/field-missing',
  issue: 'required',
  message: `${name}-${field} is empty.`,
  remedy: `Send ${name}-${field}.`,
});

const NO_TIME: Fault = {
  rule: 'hl7v2/time',
  issue: 'value',
  message: 'This is no date or time of the calendar.',
  remedy: 'Send YYYY[MM[DD[HHMM[SS]]]], with an offset (+0100) where it is not local.',
};

const NHS_NUMBER: Fault = {
  rule: 'hl7v2/nhs-number',
  issue: 'value',
  severity: 'warning',
  message: 'This is no NHS number: ten digits without blanks, of which the last is a check digit.',
  remedy: 'Send the NHS number as it was traced, or leave it out.',
};

const NO_TYPE: Fault = {
  rule: 'hl7v2/observation',
  issue: 'required',
  message: 'OBX-2 does not say what the value in OBX-5 is.',
  remedy: 'Send the value type in OBX-2.',
};

const NO_NUMBER: Fault = {
  rule: 'hl7v2/observation',
  issue: 'value',
  message: 'OBX-2 says NM, and OBX-5 is no number.',
  remedy: 'Send digits with at most one point, or another value type.',
};
