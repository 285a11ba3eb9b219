import type { World } from './delegate.ts';
import type { Closure, Frame, Lambda, Operand } from './frame.ts';
import type { Items } from './items.ts';
import type { Syntax } from './syntax.ts';

/**
 * A function that expressions may call beyond FHIRPath's own (or in place of one). Each argument is evaluated and must
 * be one text; when one gives nothing, the call gives nothing.
 */
export interface PathFunction<Given = unknown> {
  /** The numbers of arguments that it takes. */
  readonly parameters: readonly number[];
  /** The name of members of which it also reads what stands beside them in their object: the system of a `code`. */
  readonly looksBeside?: string;
  /** @param given what the caller handed to the run */
  run(items: Items, args: readonly string[], given: Given): Items;
}

/** What the chapters of the language compile with. */
export interface Compiler {
  readonly world: World;
  readonly functions: ReadonlyMap<string, PathFunction>;
  compile(node: Syntax): Closure;
  operand(node: Syntax): Operand;
  lambda(node: Syntax): Lambda;
  /** Writes down that the package evaluates this part, for whoever asks which expressions run on which. */
  leave(part: string): void;
  /** Whether the expression can tell which item is being looked at: then $index must be as the package has it. */
  readonly watchesIndex: boolean;
  /** Whether a function of the expression counts its items in $index. */
  readonly countsIndex: boolean;
  /**
   * Whether values are to say what they come from (then nothing may be read in passing), or what is looked at is to be noted;
   * undefined: neither.
   */
  readonly tracing?: 'values' | 'looks';
}

/** How one function is compiled: from its arguments, to what it does with what it is applied to. */
export interface NativeFunction {
  readonly parameters: readonly number[];
  compile(given: readonly Syntax[], compiler: Compiler): Closure;
}

/** A function without arguments that looks only at the items. */
export function onItems(run: (items: Items, frame: Frame) => Items): NativeFunction {
  return { parameters: [0], compile: () => run };
}
