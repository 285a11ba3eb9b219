import type { Finding } from '../finding.ts';
import type { Delimiters } from './delimiters.ts';
import { errorCodeOf } from './error-codes.ts';
import { escapeText } from './escape.ts';
import { type Hl7Place, readPlace } from './place.ts';
import { hasErrorSegments } from './versions.ts';

/** More than these are counted, not told: an acknowledgement stays small whatever it answers. */
const MOST = 50;
/** Characters of one text. */
const LONGEST = 500;

/**
 * Writes findings as ERR segments. Since v2.5 (2.15.5): one segment each, with the place in ERR-2 (ERL), the code of table
 * HL70357 in ERR-3, E or W in ERR-4 (HL70516), our rule in ERR-5, what is wrong in ERR-7 and the remedy in ERR-8. Before:
 * one segment that repeats ERR-1 (ELD), whose fourth component carries the code and, as its text, all that is to say.
 */
export function errorSegments(findings: readonly Finding[], delimiters: Delimiters, version: string): string[] {
  const told = findings.length <= MOST ? findings : [...findings.slice(0, MOST - 1), theRest(findings)];
  if (told.length === 0) return [];
  if (hasErrorSegments(version)) return told.map((finding) => errorSegment(finding, delimiters));
  const { field, repetition } = delimiters;
  return [`ERR${field}${told.map((finding) => errorLocation(finding, delimiters)).join(repetition)}`];
}

function theRest(findings: readonly Finding[]): Finding {
  return {
    severity: findings.slice(MOST - 1).some(({ severity }) => severity === 'error') ? 'error' : 'warning',
    rule: 'hl7v2/more-findings',
    place: {},
    message: `There are ${findings.length - MOST + 1} more findings.`,
    remedy: 'Mend these first and send the message again.',
  };
}

function errorSegment(finding: Finding, delimiters: Delimiters): string {
  const { field, component } = delimiters;
  const { code, text } = errorCodeOf(finding);
  const write = (value: string): string => ownText(value, delimiters);
  return [
    'ERR',
    '',
    locationParts(readPlace(finding.place.expression)).join(component),
    [code, write(text), 'HL70357'].join(component),
    finding.severity === 'error' ? 'E' : 'W',
    [write(finding.rule), '', 'L'].join(component),
    '',
    write(sentence(finding)),
    write(finding.remedy),
  ].join(field);
}

/** Where a place is not one of HL7 v2 (a mapping looked at FHIR), it is told in words. */
function sentence({ message, place }: Finding): string {
  if (place.expression === undefined) return message;
  return readPlace(place.expression) === undefined ? `${message} (${place.expression})` : message;
}

/** ERL: segment, which of its name, field, repetition, component, sub-component. */
function locationParts(place: Hl7Place | undefined): string[] {
  if (place === undefined) return [];
  const { segment, occurrence, field, repetition, component, subcomponent } = place;
  const parts = [segment, occurrence, field, repetition, component, subcomponent].map((part) => String(part ?? ''));
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}

function errorLocation(finding: Finding, delimiters: Delimiters): string {
  const { component, subcomponent } = delimiters;
  const place = readPlace(finding.place.expression);
  const { code, text } = errorCodeOf(finding);
  const words = ownText(`${text}: ${sentence(finding)} ${finding.remedy}`, delimiters);
  const where = place === undefined ? ['', '', ''] : [place.segment, `${place.occurrence}`, `${place.field ?? ''}`];
  // Where sub-components have no sign, the code alone is told: MSA-3 has the words of the first.
  const coded = subcomponent === '' ? code : [code, words, 'HL70357'].join(subcomponent);
  return [...where, coded].join(component);
}

/**
 * A text of ours as a value: in ASCII and not without end. What is echoed beside it keeps the bytes of its own character
 * set, and our texts must be right in all of them.
 */
export function ownText(text: string, delimiters: Delimiters): string {
  return escapeText(text.slice(0, LONGEST).replace(/[^\t\n\r -~]/gu, '?'), delimiters);
}
