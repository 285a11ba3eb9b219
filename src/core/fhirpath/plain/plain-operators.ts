import { distinct } from '../combining.ts';
import { compared, ORDERS } from '../equality.ts';
import { OPERATORS } from '../logic.ts';
import { CALCULATIONS } from '../math.ts';
import { alikeItem, alikeTexts, sameItem } from '../sameness.ts';
import { child, type Syntax } from '../syntax.ts';
import { eitherOf, type Known, MADE, refuseConverted } from './known.ts';
import type { Plain, PlainCompiler } from './plain-compiler.ts';
import { collected, listed, NOTEWORTHY, NotPlain, type PlainItems, type PlainRun } from './plain-run.ts';

/** Operators on plain items; what they decide is decided by the functions of the closures with nodes. */

/** An operand that is compared: never a time or quantity. */
function comparable(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const operand = compiler.compile(node, start);
  const plain = operand.member?.narrowed(({ conversion }) => conversion === 'none', 'noteworthy') ?? operand;
  refuseConverted(plain.known);
  return operand.member?.step.chosen === true ? plain : operand;
}

type Same = (one: unknown, other: unknown) => boolean | undefined;

/** `=`, `!=`, `~` and `!~` */
export function plainEquality(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const left = comparable(child(node, 0), start, compiler);
  const right = comparable(child(node, 1), start, compiler);
  const operator = node.text ?? '';
  const options: Comparison = {
    same: operator.endsWith('=') ? sameItem : alikeItem,
    emptyGivesEmpty: operator.endsWith('='),
    negated: operator.startsWith('!'),
  };
  return textTest(left, right, options) ?? { known: MADE, give: comparing(left, right, options) };
}

interface Comparison {
  readonly same: Same;
  readonly emptyGivesEmpty: boolean;
  readonly negated: boolean;
}

function comparing(left: Plain, right: Plain, comparison: Comparison): Plain['give'] {
  return (run) => compare(left.give(run), right.give(run), comparison);
}

function compare(a: PlainItems, b: PlainItems, { same, emptyGivesEmpty, negated }: Comparison): boolean | undefined {
  if (emptyGivesEmpty && (a === undefined || b === undefined)) return undefined;
  return sameCollections(a, b, same) !== negated;
}

function sameCollections(a: PlainItems, b: PlainItems, same: Same): boolean {
  if (a === undefined || b === undefined) return a === b;
  const several = Array.isArray(a);
  if (several !== Array.isArray(b)) return false;
  if (!several) return sure(same(a, b));
  const [ours, theirs] = [listed(a), listed(b)];
  // The order in which pairs are looked at decides what an error is.
  if (ours.length === theirs.length) throw NOTEWORTHY;
  return false;
}

function sure<Verdict>(verdict: Verdict | undefined): Verdict {
  if (verdict === undefined) throw NOTEWORTHY;
  return verdict;
}

/** What most criteria are, `use = 'home'`: two texts. Undefined for anything else. */
function textTest({ give, member }: Plain, { text }: Plain, comparison: Comparison): Plain | undefined {
  if (text === undefined) return undefined;
  const { emptyGivesEmpty, negated } = comparison;
  const verdict = (value: PlainItems): boolean | undefined => {
    if (typeof value !== 'string') return compare(value, text, comparison);
    return (value === text || (!emptyGivesEmpty && alikeTexts(value, text))) !== negated;
  };
  const test: Plain = { known: MADE, give: (run) => verdict(give(run)) };
  if (member?.of.isThis !== true || member.step.chosen) return test;
  const { read } = member;
  return { ...test, test: (item) => verdict(read(item)) === true };
}

/** `<`, `<=`, `>` and `>=` */
export function plainInequality(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const left = comparable(child(node, 0), start, compiler);
  const right = comparable(child(node, 1), start, compiler);
  const order = ORDERS[node.text ?? ''];
  if (order === undefined) throw new NotPlain(`${node.text}`);
  return {
    known: MADE,
    give(run) {
      const a = left.give(run);
      const b = right.give(run);
      if (a === undefined || b === undefined) return undefined;
      return order(sure(compared(a, b)));
    },
  };
}

/** `in` and `contains` */
export function plainMembership(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const left = comparable(child(node, 0), start, compiler);
  const right = comparable(child(node, 1), start, compiler);
  const [wanted, among] = node.text === 'in' ? [left, right] : [right, left];
  return {
    known: MADE,
    give(run) {
      const item = wanted.give(run);
      const items = among.give(run);
      if (item === undefined) return undefined;
      if (Array.isArray(item)) throw NOTEWORTHY;
      for (const one of listed(items)) if (sure(sameItem(one, item))) return true;
      return false;
    },
  };
}

/** `and`, `or`, `xor`, `implies` */
export function plainLogic(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const left = compiler.compile(child(node, 0), start);
  const right = compiler.compile(child(node, 1), start);
  const decide = OPERATORS[node.text ?? ''];
  if (decide === undefined) throw new NotPlain(`${node.text}`);
  return {
    known: MADE,
    give(run) {
      const a = truth(left.give(run));
      return decide(a, truth(right.give(run)));
    },
  };
}

/** One value as a truth: what is no boolean is true. */
export function truth(items: PlainItems): boolean | undefined {
  if (items === undefined || typeof items === 'boolean') return items;
  if (Array.isArray(items)) throw NOTEWORTHY;
  return true;
}

/** `&`, `+`, `-`, `*` and `/` */
export function plainArithmetic(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const operator = node.text ?? '';
  const left = compiler.compile(child(node, 0), start);
  const right = compiler.compile(child(node, 1), start);
  if (operator === '&') return { known: MADE, give: (run) => text(left.give(run)) + text(right.give(run)) };
  for (const { known } of [left, right]) refuseConverted(known);
  const calculate = CALCULATIONS[operator];
  if (calculate === undefined || operator === 'div' || operator === 'mod') throw new NotPlain(operator);
  return {
    known: MADE,
    give(run) {
      const a = left.give(run);
      const b = right.give(run);
      if (a === undefined || b === undefined) return undefined;
      if (typeof a === 'string' && typeof b === 'string' && operator === '+') return a + b;
      if (typeof a !== 'number' || typeof b !== 'number') throw NOTEWORTHY;
      return calculate(a, b);
    },
  };
}

function text(items: PlainItems): string {
  if (items === undefined) return '';
  if (typeof items !== 'string') throw NOTEWORTHY;
  return items;
}

/** `-1`, as it is written before a number. */
export function plainPolarity(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const operand = compiler.compile(child(node), start);
  if (operand.known !== MADE) throw new NotPlain('the sign of an element');
  const negative = node.text === '-';
  return {
    known: MADE,
    give(run) {
      const value = operand.give(run);
      if (typeof value !== 'number' || Number.isNaN(value)) throw NOTEWORTHY;
      return negative ? -value : value;
    },
  };
}

/** `a | b` */
export function plainUnion(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const left = compiler.compile(child(node, 0), start);
  const right = compiler.compile(child(node, 1), start);
  return distinctOf(joinedOf(left, right), compiler);
}

/** The items of both. */
export function joinedOf(left: Plain, right: Plain): Plain {
  const known: Known = eitherOf(left.known, right.known);
  if (left.known.resources || right.known.resources) throw new NotPlain('resources beside others');
  return {
    known,
    give(run: PlainRun) {
      const a = left.give(run);
      const b = right.give(run);
      if (a === undefined) return b;
      return b === undefined ? a : [...listed(a), ...listed(b)];
    },
  };
}

/** Above this number the package compares objects in another way. */
const COMPARED_ONE_BY_ONE = 6;

/** Each value once. */
export function distinctOf(of: Plain, { world }: PlainCompiler): Plain {
  refuseConverted(of.known);
  return {
    known: of.known,
    give(run) {
      const items = of.give(run);
      if (!Array.isArray(items)) return items;
      if (items.length > COMPARED_ONE_BY_ONE) throw NOTEWORTHY;
      return collected(distinct(items, world));
    },
  };
}

/** Whether a criterion holds: the package keeps an item when it gives something, and looks at what it says only when the expression made that. */
export function plainCriterion({ known, give }: Plain): (run: PlainRun) => boolean {
  if (!known.made) return (run) => give(run) !== undefined;
  if (known.shapes.length > 0) throw new NotPlain('a criterion of which it is not known what it gives');
  return (run) => {
    const gave = give(run);
    if (gave === undefined || typeof gave === 'boolean') return gave === true;
    const [first]: readonly unknown[] = listed(gave);
    if (typeof first !== 'boolean') throw NOTEWORTHY;
    return first;
  };
}
