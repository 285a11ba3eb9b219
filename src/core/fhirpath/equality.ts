import type { Compiler } from './compiler.ts';
import { BAIL, type Closure, type Frame } from './frame.ts';
import { dataOf, EMPTY, FALSE, type Items, isConverted, Node, TRUE } from './items.ts';
import { alikeItems, alikeTexts, rounded, sameItem, sameItems } from './sameness.ts';
import { child, type Syntax, textOf, variableNameOf } from './syntax.ts';
import { ABSENT, lookingMember, type TextMember, textMember } from './text-member.ts';

/** Equality, comparison and membership (FHIRPath 6.1, 6.2 and 6.4). */

type Decide = (left: Items, right: Items) => boolean | undefined;

/** A binary operator: decided here when that is sure, else by the package on the same operands. */
function deciding(node: Syntax, compiler: Compiler, options: { decide: Decide; emptyGivesEmpty: boolean }): Closure {
  const left = compiler.operand(child(node, 0));
  const right = compiler.operand(child(node, 1));
  const { decide, emptyGivesEmpty } = options;
  const text = `%a ${node.text} %b`;
  const { world } = compiler;
  return (_focus, frame) => {
    const a = left(frame);
    const b = right(frame);
    if (emptyGivesEmpty && (a.length === 0 || b.length === 0)) return EMPTY;
    const verdict = decide(a, b);
    if (verdict === undefined) return world.operation(text)(a, b);
    return verdict ? TRUE : FALSE;
  };
}

const EQUALITY: Readonly<Record<string, { decide: Decide; emptyGivesEmpty: boolean }>> = {
  '=': { decide: sameItems, emptyGivesEmpty: true },
  '!=': { decide: negated(sameItems), emptyGivesEmpty: true },
  '~': { decide: alikeItems, emptyGivesEmpty: false },
  '!~': { decide: negated(alikeItems), emptyGivesEmpty: false },
};

function negated(decide: Decide): Decide {
  return (left, right) => {
    const verdict = decide(left, right);
    return verdict === undefined ? undefined : !verdict;
  };
}

/** `=`, `!=`, `~` and `!~` */
export function compileEquality(node: Syntax, compiler: Compiler): Closure {
  const operator = node.text ?? '';
  const options = EQUALITY[operator];
  if (options === undefined) throw new Error(`there is no equality operator ${operator}`);
  const general = deciding(node, compiler, options);
  const read = compiler.tracing === 'values' ? undefined : textMember(child(node, 0), compiler);
  const member = read === undefined || compiler.tracing === undefined ? read : lookingMember(child(node, 0), read);
  const other = textOperand(child(node, 1));
  return member === undefined || other === undefined ? general : testing({ operator, member, other, general });
}

interface TextTest {
  readonly operator: string;
  readonly member: TextMember;
  readonly other: TextOperand;
  readonly general: Closure;
}

/** What most criteria are, `use = 'home'`: decided on the text itself, without making a node of it. */
function testing({ operator, member, other, general }: TextTest): Closure {
  const same = operator === '=' || operator === '!=';
  const wanted = operator === '=' || operator === '~' ? TRUE : FALSE;
  const unwanted = wanted === TRUE ? FALSE : TRUE;
  return (focus, frame) => {
    const literal = other(frame);
    const text = literal === undefined ? undefined : member(frame.self, frame);
    if (literal === undefined || text === undefined) return general(focus, frame);
    if (text === ABSENT) return same ? EMPTY : unwanted;
    return (same ? text === literal : alikeTexts(text, literal)) ? wanted : unwanted;
  };
}

/** A text that stands there, or that a variable is; undefined when it is something else. */
type TextOperand = (frame: Frame) => string | undefined;

function textOperand(node: Syntax): TextOperand | undefined {
  if (node.type === 'TermExpression') return textOperand(child(node));
  if (node.type === 'LiteralTerm' && child(node).type === 'StringLiteral') {
    const text = textOf(child(node).text ?? '');
    return () => text;
  }
  if (node.type !== 'ExternalConstantTerm') return undefined;
  const name = variableNameOf(node);
  return ({ variables }) => {
    const value = variables[name];
    return typeof value === 'string' ? value : undefined;
  };
}

type Order = (comparison: number) => boolean;

export const ORDERS: Readonly<Record<string, Order>> = {
  '<': (comparison) => comparison < 0,
  '<=': (comparison) => comparison <= 0,
  '>': (comparison) => comparison > 0,
  '>=': (comparison) => comparison >= 0,
};

/** `<`, `<=`, `>` and `>=` */
export function compileInequality(node: Syntax, compiler: Compiler): Closure {
  const order = ORDERS[node.text ?? ''];
  if (order === undefined) throw new Error(`there is no comparison ${node.text}`);
  const decide: Decide = (left, right) => {
    if (left.length !== 1 || right.length !== 1) return undefined;
    const comparison = compared(left[0], right[0]);
    return comparison === undefined ? undefined : order(comparison);
  };
  return deciding(node, compiler, { decide, emptyGivesEmpty: true });
}

export function compared(one: unknown, other: unknown): number | undefined {
  if (isTime(one) || isTime(other)) return undefined;
  const a = dataOf(one);
  const b = dataOf(other);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  const exact = Math.sign(a - b);
  // Decimals are rounded before they are compared, other numbers are not: where that matters, the package must know which.
  if (exact !== Math.sign(rounded(a) - rounded(b))) {
    if (one instanceof Node && other instanceof Node) return undefined;
    throw BAIL;
  }
  return exact;
}

function isTime(item: unknown): boolean {
  return item instanceof Node && isConverted(item);
}

/** `in` and `contains` */
export function compileMembership(node: Syntax, compiler: Compiler): Closure {
  const left = compiler.operand(child(node, 0));
  const right = compiler.operand(child(node, 1));
  const { world } = compiler;
  const text = `%a ${node.text} %b`;
  const isIn = node.text === 'in';
  return (_focus, frame) => {
    const a = left(frame);
    const b = right(frame);
    const [wanted, among] = isIn ? [a, b] : [b, a];
    if (wanted.length === 0) return EMPTY;
    if (among.length === 0) return FALSE;
    const verdict = wanted.length > 1 ? undefined : isAmong(wanted[0], among);
    if (verdict === undefined) return world.operation(text)(a, b);
    return verdict ? TRUE : FALSE;
  };
}

function isAmong(wanted: unknown, among: Items): boolean | undefined {
  for (const item of among) {
    const same = sameItem(item, wanted);
    if (same !== false) return same;
  }
  return false;
}
