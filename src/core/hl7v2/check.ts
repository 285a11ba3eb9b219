import type { Finding } from '../finding.ts';
import { checkFields } from './check-fields.ts';
import { checkHeader } from './check-header.ts';
import { collectFaults, type Faults } from './fault.ts';
import type { Hl7Message } from './message.ts';
import { hl7Place } from './place.ts';
import { type MessageStructure, structureOf } from './structures.ts';

/**
 * Says everything that is wrong with a message as a message: lines that are no segments, the header, a message type that is
 * not taken, segments that are missing, fields that are empty or not what they should be. Whether the referral makes sense is
 * judged on the dossier. At most 100 findings.
 */
export function checkMessage(message: Hl7Message): Finding[] {
  const faults = collectFaults(message);
  checkLines(message, faults);
  checkHeader(message, faults);
  const structure = structureOf(message.value('MSH', 9) ?? '', message.value('MSH', 9, 2) ?? '');
  const missing = structure === undefined ? [] : missingSegments(message, structure);
  if (structure?.names.includes('ADT_A39')) checkMerges(message, faults);
  checkFields(message, faults);
  return [...missing, ...faults.findings];
}

const SEGMENT_NAME = /^[A-Z][A-Z0-9]{2}$/;

function checkLines(message: Hl7Message, { tell, full }: Faults): void {
  for (const segment of message.segments) {
    if (full()) return;
    if (!SEGMENT_NAME.test(segment.name))
      tell(NO_SEGMENT(segment.ordinal), segment.ordinal > 1 ? message.segments[segment.ordinal - 2] : undefined);
    else if (segment.name === 'MSH' && segment.ordinal > 1) tell(SECOND_HEADER, segment);
  }
}

const NO_SEGMENT = (ordinal: number) =>
  ({
    rule: 'hl7v2/segment-name',
    issue: 'structure',
    message: `Line ${ordinal}, after this segment, does not begin with the name of a segment.`,
    remedy: 'Send line ends within a text as \\.br\\, and end only segments with a carriage return.',
  }) as const;

const SECOND_HEADER = {
  rule: 'hl7v2/second-header',
  issue: 'structure',
  message: 'A second message begins within this one.',
  remedy: 'Send each message in a frame of its own.',
} as const;

function missingSegments(message: Hl7Message, structure: MessageStructure): Finding[] {
  const there = new Set(message.segments.map(({ name }) => name));
  const missing = (names: readonly string[], severity: 'error' | 'warning'): Finding[] =>
    names
      .filter((name) => !there.has(name))
      .map((name) => ({
        severity,
        rule: 'hl7v2/segment-missing',
        place: hl7Place({ segment: name, occurrence: 1 }),
        message: `A message of the structure ${structure.names[0]} has the segment ${name}, and this one has none.`,
        remedy: `Send ${name}.`,
        issue: 'required',
      }));
  return [...missing(structure.required, 'error'), ...missing(structure.expected, 'warning')];
}

/** Each PID of a merge says who stays; its MRG, before the next PID, says who is no more. */
function checkMerges(message: Hl7Message, { tell }: Faults): void {
  const those = message.segments.filter(({ name }) => name === 'PID' || name === 'MRG');
  for (const [at, segment] of those.entries()) {
    const next = those[at + 1];
    if (segment.name === 'PID' && next?.name === 'PID') tell(NO_MERGE, segment);
    if (segment.name === 'MRG' && (at === 0 || those[at - 1]?.name === 'MRG')) tell(NO_PATIENT, segment);
  }
}

const NO_MERGE = {
  rule: 'hl7v2/merge',
  issue: 'structure',
  message: 'This patient has no MRG of their own.',
  remedy: 'Send one MRG after each PID.',
} as const;

const NO_PATIENT = {
  rule: 'hl7v2/merge',
  issue: 'structure',
  message: 'This MRG has no PID of its own.',
  remedy: 'Send one PID before each MRG.',
} as const;
