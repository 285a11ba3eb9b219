import { harmless } from './harmless.ts';
import type { Consultation, Entry, PatientRecord, ShownDocument } from './shown-record.ts';

/**
 * A record for a terminal: one fact a line, in an order that depends on nothing but the record, so that two prints can be
 * compared line by line. Nothing is cut off unless a width is given.
 */
export function recordText(held: PatientRecord, width = Number.POSITIVE_INFINITY): string[] {
  const record = harmless(held);
  const lines = [
    headline(record),
    ...record.referrals.map(({ state, said }) => `Referral: ${state}${said === undefined ? '' : ` (${said})`}`),
    ...record.consultations.flatMap(consultationLines),
    ...record.documents.map(documentLine),
    ...record.waiting.map((one) => `Waits to be filed: ${one}`),
  ];
  if (lines.length === 1) lines.push('(nothing filed)');
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}

/** Several records one under the other, as the two styles of one person. */
export function recordsText(records: readonly PatientRecord[], width?: number): string[] {
  return records.flatMap((record, place) => [...(place === 0 ? [] : ['']), ...recordText(record, width)]);
}

/** A record after something happened: what was not there before has a `+`, what is gone a `-`. */
export function changesText(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  const marked = after.map((line) => {
    const known = left.indexOf(line);
    if (known < 0) return `+ ${line}`;
    left.splice(known, 1);
    return `  ${line}`;
  });
  return [...marked, ...left.map((line) => `- ${line}`)];
}

/** Who it is and whose record; also the heading of the page. */
export function headline({ style, name, nhsNumber, birthDate, gender }: PatientRecord): string {
  const born = birthDate === undefined ? '' : `, born ${birthDate}`;
  return `${style} record of ${name}, NHS ${nhsNumber}${born}${gender === undefined ? '' : `, ${gender}`}`;
}

function consultationLines({ date, title, author, enteredBy, entries }: Consultation): string[] {
  const entered = enteredBy === undefined ? '' : `, entered by ${enteredBy}`;
  return [`${date}  ${title}  (${author}${entered})`, ...entries.map((entry) => `    ${entryLine(entry)}`)];
}

function entryLine({ code, system, term, value, unit, note, ...marks }: Entry): string {
  const coded = code === undefined ? 'text' : `${code} ${shortSystem(system)}`.trim();
  const measured = value === undefined ? '' : ` = ${value}${unit === undefined ? '' : ` ${unit}`}`;
  return `${coded.padEnd(22)} ${term}${measured}${note === undefined ? '' : `  ${note}`}${marksOf(marks)}`;
}

function documentLine(one: ShownDocument): string {
  const { date, title, author, enteredBy, note, contentType, bytes, sha256 } = one;
  const about = `${contentType}, ${bytes} bytes, sha256 ${sha256}`;
  const text = note === undefined ? '' : `  ${note}`;
  return `${date}  Document: ${title}  (${author}, entered by ${enteredBy})  ${about}${text}${marksOf(one)}`;
}

/** What an entry is besides what it says. */
function marksOf({ recorded, hiddenFromPatient }: Pick<Entry, 'recorded' | 'hiddenFromPatient'>): string {
  const marks = [
    ...(recorded === undefined ? [] : [`recorded ${recorded.slice(0, 10)}`]),
    visibility({ ...(hiddenFromPatient && { hiddenFromPatient }) }),
  ];
  return `  [${marks.join('; ')}]`;
}

/** In the words that page and terminal share. */
export function visibility({ hiddenFromPatient }: { readonly hiddenFromPatient?: true }): string {
  return hiddenFromPatient ? 'hidden from patient' : 'patient can see';
}

const SHORT: Readonly<Record<string, string>> = { 'http://snomed.info/sct': 'SNOMED', 'http://loinc.org': 'LOINC' };

/** A coding system as people call it. */
export function shortSystem(system: string | undefined): string {
  return system === undefined ? '' : (SHORT[system] ?? system);
}
