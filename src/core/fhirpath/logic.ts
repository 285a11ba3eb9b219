import type { Compiler } from './compiler.ts';
import type { Closure } from './frame.ts';
import { EMPTY, FALSE, TRUE } from './items.ts';
import { truthIn } from './singletons.ts';
import { child, type Syntax } from './syntax.ts';

/** Boolean logic with three values (FHIRPath 6.5): true, false, and undefined for nothing. */

type Truth = boolean | undefined;

export const OPERATORS: Readonly<Record<string, (a: Truth, b: Truth) => Truth>> = {
  and: (a, b) => (a === false || b === false ? false : a && b),
  or: (a, b) => (a === true || b === true ? true : a === undefined || b === undefined ? undefined : false),
  xor: (a, b) => (a === undefined || b === undefined ? undefined : a !== b),
  implies: (a, b) => (a === false || b === true ? true : a === true ? b : undefined),
};

/** Both operands are always evaluated, for the second may fail. */
export function compileLogic(node: Syntax, compiler: Compiler): Closure {
  const decide = OPERATORS[node.text ?? ''];
  if (decide === undefined) throw new Error(`there is no logical operator ${node.text}`);
  const left = compiler.operand(child(node, 0));
  const right = compiler.operand(child(node, 1));
  return (_focus, frame) => {
    const a = truthIn(left(frame));
    const truth = decide(a, truthIn(right(frame)));
    if (truth === undefined) return EMPTY;
    return truth ? TRUE : FALSE;
  };
}
