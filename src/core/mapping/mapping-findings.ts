import { nearestName } from '../fhir/model-nearest.ts';
import type { Finding, IssueType, Place } from '../finding.ts';
import { positionsIn } from '../json/text-position.ts';

/** What is wrong with a mapping file at one offset of its text. */
export interface Flaw {
  readonly offset: number;
  readonly rule: `mapping/${string}`;
  readonly message: string;
  readonly remedy: string;
  readonly severity?: Finding['severity'];
  readonly issue?: IssueType;
  /** The expression or result path it speaks of. */
  readonly expression?: string;
}

export type Report = (flaw: Flaw) => void;

/** Flaws as findings with line and column, in the order of the file. */
export function asFindings(flaws: readonly Flaw[], file: string, text: string): Finding[] {
  const position = positionsIn(text);
  return [...flaws]
    .sort((a, b) => a.offset - b.offset)
    .map((flaw) => asFinding(flaw, { file, ...position(flaw.offset) }));
}

/** Places in a mapping's file, by offset. */
export function placesIn(file: string, text: string): (offset: number, expression?: string) => Place {
  const position = positionsIn(text);
  return (offset, expression) => ({ file, ...position(offset), ...(expression !== undefined && { expression }) });
}

function asFinding(flaw: Flaw, place: Place): Finding {
  return {
    severity: flaw.severity ?? 'error',
    rule: flaw.rule,
    place: { ...place, ...(flaw.expression !== undefined && { expression: flaw.expression }) },
    message: flaw.message,
    remedy: flaw.remedy,
    issue: flaw.issue ?? 'value',
  };
}

/** `Did you mean "x"?` when a candidate is near, else the candidates themselves (at most twelve), else what is said instead. */
export function suggest(written: string, candidates: readonly string[], otherwise: string): string {
  const meant = nearestName(written, candidates);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return candidates.length > 0 && candidates.length <= 12 ? `There is: ${candidates.join(', ')}.` : otherwise;
}
