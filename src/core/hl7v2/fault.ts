import type { Finding, IssueType } from '../finding.ts';
import { type Part, placeOf } from './locate.ts';
import type { Hl7Message } from './message.ts';
import type { Hl7Segment } from './segment.ts';

/** What is wrong, without its place. */
export interface Fault {
  readonly rule: string;
  readonly issue: IssueType;
  readonly message: string;
  readonly remedy: string;
  readonly severity?: 'error' | 'warning';
}

/** Collects what is wrong with one message. */
export interface Faults {
  readonly tell: (fault: Fault, segment?: Hl7Segment, part?: Part) => void;
  /** Whether there is enough: a broken message of 10 MB must not become findings of 100 MB. */
  readonly full: () => boolean;
  readonly findings: readonly Finding[];
}

const MOST = 100;

export function collectFaults(message: Hl7Message): Faults {
  const findings: Finding[] = [];
  return {
    findings,
    full: () => findings.length >= MOST,
    tell: ({ severity = 'error', ...fault }, segment, part) => {
      if (findings.length >= MOST) return;
      findings.push({ severity, ...fault, place: segment === undefined ? {} : placeOf(message, segment, part) });
    },
  };
}
