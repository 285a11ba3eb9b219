import { nearestName } from '../fhir/model-nearest.ts';
import type { Finding, IssueType, Place } from '../finding.ts';
import { positionsIn } from '../json/text-position.ts';
import type { SourceFile } from './template.ts';

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

/** The text of a mapping with those of its fragments: what offsets point into. */
export interface Sources {
  readonly file: string;
  readonly text: string;
  readonly parts: readonly SourceFile[];
}

/** Flaws as findings with file, line and column, in the order of the file; what is said of a fragment once is not repeated. */
export function asFindings(flaws: readonly Flaw[], sources: Sources): Finding[] {
  const place = placesIn(sources);
  const seen = new Set<string>();
  return [...flaws]
    .sort((a, b) => a.offset - b.offset)
    .filter(({ offset, rule, message }) => {
      const key = JSON.stringify([offset, rule, message]);
      return !seen.has(key) && seen.add(key);
    })
    .map((flaw) => asFinding(flaw, place(flaw.offset)));
}

/** Places in a mapping's file and its fragments, by offset. */
export function placesIn({ file, text, parts }: Sources): (offset: number, expression?: string) => Place {
  const known = [{ file, text, base: 0 }, ...parts].map((one) => ({ ...one, position: positionsIn(one.text) }));
  return (offset, expression) => {
    const inside = known.findLast(({ base }) => base <= offset);
    if (inside === undefined) return { file };
    const position = inside.position(offset - inside.base);
    return { file: inside.file, ...position, ...(expression !== undefined && { expression }) };
  };
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
