import { RE2JS } from 're2js';
import type { PathFunction } from './compiler.ts';
import { EvaluationError } from './frame.ts';
import { EMPTY, type Items } from './items.ts';
import { textIn } from './singletons.ts';

/**
 * matches(), matchesFull() and replaceMatches() (FHIRPath 5.6) on RE2, whose time grows with the text and not with the
 * ways to match it. Look-ahead, look-behind and back-references do not exist there, and are refused.
 */
export const REGULAR_FUNCTIONS: readonly (readonly [string, PathFunction])[] = [
  ['matches', { parameters: [1, 2], run: testing((pattern) => pattern) }],
  ['matchesFull', { parameters: [1, 2], run: testing((pattern) => `^(?:${pattern})$`) }],
  ['replaceMatches', { parameters: [2], run: replaceMatches }],
];

/** What is wrong with a regular expression; undefined when it can be used. */
export function regularExpressionFlaw(pattern: string): string | undefined {
  try {
    compiled(pattern, 0);
    return undefined;
  } catch {
    return 'This regular expression cannot be run in linear time or is not written right: see the syntax of RE2 (no look-ahead, no back-reference).';
  }
}

function testing(whole: (pattern: string) => string): PathFunction['run'] {
  return (items, [pattern = '', flags = '']) => {
    const text = textIn(items);
    return text === undefined ? EMPTY : [compiled(whole(pattern), RE2JS.DOTALL | flagsOf(flags)).test(text)];
  };
}

function flagsOf(flags: string): number {
  let sum = 0;
  for (const flag of flags) {
    if (flag !== 'i' && flag !== 'm') throw new EvaluationError('the flags of a regular expression are i and m');
    sum |= flag === 'i' ? RE2JS.CASE_INSENSITIVE : RE2JS.MULTILINE;
  }
  return sum;
}

function replaceMatches(items: Items, [pattern = '', substitution = '']: readonly string[]): Items {
  const text = textIn(items);
  if (text === undefined) return EMPTY;
  const matcher = compiled(pattern, 0).matcher(text);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_none, group) => matcher.group(group) ?? '');
    result += text.slice(end, matcher.start()) + substituted(substitution, groups);
    end = matcher.end();
  }
  return [result + text.slice(end)];
}

/** `$1` to `$99` are groups, `$&` is the whole match, `$$` a dollar sign. */
function substituted(substitution: string, groups: readonly string[]): string {
  return substitution.replace(/\$(\$|&|\d{1,2})/g, (written, sign: string) => {
    if (sign === '$') return '$';
    if (sign === '&') return groups[0] ?? '';
    const [two, one] = [groups[Number(sign)], groups[Number(sign[0])]];
    if (Number(sign) > 0 && two !== undefined) return two;
    return sign.length === 2 && Number(sign[0]) > 0 && one !== undefined ? one + sign[1] : written;
  });
}

const KEPT = 200;
const known = new Map<string, RE2JS>();

/** Patterns can come from data, so only so many are kept. */
function compiled(pattern: string, flags: number): RE2JS {
  const key = `${flags} ${pattern}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = RE2JS.compile(inRe2(pattern), flags);
  if (known.size >= KEPT) known.clear();
  known.set(key, made);
  return made;
}

/** White space as JavaScript has it; RE2's \s knows only that of ASCII. */
const SPACES =
  '\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** Writes what JavaScript and RE2 write differently as RE2 has it. */
function inRe2(pattern: string): string {
  let inClass = false;
  return pattern.replace(
    /\\u\{([0-9a-fA-F]+)\}|\\u([0-9a-fA-F]{4})|\\(.)|[[\]]/gs,
    (written, braced, four, escaped) => {
      const code: unknown = braced ?? four;
      if (typeof code === 'string') return `\\x{${code}}`;
      if (written === '[' || written === ']') {
        inClass = written === '[';
        return written;
      }
      if (escaped === 's') return inClass ? SPACES : `[${SPACES}]`;
      return escaped === 'S' && !inClass ? `[^${SPACES}]` : written;
    },
  );
}
