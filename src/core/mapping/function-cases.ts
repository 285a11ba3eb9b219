import { parseDocument } from 'yaml';
import type { Finding } from '../finding.ts';
import type { CaseResult } from './cases.ts';
import { type Difference, differencesOf } from './difference.ts';
import { suggest } from './mapping-findings.ts';
import type { MappingFunction } from './mapping-functions.ts';
import { isObject } from './plain-value.ts';

interface FunctionCase {
  readonly text: string;
  readonly given: readonly string[];
  /** Undefined when the function must give nothing. */
  readonly expect: unknown;
}

interface FunctionCases {
  readonly name: string;
  readonly cases: readonly FunctionCase[];
}

const KEYS = ['name', 'cases'];
const CASE_KEYS = ['text', 'given', 'expect'];

/** Reads `postcode.fn.case.yaml`: a name, and a list of texts with what the function gives for each. Never throws. */
export function readFunctionCases(text: string, file: string): { cases?: FunctionCases; findings: Finding[] } {
  const data = readYaml(text);
  const list: readonly unknown[] = isObject(data) && Array.isArray(data['cases']) ? data['cases'] : [];
  const name = isObject(data) && typeof data['name'] === 'string' ? data['name'] : undefined;
  const findings = [
    ...unknownKeys(data, KEYS, file),
    ...list.flatMap((one) => unknownKeys(one, CASE_KEYS, file)),
    ...(name === undefined ? [flaw(file, 'There is no name.', 'Add name: with a sentence that says what holds.')] : []),
    ...(list.length === 0 ? [flaw(file, 'There is no case.', 'Add cases: with - { text: …, expect: … }.')] : []),
  ];
  const cases = list.flatMap((one) => caseOf(one));
  if (cases.length < list.length) findings.push(flaw(file, 'A case has no text.', 'Each case has text: and expect:.'));
  return findings.length > 0 || name === undefined ? { findings } : { cases: { name, cases }, findings };
}

/** Runs the cases of a function, each twice: a function that remembers is none. */
export function runFunctionCases({ name, cases }: FunctionCases, file: string, own: MappingFunction): CaseResult {
  const differences = cases.flatMap(({ text, given, expect }, at): Difference[] => {
    const first = applied(own, text, given);
    const again = applied(own, text, given);
    return [...differencesOf(expect, first, `/${at}`), ...differencesOf(first, again, `/${at} (second call)`)];
  });
  return { file, name, differences };
}

function applied(own: MappingFunction, text: string, given: readonly string[]): unknown {
  try {
    return own.apply(text, ...given);
  } catch {
    return { '(threw)': true };
  }
}

function caseOf(value: unknown): FunctionCase[] {
  if (!isObject(value) || typeof value['text'] !== 'string') return [];
  const given: readonly unknown[] = Array.isArray(value['given']) ? value['given'] : [];
  return [{ text: value['text'], given: given.map(String), expect: value['expect'] ?? undefined }];
}

function readYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch {
    return undefined;
  }
}

function unknownKeys(value: unknown, known: readonly string[], file: string): Finding[] {
  if (!isObject(value)) return [flaw(file, 'This is not a list of cases in YAML.', 'Write name: and cases:.')];
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) =>
      flaw(file, `The key "${key}" means nothing here.`, suggest(key, known, `There is: ${known.join(', ')}.`)),
    );
}

function flaw(file: string, message: string, remedy: string): Finding {
  return { severity: 'error', rule: 'mapping/case', place: { file }, message, remedy, issue: 'structure' };
}
