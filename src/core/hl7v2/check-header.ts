import type { Fault, Faults } from './fault.ts';
import type { Hl7Message } from './message.ts';
import type { Hl7Segment } from './segment.ts';
import { isKnownCode, STRUCTURES, structureOf } from './structures.ts';
import { isKnownVersion } from './versions.ts';

/** The header (HL7 v2.5.1, 2.15.9): what must be there, and whether it is something that we take. */
export function checkHeader(message: Hl7Message, faults: Faults): void {
  const [header] = message.segments;
  if (header === undefined) return;
  for (const [field, name] of REQUIRED) {
    if (header.value(field) === undefined) faults.tell(missing(field, name), header, { field });
  }
  checkType(header, faults);
  const { tell } = faults;
  if (wrong(header, 11, (id) => PROCESSING_IDS.includes(id))) tell(PROCESSING, header, { field: 11, component: 1 });
  if (wrong(header, 12, isKnownVersion)) tell(VERSION, header, { field: 12, component: 1 });
  if (wrong(header, 10, (id) => id.length <= LONGEST_ID)) tell(LONG_ID, header, { field: 10 });
}

const REQUIRED: readonly (readonly [number, string])[] = [
  [9, 'message type'],
  [10, 'message control id'],
  [11, 'processing id'],
  [12, 'version id'],
];

/** P production, T training, D debugging (table HL70103). */
const PROCESSING_IDS = ['P', 'T', 'D'];
const LONGEST_ID = 199;

function wrong(header: Hl7Segment, field: number, right: (value: string) => boolean): boolean {
  const value = header.value(field);
  return value !== undefined && !right(value);
}

function checkType(header: Hl7Segment, { tell }: Faults): void {
  const code = header.value(9);
  if (code === undefined) return;
  const trigger = header.value(9, 2);
  const structure = structureOf(code, trigger ?? '');
  if (!isKnownCode(code)) tell(TYPE, header, { field: 9, component: 1 });
  else if (structure === undefined) {
    tell(trigger === undefined ? missing(9, 'trigger event') : EVENT, header, { field: 9, component: 2 });
  } else if (wrongStructure(header.value(9, 3), structure.names)) tell(STRUCTURE, header, { field: 9, component: 3 });
}

function wrongStructure(name: string | undefined, names: readonly string[]): boolean {
  return name !== undefined && !names.includes(name);
}

function missing(field: number, name: string): Fault {
  return {
    rule: 'hl7v2/field-missing',
    issue: 'required',
    message: `MSH-${field} has no ${name}.`,
    remedy: `Send the ${name}.`,
  };
}

const TAKEN = STRUCTURES.map(({ code, triggers }) => [code, triggers.join(', ')].join(' ').trim()).join('; ');

const TYPE: Fault = {
  rule: 'hl7v2/message-type',
  issue: 'not-supported',
  message: 'Messages of this type are not taken.',
  remedy: `Send one of these: ${TAKEN}.`,
};

const EVENT: Fault = {
  rule: 'hl7v2/trigger-event',
  issue: 'not-supported',
  message: 'Messages of this type are not taken for this event.',
  remedy: `Send one of these: ${TAKEN}.`,
};

const STRUCTURE: Fault = {
  rule: 'hl7v2/message-structure',
  issue: 'value',
  severity: 'warning',
  message: 'MSH-9.3 names another structure than the one that the event has.',
  remedy: 'Name the structure of the event, or leave MSH-9.3 empty.',
};

const PROCESSING: Fault = {
  rule: 'hl7v2/processing-id',
  issue: 'not-supported',
  message: 'MSH-11 holds no processing id of table HL70103.',
  remedy: 'Send P (production), T (training) or D (debugging).',
};

const VERSION: Fault = {
  rule: 'hl7v2/version',
  issue: 'not-supported',
  message: 'Messages of this version are not taken.',
  remedy: 'Send HL7 2.3 to 2.8.2.',
};

const LONG_ID: Fault = {
  rule: 'hl7v2/too-long',
  issue: 'too-long',
  message: `MSH-10 is longer than ${LONGEST_ID} characters.`,
  remedy: 'Send a shorter message control id.',
};
