import { COMBINING_FUNCTIONS } from './combining.ts';
import type { Compiler, NativeFunction, PathFunction } from './compiler.ts';
import { CONTROL_FUNCTIONS } from './control.ts';
import { CONVERSION_FUNCTIONS } from './conversion.ts';
import { EXISTENCE_FUNCTIONS } from './existence.ts';
import { FILTERING_FUNCTIONS } from './filtering.ts';
import { type Closure, LeftToPackage } from './frame.ts';
import { EMPTY } from './items.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { textIn } from './singletons.ts';
import { STRING_FUNCTIONS } from './strings.ts';
import { SUBSETTING_FUNCTIONS } from './subsetting.ts';
import { type Call, callOf, type Syntax } from './syntax.ts';
import { TYPE_FUNCTIONS } from './types-of-values.ts';

const NATIVE: ReadonlyMap<string, NativeFunction> = new Map([
  ...COMBINING_FUNCTIONS,
  ...CONTROL_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...EXISTENCE_FUNCTIONS,
  ...FILTERING_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...SUBSETTING_FUNCTIONS,
  ...TYPE_FUNCTIONS,
]);

/** Functions that the package runs on operands that closures have evaluated, by the numbers of their arguments. */
const LEFT: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...names(
    'allTrue anyTrue allFalse anyFalse sum min max avg type toLong toDate toDateTime toTime',
    'convertsToBoolean convertsToInteger convertsToLong convertsToDecimal convertsToString convertsToDate',
    'convertsToDateTime convertsToTime convertsToQuantity exp ln sqrt children descendants',
    'yearOf monthOf dayOf hourOf minuteOf secondOf millisecondOf timezoneOffsetOf dateOf timeOf',
  ).map((name) => [name, [0]] as const),
  ...names('toQuantity round lowBoundary highBoundary').map((name) => [name, [0, 1]] as const),
  ...names('subsetOf supersetOf intersect exclude encode decode escape unescape log power comparable').map(
    (name) => [name, [1]] as const,
  ),
]);

/** They count in $index while they run, which nobody can see but an expression that looks at it. */
const COUNTING = new Set(['sum', 'avg']);

function names(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '));
}

export function compileFunction(node: Syntax, compiler: Compiler): Closure {
  const call = callOf(node);
  const own = compiler.functions.get(call.name);
  if (own !== undefined) return compileOwn(own, call, compiler);
  const native = NATIVE.get(call.name);
  if (native !== undefined) {
    checkCount(native.parameters, call);
    return native.compile(call.given, compiler);
  }
  return compileLeft(call, compiler);
}

function checkCount(parameters: readonly number[], { name, given }: Call): void {
  if (!parameters.includes(given.length)) throw new LeftToPackage(`${name}() with ${given.length} arguments`);
}

function compileOwn(own: PathFunction, call: Call, compiler: Compiler): Closure {
  checkCount(own.parameters, call);
  const operands = call.given.map((one) => compiler.operand(one));
  return (focus, frame) => {
    const texts: string[] = [];
    for (const operand of operands) {
      const text = textIn(operand(frame));
      if (text === undefined) return EMPTY;
      texts.push(text);
    }
    return own.run(focus, texts, frame.given);
  };
}

function compileLeft(call: Call, compiler: Compiler): Closure {
  const parameters = LEFT.get(call.name);
  if (parameters === undefined) throw new LeftToPackage(`${call.name}()`);
  checkCount(parameters, call);
  if (compiler.watchesIndex && COUNTING.has(call.name)) throw new LeftToPackage(`${call.name}() with $index`);
  compiler.leave(`${call.name}()`);
  const [first] = call.given;
  const { world } = compiler;
  if (first === undefined) return (focus) => world.operation(`%a.${call.name}()`)(focus);
  const operand = compiler.operand(first);
  return (focus, frame) => world.operation(`%a.${call.name}(%b)`)(focus, operand(frame));
}
