import { type Ecl, EclError } from './expression.ts';
import { eclTokens, type Token } from './tokens.ts';

/** Parentheses and operators within one another; deeper is a mistake or an attack on the stack. */
const MAX_DEPTH = 100;

/**
 * Reads an expression constraint. AND and OR are not mixed, and MINUS is not repeated, without parentheses: the standard
 * gives them no precedence (ECL 2, "Compound expression constraints").
 * @throws EclError with the place
 */
export function parseEcl(text: string): Ecl {
  const reader = new EclReader(eclTokens(text));
  const expression = reader.compound(0);
  reader.expectEnd();
  return expression;
}

class EclReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  compound(depth: number): Ecl {
    const first = this.#simple(depth);
    const { kind } = this.#token();
    if (kind !== 'and' && kind !== 'or' && kind !== 'minus') return first;
    this.#next += 1;
    const rest = [this.#simple(depth)];
    if (kind === 'minus') {
      this.#refuseMixture(['and', 'or', 'minus']);
      return { kind, of: first, without: rest[0] ?? first };
    }
    while (this.#token().kind === kind) {
      this.#next += 1;
      rest.push(this.#simple(depth));
    }
    this.#refuseMixture(['and', 'or', 'minus']);
    return { kind, of: [first, ...rest] };
  }

  expectEnd(): void {
    const { kind, at } = this.#token();
    if (kind === 'end') return;
    const message = kind === ')' ? 'This parenthesis closes nothing.' : 'Nothing more is expected here.';
    throw new EclError('ecl/syntax', at, message, 'Join expressions with AND, OR or MINUS.');
  }

  #simple(depth: number): Ecl {
    const token = this.#token();
    if (depth > MAX_DEPTH) {
      throw new EclError('ecl/syntax', token.at, 'The expression is nested too deeply.', 'Write it with fewer levels.');
    }
    this.#next += 1;
    if (token.kind === 'reach') return { kind: 'reach', reach: token.reach, of: this.#simple(depth + 1) };
    if (token.kind === '^') return { kind: 'members', of: this.#simple(depth + 1) };
    if (token.kind === '*') return { kind: 'any' };
    if (token.kind === 'code') return { kind: 'concept', code: token.code, at: token.at };
    if (token.kind !== '(') throw missing(token);
    const inner = this.compound(depth + 1);
    const close = this.#token();
    if (close.kind !== ')') {
      throw new EclError('ecl/syntax', close.at, 'A parenthesis is not closed here.', 'Add the closing parenthesis.');
    }
    this.#next += 1;
    return inner;
  }

  #refuseMixture(kinds: readonly Token['kind'][]): void {
    const { kind, at } = this.#token();
    if (!kinds.includes(kind)) return;
    const remedy = 'Put parentheses around what belongs together.';
    throw new EclError('ecl/syntax', at, 'AND, OR and MINUS have no precedence over one another.', remedy);
  }

  #token(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', at: 0 };
  }
}

function missing({ kind, at }: Token): EclError {
  const message = kind === 'end' ? 'The expression ends where a concept is expected.' : 'A concept is expected here.';
  return new EclError('ecl/syntax', at, message, 'Write an identifier, *, an operator with one, or a parenthesis.');
}
