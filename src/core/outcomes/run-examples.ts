import type { Observation, QuestionnaireResponse, QuestionnaireResponseItem } from 'fhir/r4.js';
import type { ReportedResult } from '../loop/report/read-report.ts';
import { changeOf } from './change.ts';
import type { Example } from './example-shape.ts';
import type { Instrument } from './instrument.ts';
import type { InstrumentSet } from './instrument-set.ts';
import { judgeResults } from './judge-results.ts';
import { judgeStated } from './judge-stated.ts';
import { urgentAnswers } from './urgent.ts';

/** Where an example and the engine differ. */
export interface ExampleDifference {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** Runs one worked example the way a report is judged. No differences: it holds. */
export function runExample(example: Example, instrument: Instrument, instruments: InstrumentSet): ExampleDifference[] {
  const { expect, change } = example;
  if (change !== undefined) return compared([['change', expect.change ?? {}, changed(change, instrument)]]);
  const results = [...responses(example, instrument), ...(example.stated ?? []).map((one) => stated(one, instrument))];
  const judged = judgeResults(results, instruments);
  const held = judged.findings.some(({ severity }) => severity === 'error');
  const rules = judged.findings.map(({ rule }) => rule.replace(/^outcome\//, '')).sort();
  const urgent = urgentAnswers({ entry: results }, instruments).map(({ concern }) => concern);
  return compared([
    ['scores', expect.scores ?? {}, held ? {} : scoresIn(judged.results, instruments)],
    ['findings', [...(expect.findings ?? [])].sort(), rules],
    ['held', expect.held ?? false, held],
    ['urgent', expect.urgent ?? [], urgent],
  ]);
}

function compared(pairs: readonly (readonly [string, unknown, unknown])[]): ExampleDifference[] {
  return pairs
    .map(([what, expected, actual]) => ({ what, expected: written(expected), actual: written(actual) }))
    .filter(({ expected, actual }) => expected !== actual);
}

function written(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))));
}

function changed({ score: id, from, to }: NonNullable<Example['change']>, { scores }: Instrument): unknown {
  const score = scores.find((one) => one.id === id);
  if (score === undefined) return 'no score of this id';
  const { by, way, meaningful } = changeOf(score, from, to);
  return { by, way, ...(meaningful && { meaningful: meaningful.is }) };
}

/* ------------------------------------------------------------------ what a platform would have sent */

function responses({ answers, items }: Example, instrument: Instrument): ReportedResult[] {
  const pairs = items ?? (answers === undefined ? undefined : pairsOf(answers, instrument));
  if (pairs === undefined) return [];
  const resource: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    questionnaire: instrument.url,
    status: 'completed',
    item: pairs.map(([linkId, value]) => answered(linkId, value)),
  };
  return [{ resource }];
}

type Answer = number | boolean | string | null;

function pairsOf(
  answers: readonly Answer[] | Readonly<Record<string, Answer>>,
  { items }: Instrument,
): [string, Answer][] {
  if (isList(answers)) return answers.map((value, index) => [items[index]?.linkId ?? `beyond ${index}`, value]);
  return Object.entries(answers);
}

function isList(answers: readonly Answer[] | Readonly<Record<string, Answer>>): answers is readonly Answer[] {
  return Array.isArray(answers);
}

function answered(linkId: string, value: Answer): QuestionnaireResponseItem {
  if (value === null) return { linkId };
  if (typeof value === 'boolean') return { linkId, answer: [{ valueBoolean: value }] };
  if (typeof value === 'string') return { linkId, answer: [{ valueString: value }] };
  return { linkId, answer: [Number.isInteger(value) ? { valueInteger: value } : { valueDecimal: value }] };
}

function stated(
  { score: id, name, value }: NonNullable<Example['stated']>[number],
  instrument: Instrument,
): ReportedResult {
  const score = instrument.scores.find((one) => one.id === id);
  const code: Observation['code'] =
    score === undefined ? { text: name ?? 'no score of this id' } : { coding: [score.code] };
  const resource: Observation = {
    resourceType: 'Observation',
    status: 'final',
    code,
    ...(Number.isInteger(value) ? { valueInteger: value } : { valueQuantity: { value } }),
  };
  return { resource };
}

function scoresIn(results: readonly ReportedResult[], instruments: InstrumentSet): Record<string, number> {
  return Object.fromEntries(
    results.flatMap(({ resource }) => {
      const one = resource.resourceType === 'Observation' ? judgeStated(resource, instruments, '').stated : undefined;
      return one === undefined ? [] : [[one.score.id, one.value]];
    }),
  );
}
