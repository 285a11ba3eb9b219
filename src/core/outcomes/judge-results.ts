import type { Observation } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { ReportedResult } from '../loop/report/read-report.ts';
import { checkFinding } from './checks.ts';
import type { InstrumentScore } from './instrument.ts';
import type { InstrumentSet } from './instrument-set.ts';
import { type JudgedResponse, judgeResponse } from './judge-response.ts';
import { judgeStated, type StatedScore } from './judge-stated.ts';
import { agrees } from './numbers.ts';

export interface JudgedResults {
  /** The results as they came, with responses made valid, what was extracted behind them, and stated scores linked to their answers. */
  readonly results: readonly ReportedResult[];
  /** An error holds the report. */
  readonly findings: readonly Finding[];
}

/**
 * Judges everything that was measured in a report: answers against their instrument, stated scores against their range and
 * against the answers that they are said to come from. A score that the platform stated and that agrees is the one that is
 * kept; one that nobody stated is extracted. Nothing is corrected in silence.
 */
export function judgeResults(results: readonly ReportedResult[], instruments: InstrumentSet): JudgedResults {
  const placed = places(results);
  const stated = placed.flatMap(({ result, at, index }): Stated[] => {
    if (result.resource.resourceType !== 'Observation') return [];
    const { stated: one, findings } = judgeStated(result.resource, instruments, at);
    return [{ index, at, findings, ...(one && { score: one }) }];
  });
  const findings: Finding[] = stated.flatMap((one) => one.findings);
  const linked = new Map<number, string>();
  const changed = new Map<number, ReportedResult>();
  const added: ReportedResult[] = [];
  for (const { result, at, index } of placed) {
    if (result.resource.resourceType !== 'QuestionnaireResponse') continue;
    const source = result.fullUrl ?? `urn:hearback:result:${index}`;
    const judged = judgeResponse(result.resource, instruments, { at, source });
    if (judged === undefined) continue;
    findings.push(...judged.findings);
    changed.set(index, { fullUrl: source, resource: judged.response });
    const claimed = claim(judged, stated, linked, source);
    findings.push(...claimed.findings);
    const own = judged.observations.filter(({ score }) => score === undefined || !claimed.scores.has(score));
    for (const { observation, score } of own) {
      const named = score && unvaluedFor(judged, score, placed, changed);
      if (named === undefined) added.push({ resource: observation });
      else changed.set(named.index, { ...named.result, resource: valued(named.resource, observation) });
    }
  }
  const kept = results.map((result, index) => withSource(changed.get(index) ?? result, linked.get(index)));
  return { results: [...kept, ...added], findings };
}

interface Placed {
  readonly result: ReportedResult;
  readonly index: number;
  readonly at: string;
}

interface Stated {
  readonly index: number;
  readonly at: string;
  readonly score?: StatedScore;
  readonly findings: readonly Finding[];
}

/** FHIRPath of each result within the report Bundle. */
function places(results: readonly ReportedResult[]): Placed[] {
  const counts = new Map<string, number>();
  return results.map((result, index) => {
    const { resourceType } = result.resource;
    const number = counts.get(resourceType) ?? 0;
    counts.set(resourceType, number + 1);
    return { result, index, at: `Bundle.entry.resource.ofType(${resourceType})[${number}]` };
  });
}

/**
 * The scores that were stated for these answers: of the same instrument, on the same day where both say one, each for one
 * response only.
 */
function claim(
  judged: JudgedResponse,
  stated: readonly Stated[],
  linked: Map<number, string>,
  source: string,
): { scores: Set<InstrumentScore>; findings: Finding[] } {
  const scores = new Set<InstrumentScore>();
  const findings: Finding[] = [];
  const day = judged.response.authored?.slice(0, 10);
  for (const score of judged.instrument.scores) {
    const computed = judged.scored.get(score.id);
    const possible = stated.filter(
      ({ index, score: said }) =>
        !linked.has(index) &&
        said?.score === score &&
        (said.day === undefined || day === undefined || said.day === day),
    );
    // Two of one day come in any order: the one that agrees is meant.
    const one =
      possible.find((each) => computed && each.score && agrees(each.score.value, computed.value)) ?? possible[0];
    if (one?.score === undefined) continue;
    linked.set(one.index, source);
    scores.add(score);
    const place = `${one.at}.value`;
    if (computed === undefined) {
      if (judged.unscored.has(score.id)) findings.push(checkFinding('total-unverified', judged.instrument, place));
    } else if (!agrees(one.score.value, computed.value)) {
      findings.push(checkFinding('total-differs', judged.instrument, place));
    }
  }
  return { scores, findings };
}

/** An Observation that names the score and says no number, of the same day: the platform left the adding up to us. */
function unvaluedFor(
  { instrument, response: { authored } }: JudgedResponse,
  score: InstrumentScore,
  placed: readonly Placed[],
  changed: ReadonlyMap<number, ReportedResult>,
): (Placed & { readonly resource: Observation }) | undefined {
  const names = [instrument.instrument, ...instrument.names, ...score.names].map((name) => name.toLowerCase());
  for (const one of placed) {
    const { resource } = one.result;
    if (resource.resourceType !== 'Observation' || changed.has(one.index) || saysSomething(resource)) continue;
    const { code, effectiveDateTime } = resource;
    const coded = code.coding?.some((coding) => coding.system === score.code.system && coding.code === score.code.code);
    const named = coded || (instrument.scores[0] === score && names.includes((code.text ?? '').toLowerCase()));
    const sameDay =
      authored === undefined ||
      effectiveDateTime === undefined ||
      authored.slice(0, 10) === effectiveDateTime.slice(0, 10);
    if (named && sameDay) return { ...one, resource };
  }
  return undefined;
}

function saysSomething(observation: Observation): boolean {
  return Object.keys(observation).some(
    (key) => key.startsWith('value') || key === 'component' || key === 'dataAbsentReason',
  );
}

/** What the platform said of it stays (which score of two it is); code, number and what it is derived from are ours. */
function valued({ note = [], ...named }: Observation, extracted: Observation): Observation {
  const all = [...note, ...(extracted.note ?? [])];
  return { ...named, ...extracted, ...(all.length > 0 && { note: all }) };
}

function withSource(result: ReportedResult, source: string | undefined): ReportedResult {
  if (source === undefined || result.resource.resourceType !== 'Observation') return result;
  const derivedFrom = [...(result.resource.derivedFrom ?? []), { reference: source }];
  const resource: Observation = { ...result.resource, derivedFrom };
  return { ...result, resource };
}
