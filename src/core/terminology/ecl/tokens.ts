import { readSnomedIdentifier } from '../snomed-identifier.ts';
import { EclError, type Reach } from './expression.ts';

export type Token =
  | { readonly kind: 'reach'; readonly reach: Exclude<Reach, 'self'>; readonly at: number }
  | { readonly kind: 'code'; readonly code: string; readonly at: number }
  | { readonly kind: '^' | '*' | '(' | ')' | 'and' | 'or' | 'minus' | 'end'; readonly at: number };

const REACHES = ['<<!', '>>!', '<<', '<!', '>>', '>!', '<', '>'] as const;
const BLANK = /\s+/y;
const COMMENT = /\/\*[\s\S]*?\*\//y;
const TERM = /\|[^|]*\|/y;
const DIGITS = /\d+/y;
const WORD = /[A-Za-z]+/y;
/** What other parts of the language begin with: said by name, so that nobody looks for a slip of the pen. */
const BEYOND: readonly (readonly [string, string])[] = [
  ['{{', 'a filter'],
  ['!!', 'a top or bottom operator'],
  [':', 'a refinement'],
  ['{', 'an attribute group'],
  ['.', 'a dotted attribute'],
  ['[', 'a list of fields or a cardinality'],
];

/**
 * An expression as tokens, without blanks, comments and terms in pipes; an identifier must be that of a concept.
 * @throws EclError with the place
 */
export function eclTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const skipped = take(BLANK) ?? take(COMMENT) ?? (tokens.at(-1)?.kind === 'code' ? take(TERM) : undefined);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const { token, length } = tokenAt(text, at, take);
    tokens.push(token);
    at += length;
  }
  tokens.push({ kind: 'end', at });
  return tokens;
}

function tokenAt(
  text: string,
  at: number,
  take: (pattern: RegExp) => string | undefined,
): { readonly token: Token; readonly length: number } {
  const digits = take(DIGITS);
  if (digits !== undefined)
    return { token: { kind: 'code', code: conceptCode(digits, at), at }, length: digits.length };
  const reach = REACHES.find((one) => text.startsWith(one, at));
  if (reach !== undefined) return { token: { kind: 'reach', reach, at }, length: reach.length };
  const sign = text.charAt(at);
  if (sign === '^' || sign === '*' || sign === '(' || sign === ')') return { token: { kind: sign, at }, length: 1 };
  if (sign === ',') return { token: { kind: 'and', at }, length: 1 };
  const word = take(WORD)?.toLowerCase();
  if (word === 'and' || word === 'or' || word === 'minus') return { token: { kind: word, at }, length: word.length };
  throw unknownSign(text, at);
}

function conceptCode(digits: string, at: number): string {
  const read = readSnomedIdentifier(digits);
  if (read.kind === 'valid' && read.component === 'concept') return digits;
  const why = read.kind === 'valid' ? `names a ${read.component}` : 'is no SNOMED CT identifier';
  throw new EclError('ecl/syntax', at, `The number here ${why}.`, 'Name a concept by its identifier.');
}

function unknownSign(text: string, at: number): EclError {
  const beyond = BEYOND.find(([sign]) => text.startsWith(sign, at));
  if (beyond !== undefined) {
    const remedy = 'Use <, <<, <!, >, >>, >!, ^, *, AND, OR, MINUS and parentheses.';
    return new EclError('ecl/not-supported', at, `Here begins ${beyond[1]}, which is not evaluated.`, remedy);
  }
  if (text.startsWith('/*', at)) return new EclError('ecl/syntax', at, 'This comment has no end.', 'End it with */.');
  const remedy = 'Write an operator, an identifier or a parenthesis; a term stands in pipes behind its identifier.';
  return new EclError('ecl/syntax', at, 'This is no part of an expression.', remedy);
}
