import type { Report } from './mapping-findings.ts';
import type { Expression, Template } from './template.ts';

/** A text of the file with where it stands, raw: as written, quotes and escapes included. */
export interface WrittenText {
  readonly value: string;
  readonly raw: string;
  /** Where `raw` begins in the file. */
  readonly offset: number;
}

interface Piece {
  readonly kind: 'first' | 'all';
  /** Offsets in the text, delimiters included. */
  readonly start: number;
  readonly end: number;
  readonly expression: Expression;
}

const CLOSING = { '{{': '}}', '{[': ']}' } as const;

/** Reads a text of the template: constant, `{{ expr }}`, `{[ expr ]}`, or text with several `{{ expr }}` in it. */
export function readTemplateText(text: WrittenText, report: Report): Template {
  const { offset } = text;
  const constant: Template = { kind: 'constant', value: text.value, offset };
  if (text.value.includes('{%')) {
    report({
      offset,
      rule: 'mapping/directive-place',
      message: 'A directive ({% … %}) stands where a value is expected.',
      remedy: 'Write directives as keys, like "{% if expr %}": …; to say {% as text, write {{ \'{%\' }}.',
    });
    return constant;
  }
  const pieces = findPieces(text, report);
  if (pieces === undefined || pieces.length === 0) return constant;
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined && only.start === 0 && only.end === text.value.length) {
    return { kind: only.kind, expression: only.expression, offset };
  }
  return asText(text, pieces, report);
}

function asText(text: WrittenText, pieces: readonly Piece[], report: Report): Template {
  const parts: (string | Expression)[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (piece.kind === 'all') {
      report({
        offset: piece.expression.offset,
        rule: 'mapping/list-in-text',
        message: 'A list ({[ … ]}) cannot stand inside a text.',
        remedy: "Write {{ expr.join(', ') }}, or let the list be the whole value.",
      });
    }
    if (piece.start > at) parts.push(text.value.slice(at, piece.start));
    parts.push(piece.expression);
    at = piece.end;
  }
  if (at < text.value.length) parts.push(text.value.slice(at));
  return { kind: 'text', parts, offset: text.offset };
}

/** The expressions of a text in order; undefined when one of them cannot be told from the text around it. */
function findPieces(text: WrittenText, report: Report): Piece[] | undefined {
  const pieces: Piece[] = [];
  let rawFrom = 0;
  for (let at = nextOpening(text.value, 0); at !== undefined; at = nextOpening(text.value, pieces.at(-1)?.end ?? 0)) {
    const opening = text.value.startsWith('{{', at) ? '{{' : '{[';
    const end = findClosing(text.value, at + 2, CLOSING[opening]);
    const inside = end === undefined ? undefined : text.value.slice(at + 2, end);
    if (inside === undefined || end === undefined || !isWhole(inside)) {
      report({ offset: text.offset + rawFrom, ...unreadable(inside, opening) });
      return undefined;
    }
    const written = inside.trim();
    const lines = linesIn(text, written, rawFrom);
    if (lines.length > 0) rawFrom = text.raw.indexOf(CLOSING[opening], endOf(lines, written) - text.offset);
    pieces.push({
      kind: opening === '{{' ? 'first' : 'all',
      start: at,
      end: end + 2,
      expression: { text: written, offset: lines[0] ?? text.offset, lines },
    });
  }
  return pieces;
}

/** Where each line of an expression stands in the file; empty when one is not written there letter for letter. */
export function linesIn(text: WrittenText, expression: string, from = 0): number[] {
  const found: number[] = [];
  let at = from;
  for (const line of expression.split('\n')) {
    at = text.raw.indexOf(line, at);
    if (at === -1) return [];
    found.push(text.offset + at);
    at += line.length;
  }
  return found;
}

function endOf(lines: readonly number[], expression: string): number {
  const last = expression.slice(expression.lastIndexOf('\n') + 1);
  return (lines.at(-1) ?? 0) + last.length;
}

function isWhole(inside: string): boolean {
  return inside.trim() !== '' && !(inside.startsWith('+') && inside.endsWith('+'));
}

function unreadable(inside: string | undefined, opening: '{{' | '{[') {
  if (inside === undefined) {
    return {
      rule: 'mapping/unclosed',
      message: `An expression begins with ${opening} and has no ${CLOSING[opening]} that closes it.`,
      remedy: `Close it with ${CLOSING[opening]} (quotes inside an expression must be closed too).`,
    } as const;
  }
  return inside.trim() === ''
    ? ({
        rule: 'mapping/empty-expression',
        message: 'There is no expression between the delimiters.',
        remedy: 'Write one, or leave the key out.',
      } as const)
    : ({
        rule: 'mapping/kept-null',
        message: 'The notation {{+ … +}}, which keeps null, is not part of this language.',
        remedy: 'Say what stands in place of nothing: {% if expr %} … {% else %} ….',
      } as const);
}

function nextOpening(value: string, from: number): number | undefined {
  const found = [value.indexOf('{{', from), value.indexOf('{[', from)].filter((at) => at !== -1);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Finds the closing delimiter outside FHIRPath's quotes ('…', `…`, "…" does not exist) and outside braces of its own. */
function findClosing(value: string, from: number, closing: '}}' | ']}'): number | undefined {
  let braces = 0;
  let at = from;
  while (at < value.length) {
    if (braces === 0 && value.startsWith(closing, at)) return at;
    const sign = value.charAt(at);
    if (sign === '{') braces += 1;
    else if (sign === '}') braces -= 1;
    at = sign === "'" || sign === '`' ? afterQuoted(value, at) : at + 1;
  }
  return undefined;
}

function afterQuoted(value: string, start: number): number {
  const quote = value.charAt(start);
  let at = start + 1;
  while (at < value.length && value.charAt(at) !== quote) at += value.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}
