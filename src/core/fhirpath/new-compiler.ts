import { compileNode } from './compile-node.ts';
import type { Compiler, PathFunction } from './compiler.ts';
import type { World } from './delegate.ts';
import type { Closure, Lambda, Operand } from './frame.ts';
import { anyBelow, callOf, identifierOf, type Syntax } from './syntax.ts';
import { hasCriteria, lookedAt, looking, noticed, traced } from './tracing.ts';

interface CompilerOrder {
  readonly world: World;
  readonly functions: ReadonlyMap<string, PathFunction>;
  /** Whether the values are to say what they come from. */
  readonly tracing: boolean;
  /** Where the parts that are left to the package are written down. */
  readonly left: string[];
}

/** What the parts of one expression are compiled with. */
export function newCompiler(tree: Syntax, { world, functions, tracing, left }: CompilerOrder): Compiler {
  const watchesIndex = anyBelow(tree, (node) => looksAtIndex(node, world));
  const base = { world, functions, watchesIndex, countsIndex: anyBelow(tree, countsIndex) };
  const plain: Compiler = {
    ...base,
    compile: (node) => compileNode(node, plain),
    operand: (node) => onSelf(plain.compile(node), watchesIndex),
    lambda: (node) => withSelf(plain.compile(node), watchesIndex),
    leave: (part) => left.push(part),
  };
  return tracing ? tracingCompiler(plain) : plain;
}

/** Values say what they come from; within criteria only what is looked at is noted. */
function tracingCompiler(plain: Compiler): Compiler {
  const { watchesIndex } = plain;
  const criteria: Compiler = {
    ...plain,
    tracing: 'looks',
    compile: (node) => looking(node, compileNode(node, criteria)),
    operand: (node) => {
      const operand = onSelf(criteria.compile(node), watchesIndex);
      return (frame) => lookedAt(operand(frame), frame);
    },
    lambda: (node) => {
      const lambda = withSelf(criteria.compile(node), watchesIndex);
      return (self, frame) => lookedAt(lambda(self, frame), frame);
    },
  };
  const compiler: Compiler = {
    ...plain,
    tracing: 'values',
    compile: (node) => traced(node, compileNode(node, hasCriteria(node) ? withCriteria : compiler), compiler),
    operand: (node) => {
      const operand = onSelf(compiler.compile(node), watchesIndex);
      return (frame) => noticed(operand(frame), frame);
    },
    lambda: (node) => {
      const lambda = withSelf(compiler.compile(node), watchesIndex);
      return (self, frame) => noticed(lambda(self, frame), frame);
    },
  };
  const withCriteria: Compiler = { ...compiler, lambda: criteria.lambda };
  return compiler;
}

function looksAtIndex({ type, atRoot, text }: Syntax, world: World): boolean {
  if (type === 'IndexInvocation' || type === 'TotalInvocation') return true;
  return atRoot === 2 && world.isTypeName(identifierOf(text ?? ''));
}

const COUNTING = new Set(['where', 'select', 'all', 'exists', 'extension', 'aggregate', 'sum', 'avg']);

function countsIndex(node: Syntax): boolean {
  return node.type === 'FunctionInvocation' && COUNTING.has(callOf(node).name);
}

function onSelf(closure: Closure, watchesIndex: boolean): Operand {
  const operand: Operand = (frame) => closure(frame.self, frame);
  return watchesIndex ? keepingIndex(operand) : operand;
}

/** In the package each operand has its own $index and $total, which those after it do not see. */
function keepingIndex(operand: Operand): Operand {
  return (frame) => {
    const { index, total } = frame;
    const items = operand(frame);
    frame.index = index;
    frame.total = total;
    return items;
  };
}

function withSelf(closure: Closure, watchesIndex: boolean): Lambda {
  const apart: Lambda = (self, frame) => {
    const outer = frame.self;
    frame.self = self;
    const items = closure(self, frame);
    frame.self = outer;
    return items;
  };
  if (!watchesIndex) return apart;
  return (self, frame) => keepingIndex((inner) => apart(self, inner))(frame);
}
