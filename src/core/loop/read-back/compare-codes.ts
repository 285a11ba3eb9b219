import type { Coding } from 'fhir/r4.js';
import type { Code, ElementReading } from './reading.ts';

export interface ComparedCodes {
  /** The element, when any code was sent. */
  readonly elements: readonly ElementReading[];
  readonly lost: readonly Code[];
  readonly kept: readonly Code[];
}

/** Compares codes as strings, never displays. A code of theirs beside ours loses nothing; one in its place does. */
export function compareCodes(sent: readonly Coding[], found: readonly Coding[]): ComparedCodes {
  const codes = sent.flatMap(({ system, code }) =>
    system === undefined || code === undefined ? [] : [{ system, code }],
  );
  if (codes.length === 0) return { elements: [], lost: [], kept: [] };
  const isThere = ({ system, code }: Code) => found.some((one) => one.system === system && one.code === code);
  const kept = codes.filter(isThere);
  const lost = codes.filter((one) => !isThere(one));
  return { elements: [element(kept.length, codes.length, found.length)], lost, kept };
}

function element(kept: number, sent: number, there: number): ElementReading {
  if (kept === sent) return { element: 'code', is: 'kept' };
  if (kept > 0) return { element: 'code', is: 'degraded', why: `${kept} of ${sent} codes stand there` };
  const why = there === 0 ? 'it is filed as text' : 'another code stands in its place';
  return { element: 'code', is: 'lost', why };
}
