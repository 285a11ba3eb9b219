import type { Finding } from '../finding.ts';
import { readDelimiters } from './delimiters.ts';
import { hl7Place } from './place.ts';

/** A file or batch of messages (HL7 v2.5.1, 2.10.3: FHS, BHS, messages, BTS, FTS), taken apart. */
export interface Batch {
  /** The bytes of each message, from its MSH to the next header or trailer. */
  readonly messages: readonly Uint8Array[];
  readonly findings: readonly Finding[];
}

/** Whether bytes begin with a batch or file header rather than a message. */
export function isBatch(bytes: Uint8Array): boolean {
  // As nearly all do, it begins with the M of MSH.
  if (bytes[0] === 0x4d) return false;
  return /^(?:\u00ef\u00bb\u00bf)?[\r\n]*[FB]HS/.test(String.fromCharCode(...bytes.subarray(0, 64)));
}

/**
 * Takes a batch apart, without reading its messages. Counts that the trailers give (BTS-1 messages, FTS-1 batches) are held
 * against what is there: a batch that was cut off is an error, and so is one without a message. Never throws.
 */
export function readBatch(bytes: Uint8Array): Batch {
  const lines = linesOf(bytes);
  const messages: Uint8Array[] = [];
  const findings: Finding[] = [];
  let open: number | undefined;
  let since = 0;
  let batches = 0;
  const separator = lines.find((line) => line.separator !== undefined)?.separator ?? '|';
  for (const { name, start, end } of [...lines, { name: '', start: bytes.length, end: bytes.length }]) {
    if (!ENVELOPE.has(name)) continue;
    if (open !== undefined) messages.push(bytes.subarray(open, start));
    open = name === 'MSH' ? start : undefined;
    if (name === 'BHS') since = messages.length;
    if (name === 'BTS') {
      batches += 1;
      findings.push(...countFlaws('BTS', bytes.subarray(start, end), separator, messages.length - since));
    }
    if (name === 'FTS') findings.push(...countFlaws('FTS', bytes.subarray(start, end), separator, batches));
  }
  const empty = messages.length === 0 ? [EMPTY] : [];
  return { messages, findings: [...unclosed(lines), ...findings, ...empty].slice(0, MOST) };
}

const MOST = 100;

/** Nothing would be answered, and its sender could not tell that from not being heard. */
const EMPTY: Finding = {
  severity: 'error',
  rule: 'hl7v2/batch-empty',
  place: hl7Place({ segment: 'MSH', occurrence: 1 }),
  message: 'There is no message in this batch.',
  remedy: 'Send the messages between BHS and BTS, or no batch.',
  issue: 'required',
};

/** The lines that begin or end messages; the empty name stands for the end of everything. */
const ENVELOPE: ReadonlySet<string> = new Set(['FHS', 'BHS', 'MSH', 'BTS', 'FTS', '']);

interface Line {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The field separator of a header. */
  readonly separator?: string;
}

function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = start;
    while (end < bytes.length && bytes[end] !== 0x0d && bytes[end] !== 0x0a) end += 1;
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 16))).replace(
      '\u00ef\u00bb\u00bf',
      '',
    );
    const name = text.slice(0, 3);
    // An empty line has no name and must not be taken for the end.
    if (name.length === 3 && ENVELOPE.has(name)) {
      const separator = readDelimiters(text)?.field;
      lines.push({ name, start, end, ...(separator !== undefined && { separator }) });
    }
    start = end + 1;
  }
  return lines;
}

function countFlaws(name: 'BTS' | 'FTS', trailer: Uint8Array, separator: string, there: number): Finding[] {
  const count = String.fromCharCode(...trailer.subarray(0, 64)).split(separator)[1] ?? '';
  if (count === '' || count === String(there)) return [];
  return [
    {
      severity: 'error',
      rule: 'hl7v2/batch-count',
      place: hl7Place({ segment: name, occurrence: 1, field: 1 }),
      message: `${name}-1 counts otherwise than what is there: ${there}.`,
      remedy: 'Send the batch whole, with the right count or none.',
      issue: 'value',
    },
  ];
}

function unclosed(lines: readonly Line[]): Finding[] {
  const there = (name: string): number => lines.filter((line) => line.name === name).length;
  return (
    [
      ['FHS', 'FTS'],
      ['BHS', 'BTS'],
    ] as const
  ).flatMap(([header, trailer]): Finding[] =>
    there(header) === there(trailer)
      ? []
      : [
          {
            severity: 'error',
            rule: 'hl7v2/batch-trailer',
            place: hl7Place({ segment: trailer, occurrence: 1 }),
            message: `There is not one ${trailer} for each ${header}.`,
            remedy: `Close each ${header} with its ${trailer}; send the batch whole.`,
            issue: 'structure',
          },
        ],
  );
}
