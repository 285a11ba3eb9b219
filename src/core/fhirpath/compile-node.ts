import { compileUnion } from './combining.ts';
import type { Compiler } from './compiler.ts';
import { compileEquality, compileInequality, compileMembership } from './equality.ts';
import { type Closure, LeftToPackage } from './frame.ts';
import { compileFunction } from './functions.ts';
import { compileLogic } from './logic.ts';
import { compileArithmetic, compilePolarity } from './math.ts';
import { compileIndexer, compileMember, compileSequence } from './navigation.ts';
import { child, type Syntax } from './syntax.ts';
import { compileLiteral, compileVariable, indexItems, thisItems, totalItems } from './terms.ts';
import { compileTypeOperator } from './types-of-values.ts';

type Compile = (node: Syntax, compiler: Compiler) => Closure;

const inner: Compile = (node, compiler) => compiler.compile(child(node));

/** How each kind of node is compiled; what is not here (object creation) is left to the package. */
const COMPILE: Readonly<Record<string, Compile>> = {
  EntireExpression: inner,
  TermExpression: inner,
  InvocationTerm: inner,
  ParenthesizedTerm: inner,
  InvocationExpression: compileSequence,
  MemberInvocation: compileMember,
  FunctionInvocation: compileFunction,
  IndexerExpression: compileIndexer,
  LiteralTerm: compileLiteral,
  ExternalConstantTerm: compileVariable,
  ThisInvocation: () => thisItems,
  IndexInvocation: () => indexItems,
  TotalInvocation: () => totalItems,
  UnionExpression: compileUnion,
  EqualityExpression: compileEquality,
  InequalityExpression: compileInequality,
  MembershipExpression: compileMembership,
  TypeExpression: compileTypeOperator,
  AdditiveExpression: compileArithmetic,
  MultiplicativeExpression: compileArithmetic,
  PolarityExpression: compilePolarity,
  AndExpression: compileLogic,
  OrExpression: compileLogic,
  ImpliesExpression: compileLogic,
};

export function compileNode(node: Syntax, compiler: Compiler): Closure {
  const compile = COMPILE[node.type];
  if (compile === undefined) throw new LeftToPackage(node.type);
  return compile(node, compiler);
}
