import type { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { knownKeys } from './json-schema.ts';
import { errorAt, type Flaw, type Path, type Problem } from './problem.ts';
import { LITERAL_SECRET, SECRET_KEYS } from './secret-source.ts';
import { isSection } from './spot.ts';

type Issue = z.core.$ZodIssue;

/** What the schema found, in the words of this product: a rule, a sentence and a remedy for each, and no value repeated. */
export function schemaProblems(issues: readonly Issue[], raw: unknown): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const kind = kindMeant(issue, valueAt(raw, path));
    if (kind !== undefined) return schemaProblems(below(path, kind), raw);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], raw));
    return [issueProblem(issue, path, raw)];
  });
}

/** Of what may be a text or a section: what is wrong with the one that was written. */
function kindMeant(issue: Issue, value: unknown): readonly Issue[] | undefined {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0 || value === undefined || value === null)
    return undefined;
  return issue.errors.find(([first]) => first?.code !== 'invalid_type' || first.path.length > 0) ?? issue.errors[0];
}

function below(path: Path, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

function issueProblem(issue: Issue, path: Path, raw: unknown): Problem {
  const value = valueAt(raw, path);
  if (value === undefined) return missing(path, issue);
  if (value === null) return errorAt(path, EMPTY, 'key');
  if (isSecret(path) && !isSection(value) && !Array.isArray(value)) return errorAt(path, LITERAL_SECRET);
  switch (issue.code) {
    case 'invalid_type':
      return errorAt(path, wrongType(issue.expected));
    case 'invalid_value':
      return errorAt(path, notOneOf(issue.values.map(String), value));
    case 'invalid_union':
      return errorAt(path, notOneOf(optionsOf(issue), value));
    case 'too_small':
      return errorAt(path, tooSmall(issue.origin, issue.minimum));
    case 'too_big':
      return errorAt(path, tooBig(issue.maximum));
    case 'invalid_key':
      return errorAt(path, issue.issues[0] === undefined ? flawOf(issue) : flawOf(issue.issues[0]), 'key');
    default:
      return errorAt(path, flawOf(issue));
  }
}

const EMPTY: Flaw = {
  rule: 'config/empty',
  message: 'There is a key with nothing behind it.',
  remedy: 'Give it a value, or delete the line if its default will do.',
};

const TOO_FEW: Flaw = {
  rule: 'config/too-few',
  message: 'At least one is needed here.',
  remedy: 'Add one, or delete the key if it may be left out.',
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text (in quotes when it looks like a number or like true and false)',
  number: 'a number without quotes',
  int: 'a whole number without quotes',
  boolean: 'true or false, without quotes',
  array: 'a list (one line each, beginning with "- ")',
  object: 'a section (keys, each with a colon)',
};

function wrongType(expected: string): Flaw {
  const wanted = TYPES[expected] ?? expected;
  return { rule: 'config/wrong-type', message: `Expected ${wanted}.`, remedy: `Write ${wanted}.` };
}

function notOneOf(options: readonly string[], value: unknown): Flaw {
  const meant = typeof value === 'string' ? didYouMean(value, options) : '';
  return {
    rule: 'config/not-one-of',
    message: `This is none of the values that are allowed here.${meant}`,
    remedy: `Write ${options.map((option) => `"${option}"`).join(' or ')}.`,
  };
}

function tooSmall(origin: string, minimum: number | bigint): Flaw {
  if (origin === 'array') return TOO_FEW;
  if (origin === 'string') return EMPTY;
  return { rule: 'config/out-of-range', message: 'The number is too small.', remedy: `Write ${minimum} or more.` };
}

function tooBig(maximum: number | bigint): Flaw {
  return { rule: 'config/out-of-range', message: 'The number is too large.', remedy: `Write ${maximum} or less.` };
}

function missing(path: Path, issue: Issue): Problem {
  const name = String(path.at(-1) ?? '');
  const options = issue.code === 'invalid_union' ? optionsOf(issue) : [];
  const choice = options.length > 0 ? `: ${options.map((option) => `"${option}"`).join(' or ')}` : '';
  const flaw = { rule: 'config/missing', message: `"${name}" is missing.`, remedy: `Add "${name}" here${choice}.` };
  return errorAt(path, flaw, 'key');
}

function unknownKey(path: Path, raw: unknown): Problem {
  const section = path.slice(0, -1);
  const known = knownKeys(section, raw);
  const written = String(path.at(-1) ?? '');
  const remedy = known.length > 0 ? `Known here: ${known.join(', ')}.` : 'Remove it.';
  const rule = 'config/unknown-key';
  // Somebody may have written a secret where the key belongs: then not even the pointer may show it.
  if (isSecret(section)) return errorAt(section, { rule, message: 'There is an unknown key.', remedy });
  const message = `There is no key "${written}" here.${didYouMean(written, known)}`;
  return errorAt(path, { rule, message, remedy }, 'key');
}

/** A flaw as `values.ts` put it into the issue. */
function flawOf(issue: Issue): Flaw {
  const params: unknown = 'params' in issue ? issue.params : undefined;
  if (isSection(params)) {
    const { rule, message, remedy } = params;
    if (typeof rule === 'string' && typeof message === 'string' && typeof remedy === 'string')
      return { rule, message, remedy };
  }
  return {
    rule: 'config/invalid',
    message: 'This value is not allowed here.',
    remedy: 'See docs/configuration.md for what may be written.',
  };
}

function optionsOf(issue: Issue): string[] {
  const options: unknown = 'options' in issue ? issue.options : undefined;
  return Array.isArray(options) ? options.map(String) : [];
}

/** A secret itself, or an entry in a list of them (not what stands within `{ env: … }`). */
function isSecret(path: Path): boolean {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === 'url') return path.includes('brokers');
  if (name === 'key') return path.includes('log');
  return typeof name === 'string' && SECRET_KEYS.includes(name);
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value) && typeof step === 'number') return value[step];
    return isSection(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
  }, raw);
}
