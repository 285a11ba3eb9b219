import type { PathFunction } from '../compiler.ts';
import { type World, worldOf } from '../delegate.ts';
import { LeftToPackage } from '../frame.ts';
import { pathFromRoot } from '../navigation.ts';
import type { PublicModel } from '../package-values.ts';
import { REGULAR_FUNCTIONS } from '../regular.ts';
import { child, identifierOf, type Syntax, textOf, variableNameOf } from '../syntax.ts';
import { type Known, MADE, NOTHING, readAs } from './known.ts';
import type { Plain, PlainCompiler } from './plain-compiler.ts';
import { plainFunction } from './plain-functions.ts';
import { plainMember } from './plain-member.ts';
import {
  plainArithmetic,
  plainEquality,
  plainInequality,
  plainLogic,
  plainMembership,
  plainPolarity,
  plainUnion,
} from './plain-operators.ts';
import { listed, NOTEWORTHY, NotPlain, type PlainItems, plainInput } from './plain-run.ts';

export interface PlainOptions {
  readonly model: PublicModel | undefined;
  readonly functions: ReadonlyMap<string, PathFunction>;
  /** The resource that every input is; undefined: any data but a resource. */
  readonly inputType: string | undefined;
}

/** Compiles the expressions that are asked of the same inputs. */
export interface PlainCompilation {
  /**
   * @param variable what a name stands for; undefined where plain data cannot stand for it
   * @returns undefined when the expression needs more than plain data
   */
  compile(tree: Syntax, variable: (name: string) => Plain | undefined): Plain | undefined;
  /** @throws NOTEWORTHY when the input is not what was said */
  input(data: unknown): PlainItems;
}

export function plainCompilation({ model, functions, inputType }: PlainOptions): PlainCompilation {
  const world = withoutPackage(worldOf(model));
  const paths = new Map<string, number>();
  const root: Plain = { known: rootKnown(world, inputType), give: (run) => run.input, isThis: true };
  const all = new Map([...REGULAR_FUNCTIONS, ...functions]);
  return {
    compile(tree, variable) {
      const compiler: PlainCompiler = {
        world,
        functions: all,
        variable,
        root,
        numberOf(path) {
          const number = paths.get(path) ?? paths.size;
          paths.set(path, number);
          return number;
        },
        compile: (node, start) => compileNode(node, start, start, compiler),
      };
      try {
        return compiler.compile(tree, root);
      } catch (error) {
        if (error instanceof NotPlain || error instanceof LeftToPackage) return undefined;
        throw error;
      }
    },
    input: (data) => plainInput(data, inputType),
  };
}

/** What the package would be asked is left to the closures with nodes, which ask it. */
function withoutPackage(world: World): World {
  return {
    ...world,
    operation: () => () => {
      throw NOTEWORTHY;
    },
  };
}

function rootKnown(world: World, type: string | undefined): Known {
  if (type === undefined) return readAs([world.root]);
  return { shapes: [world.root.ofResource(type)], made: false, resources: true };
}

/** `of` is what the node is applied to, `start` is $this. */
function compileNode(node: Syntax, of: Plain, start: Plain, compiler: PlainCompiler): Plain {
  switch (node.type) {
    case 'EntireExpression':
    case 'TermExpression':
    case 'InvocationTerm':
      return compileNode(child(node), of, start, compiler);
    case 'ParenthesizedTerm':
      return compiler.compile(child(node), start);
    case 'InvocationExpression':
      return sequence(node, start, compiler);
    case 'MemberInvocation':
      return member(node, of, compiler);
    case 'FunctionInvocation':
      return plainFunction(node, of, start, compiler);
    case 'IndexerExpression':
      return indexer(node, start, compiler);
    case 'LiteralTerm':
      return literal(child(node));
    case 'ExternalConstantTerm':
      return variable(node, compiler);
    case 'ThisInvocation':
      return start;
    default:
      return operator(node, start, compiler);
  }
}

type Operator = (node: Syntax, start: Plain, compiler: PlainCompiler) => Plain;

const OPERATORS: Readonly<Record<string, Operator>> = {
  UnionExpression: plainUnion,
  EqualityExpression: plainEquality,
  InequalityExpression: plainInequality,
  MembershipExpression: plainMembership,
  AdditiveExpression: plainArithmetic,
  MultiplicativeExpression: plainArithmetic,
  PolarityExpression: plainPolarity,
  AndExpression: plainLogic,
  OrExpression: plainLogic,
  ImpliesExpression: plainLogic,
};

function operator(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const compile = OPERATORS[node.type];
  if (compile === undefined) throw new NotPlain(node.type);
  return compile(node, start, compiler);
}

/** `a.b`; what a path of names gives from the root is kept for the other expressions of the run. */
function sequence(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const left = compileNode(child(node, 0), start, start, compiler);
  const whole = compileNode(child(node, 1), left, start, compiler);
  const path = start === compiler.root ? pathFromRoot(node, compiler) : undefined;
  if (path === undefined) return whole;
  const number = compiler.numberOf(path);
  const { give } = whole;
  return {
    ...whole,
    give(run) {
      const known = run.known[number];
      if (known !== undefined) return known === ABSENT ? undefined : known;
      const items = give(run);
      run.known[number] = items === undefined ? ABSENT : items;
      return items;
    },
  };
}

const ABSENT = Symbol('absent');

function member(node: Syntax, of: Plain, compiler: PlainCompiler): Plain {
  const name = identifierOf(child(node).text ?? '');
  if (node.atRoot === undefined || !compiler.world.isTypeName(name)) return plainMember(of, name);
  if (node.atRoot === 2 && isBelowRoot(of, compiler)) return plainMember(of, name);
  // A path may begin with the type of the input. Anywhere else such a name can mean two things.
  const [shape] = compiler.root.known.shapes;
  if (of !== compiler.root || !of.known.resources || shape?.type !== name) throw new NotPlain(`the type ${name}`);
  return { ...of, isThis: false };
}

/** In an argument a name like `code` or `id` means a type only where $this is the root itself. */
function isBelowRoot({ known }: Plain, { root }: PlainCompiler): boolean {
  return !known.made && known.shapes.every((shape) => !root.known.shapes.includes(shape));
}

/** `a[0]` */
function indexer(node: Syntax, start: Plain, compiler: PlainCompiler): Plain {
  const { known, give } = compiler.compile(child(node, 0), start);
  const index = compiler.compile(child(node, 1), start);
  if (index.known !== MADE) throw new NotPlain('an index that is read');
  return {
    known,
    give(run) {
      const position = index.give(run);
      if (!Number.isInteger(position)) throw NOTEWORTHY;
      return listed(give(run))[Number(position)];
    },
  };
}

function literal({ type, text = '' }: Syntax): Plain {
  if (type === 'NullLiteral') return { known: NOTHING, give: () => undefined };
  const value = literalValue(type, text);
  return { known: MADE, give: () => value, ...(typeof value === 'string' && { text: value }) };
}

function literalValue(type: string, text: string): string | number | boolean {
  if (type === 'BooleanLiteral') return text === 'true';
  if (type === 'StringLiteral') return textOf(text);
  // Others say more than their number: how exact they are, or in which unit.
  if (type === 'NumberLiteral' && String(Number(text)) === text) return Number(text);
  throw new NotPlain(text);
}

function variable(node: Syntax, compiler: PlainCompiler): Plain {
  const name = variableNameOf(node);
  const plain = compiler.variable(name);
  if (plain === undefined) throw new NotPlain(`%${name}`);
  return plain;
}
