import type { QuestionnaireResponse } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { type Check, checkFinding } from './checks.ts';
import { answerValue, type FlatItem, flatItems } from './flat-items.ts';
import type { Instrument, InstrumentItem } from './instrument.ts';

type AnswerValue = number | boolean | string;

/** The answers to one instrument, by linkId. */
export interface Answers {
  /** Only what can be an answer; what is missing or rejected is not here. */
  readonly values: ReadonlyMap<string, AnswerValue>;
  readonly rejected: ReadonlySet<string>;
  /** Scores that stand among the answers, by score id, with where. */
  readonly stated: ReadonlyMap<string, { readonly value: number; readonly at: string }>;
  readonly findings: readonly Finding[];
}

/**
 * Reads what a person answered. Nothing is repaired: an answer that cannot be is rejected with a finding at its place.
 * @param at FHIRPath of the response, for findings
 */
export function readAnswers(response: QuestionnaireResponse, instrument: Instrument, at: string): Answers {
  const items = new Map(instrument.items.map((item) => [item.linkId, item]));
  const scores = new Set(instrument.scores.filter(({ rule }) => rule !== 'item').map(({ id }) => id));
  const read: Reading = {
    instrument,
    values: new Map(),
    rejected: new Set(),
    stated: new Map(),
    findings: [],
    seen: new Set(),
  };
  for (const flat of flatItems(response, at)) {
    const item = items.get(flat.linkId);
    if (item !== undefined) takeItem(read, item, flat);
    else if (scores.has(flat.linkId)) takeScore(read, flat);
    else if (flat.answers.length > 0) tell(read, 'item-unknown', `${flat.at}.linkId`);
  }
  return read;
}

interface Reading {
  readonly instrument: Instrument;
  readonly values: Map<string, AnswerValue>;
  readonly rejected: Set<string>;
  readonly stated: Map<string, { value: number; at: string }>;
  readonly findings: Finding[];
  readonly seen: Set<string>;
}

function tell(read: Reading, check: Check, at: string): void {
  read.findings.push(checkFinding(check, read.instrument, at));
}

function takeItem(read: Reading, item: InstrumentItem, { answers, at }: FlatItem): void {
  const { linkId } = item;
  const [first] = answers;
  if (first === undefined) return;
  const again = read.seen.has(linkId) ? at : answers[1]?.at;
  read.seen.add(linkId);
  if (again !== undefined) {
    reject(read, linkId, { check: 'item-duplicate', at: again });
    return;
  }
  const value = answerValue(first.answer);
  if (value === undefined || value === item.missingValue) return;
  const check = wrongWith(value, item);
  if (check !== undefined) {
    reject(read, linkId, { check, at: `${first.at}.value` });
    return;
  }
  if (typeof value === 'number' && item.unusual?.includes(value)) tell(read, 'item-unusual', `${first.at}.value`);
  read.values.set(linkId, value);
}

/** Which of two answers is meant cannot be known: none of them counts. */
function reject(read: Reading, linkId: string, { check, at }: { check: Check; at: string }): void {
  read.values.delete(linkId);
  read.rejected.add(linkId);
  tell(read, check, at);
}

function wrongWith(
  value: AnswerValue,
  { type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: InstrumentItem,
): Check | undefined {
  if (type === 'boolean' || type === 'string') return typeof value === type ? undefined : 'item-type';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'item-type';
  if (value < min || value > max) return 'item-range';
  return type === 'integer' && !Number.isInteger(value) ? 'item-not-whole' : undefined;
}

function takeScore(read: Reading, { linkId, answers, at }: FlatItem): void {
  const [first] = answers;
  const value = first && answerValue(first.answer);
  if (first === undefined || value === undefined) return;
  if (answers.length > 1 || read.stated.has(linkId)) tell(read, 'item-duplicate', at);
  else if (typeof value === 'number') read.stated.set(linkId, { value, at: `${first.at}.value` });
  else tell(read, 'item-type', `${first.at}.value`);
}
