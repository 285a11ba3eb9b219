import { parseDocument } from 'yaml';
import type { Finding } from '../finding.ts';
import { caseShapeFlaws } from './case-shape.ts';
import { suggest } from './mapping-findings.ts';
import { isObject } from './plain-value.ts';

/** An example of what a mapping does, in a file beside it. */
export interface MappingCase {
  readonly file: string;
  readonly name: string;
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The exact result; undefined when the case says nothing about it. */
  readonly expect?: unknown;
  /** The exact list of codes that must be held. */
  readonly unmapped: readonly ExpectedUnmapped[];
  /** The exact list of the rules of all findings, in any order. */
  readonly findings: readonly string[];
  /** The lane key; undefined when the case says nothing about it. */
  readonly order?: string;
  /** Texts that must stand nowhere in the result. */
  readonly mustNotContain: readonly string[];
}

export interface ExpectedUnmapped {
  readonly map: string;
  readonly system: string;
  readonly code: string;
}

interface ReadCase {
  readonly case?: MappingCase;
  readonly findings: readonly Finding[];
}

const KEYS = ['name', 'input', 'inputFile', 'variables', 'expect', 'unmapped', 'findings', 'order', 'mustNotContain'];

/**
 * Reads a case file (YAML). Never throws.
 * @param inputOf gives the JSON that an `inputFile` names; undefined when there is none
 */
export function readCase(text: string, file: string, inputOf: (inputFile: string) => unknown): ReadCase {
  const data = readYaml(text);
  if (data === undefined) return { findings: [flaw(file, 'The case is not valid YAML with keys.', 'Mend the YAML.')] };
  const findings = Object.keys(data)
    .filter((key) => !KEYS.includes(key))
    .map((key) =>
      flaw(file, `The key "${key}" means nothing in a case.`, suggest(key, KEYS, `There is: ${KEYS.join(', ')}.`)),
    );
  for (const [message, remedy] of caseShapeFlaws(data)) findings.push(flaw(file, message, remedy));
  const { name, inputFile, variables = {}, order } = data;
  const input = typeof inputFile === 'string' ? inputOf(inputFile) : data['input'];
  if (typeof name !== 'string')
    findings.push(flaw(file, 'The case has no name.', 'Add name: with a sentence that says what holds.'));
  if (inputFile !== undefined && data['input'] !== undefined)
    findings.push(flaw(file, 'The case has two inputs.', 'Give one of input: and inputFile:.'));
  else if (input === undefined) {
    const [message, remedy] = typeof inputFile === 'string' ? noInputAt(inputFile) : NO_INPUT;
    findings.push(flaw(file, message, remedy));
  }
  if (!['expect', 'unmapped', 'findings', 'mustNotContain', 'order'].some((key) => key in data)) {
    findings.push(
      flaw(
        file,
        'The case expects nothing, so it cannot fail.',
        'Add expect:, unmapped:, findings:, order: or mustNotContain:.',
      ),
    );
  }
  if (findings.length > 0 || typeof name !== 'string') return { findings };
  return {
    findings,
    case: {
      file,
      name,
      input,
      variables: isObject(variables) ? variables : {},
      ...('expect' in data && { expect: data['expect'] }),
      unmapped: listOf(data['unmapped'], unmappedOf),
      findings: listOf(data['findings'], textOf),
      ...(typeof order === 'string' && { order }),
      mustNotContain: listOf(data['mustNotContain'], textOf),
    },
  };
}

const NO_INPUT = ['The case has no input.', 'Give one of input: and inputFile:.'] as const;

function noInputAt(inputFile: string): readonly [string, string] {
  return [
    `The case has no input: below the mappings directory there is no JSON that can be read at ${inputFile}.`,
    'Write inputFile: as a path from the directory of the case, or put the data itself under input:.',
  ];
}

function readYaml(text: string): Record<string, unknown> | undefined {
  try {
    const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
    const data: unknown = document.errors.length > 0 ? undefined : document.toJS();
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function listOf<T>(value: unknown, read: (item: unknown) => T[]): T[] {
  return Array.isArray(value) ? value.flatMap(read) : [];
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}

function unmappedOf(value: unknown): ExpectedUnmapped[] {
  if (!isObject(value)) return [];
  const { map, system, code } = value;
  return typeof map === 'string' && typeof system === 'string' && typeof code === 'string'
    ? [{ map, system, code }]
    : [];
}

function flaw(file: string, message: string, remedy: string): Finding {
  return { severity: 'error', rule: 'mapping/case', place: { file }, message, remedy, issue: 'structure' };
}
