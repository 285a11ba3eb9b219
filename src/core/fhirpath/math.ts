import type { Compiler, NativeFunction } from './compiler.ts';
import { type Closure, EvaluationError } from './frame.ts';
import { dataOf, EMPTY, type Items, isConverted, Node, untraced } from './items.ts';
import { textIn } from './singletons.ts';
import { child, type Syntax } from './syntax.ts';

/** Arithmetic (FHIRPath 6.6 and 5.7) on numbers, and + and & on texts. All else is the package's. */

/** Undefined: nothing, as for a division by zero. */
type Calculate = (a: number, b: number) => number | undefined;

export const CALCULATIONS: Readonly<Record<string, Calculate>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
  div: (a, b) => (b === 0 ? undefined : Math.trunc(a / b)),
  mod: (a, b) => (b === 0 ? undefined : a % b),
};

/** To the package a divisor below this is zero. */
const NEARLY_ZERO = 1e-7;

/** `+`, `-`, `*`, `/`, `div`, `mod` and `&` */
export function compileArithmetic(node: Syntax, compiler: Compiler): Closure {
  const operator = node.text ?? '';
  const left = compiler.operand(child(node, 0));
  const right = compiler.operand(child(node, 1));
  if (operator === '&') return (_focus, frame) => joinedTexts(left(frame), right(frame));
  const calculate = CALCULATIONS[operator];
  if (calculate === undefined) throw new Error(`there is no operator ${operator}`);
  const { world } = compiler;
  const text = `%a ${operator} %b`;
  const divides = operator === 'div' || operator === 'mod';
  return (_focus, frame) => {
    const a = left(frame);
    const b = right(frame);
    // div and mod want numbers even where the other operand is nothing.
    if (a.length === 0 || b.length === 0) return divides ? world.operation(text)(a, b) : EMPTY;
    const made = calculated(a, b, { operator, calculate, divides });
    return made ?? world.operation(text)(a, b);
  };
}

function joinedTexts(a: Items, b: Items): Items {
  const text = textIn(a);
  return [(text ?? '') + (textIn(b) ?? '')];
}

interface Operator {
  readonly operator: string;
  readonly calculate: Calculate;
  readonly divides: boolean;
}

/** Undefined: not two numbers or two texts, ask the package. */
function calculated(a: Items, b: Items, { operator, calculate, divides }: Operator): Items | undefined {
  if (a.length !== 1 || b.length !== 1) return undefined;
  const [one] = a;
  const [other] = b;
  if (isTime(one) || isTime(other)) return undefined;
  const x = dataOf(one);
  const y = dataOf(other);
  if (typeof x === 'string' && typeof y === 'string' && operator === '+') return [x + y];
  if (typeof x !== 'number' || typeof y !== 'number') return undefined;
  if (divides && y !== 0 && Math.abs(y) < NEARLY_ZERO) return undefined;
  const number = calculate(x, y);
  return number === undefined ? EMPTY : [number];
}

function isTime(item: unknown): boolean {
  return item instanceof Node && isConverted(item);
}

/** `-a` and `+a`: only of a number that the expression made, not of an element; so has the package it. */
export function compilePolarity(node: Syntax, compiler: Compiler): Closure {
  const operand = compiler.compile(child(node));
  const text = `${node.text}%a`;
  const { world } = compiler;
  return (focus, frame) => {
    const items = operand(focus, frame);
    if (items.length !== 1) throw new EvaluationError('a sign stands before one number');
    const value = untraced(items[0]);
    if (typeof value !== 'number' || Number.isNaN(value)) return world.operation(text)(items);
    return [node.text === '-' ? -value : value];
  };
}

/** A function of one number. */
function ofNumber(name: string, calculate: (value: number) => number): NativeFunction {
  return {
    parameters: [0],
    compile:
      (_given, { world }) =>
      (focus) => {
        if (focus.length === 0) return EMPTY;
        const [item] = focus;
        const value = focus.length === 1 && !isTime(item) ? dataOf(item) : undefined;
        return typeof value === 'number' ? [calculate(value)] : world.operation(`%a.${name}()`)(focus);
      },
  };
}

export const MATH_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['abs', ofNumber('abs', Math.abs)],
  ['ceiling', ofNumber('ceiling', Math.ceil)],
  ['floor', ofNumber('floor', Math.floor)],
  ['truncate', ofNumber('truncate', Math.trunc)],
];
