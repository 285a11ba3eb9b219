import type { Compiler, NativeFunction, PathFunction } from '../compiler.ts';
import { CONVERSION_FUNCTIONS } from '../conversion.ts';
import type { Frame } from '../frame.ts';
import { isObject, Node } from '../items.ts';
import { MATH_FUNCTIONS } from '../math.ts';
import { STRING_FUNCTIONS } from '../strings.ts';
import { type Call, callOf, type Syntax } from '../syntax.ts';
import { isConvertible, typeOf, wantedType } from '../types-of-values.ts';
import { isOpen, MADE, onlyShape, readAs, refuseConverted } from './known.ts';
import type { Plain, PlainCompiler } from './plain-compiler.ts';
import { PLAIN_FILTERS } from './plain-filters.ts';
import { refuseResources, resourcesOf } from './plain-member.ts';
import { collected, listed, NOTEWORTHY, NotPlain, type PlainItems, PlainRun } from './plain-run.ts';

/** Functions that make texts, numbers and truths of such: what they do is what the closures with nodes do. */
const SHARED: ReadonlyMap<string, NativeFunction> = new Map([
  ...STRING_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...MATH_FUNCTIONS,
]);

/** These take times and quantities for something else than the text or object that stands there. */
const CONVERTING: ReadonlySet<string> = new Set([...CONVERSION_FUNCTIONS, ...MATH_FUNCTIONS].map(([name]) => name));

/** `of.name(…)` */
export function plainFunction(node: Syntax, of: Plain, start: Plain, compiler: PlainCompiler): Plain {
  const call = callOf(node);
  const own = compiler.functions.get(call.name);
  if (own !== undefined) return ownFunction(own, call, { of, start, compiler });
  if (call.name === 'ofType') return ofType(call, of, compiler);
  const filter = PLAIN_FILTERS.get(call.name);
  if (filter !== undefined) return filter(call.given, { of, start, compiler });
  const shared = SHARED.get(call.name);
  if (shared === undefined || !shared.parameters.includes(call.given.length)) {
    throw new NotPlain(`${call.name}()`);
  }
  if (CONVERTING.has(call.name)) refuseConverted(of.known);
  return sharedFunction(shared, call, { of, start, compiler });
}

interface Around {
  readonly of: Plain;
  readonly start: Plain;
  readonly compiler: PlainCompiler;
}

function sharedFunction(native: NativeFunction, { given }: Call, { of, start, compiler }: Around): Plain {
  const closure = native.compile(given, sharing(start, compiler));
  const { give } = of;
  return { known: MADE, give: (run) => collected(closure(listed(give(run)), run)) };
}

/** The compiler that such a function sees: its operands are plain, and nothing can be left to the package. */
function sharing(start: Plain, compiler: PlainCompiler): Compiler {
  const refuse = (): never => {
    throw new NotPlain('an argument that is more than a value');
  };
  return {
    world: compiler.world,
    functions: compiler.functions,
    compile: refuse,
    lambda: refuse,
    leave: refuse,
    operand(node) {
      const { give } = compiler.compile(node, start);
      return (frame) => listed(give(runOf(frame)));
    },
    watchesIndex: false,
    countsIndex: false,
  };
}

function runOf(frame: Frame): PlainRun {
  if (frame instanceof PlainRun) return frame;
  throw new Error('a plain expression runs in a frame that is not its own');
}

/** A function of the caller's. One that looks beside what it is given is given the whole object instead. */
function ownFunction(own: PathFunction, { given, name }: Call, { of, start, compiler }: Around): Plain {
  if (!own.parameters.includes(given.length)) throw new NotPlain(`${name}() with ${given.length} arguments`);
  const operands = given.map((one) => compiler.compile(one, start));
  const applied = withBeside(own, of);
  return {
    known: MADE,
    give(run) {
      const texts: string[] = [];
      for (const operand of operands) {
        const text = operand.give(run);
        if (text === undefined) return undefined;
        if (typeof text !== 'string') throw NOTEWORTHY;
        texts.push(text);
      }
      return collected(own.run(listed(applied(run)), texts, run.given));
    },
  };
}

function withBeside({ looksBeside }: PathFunction, of: Plain): Plain['give'] {
  if (looksBeside === undefined || !of.known.shapes.some(({ name }) => name === looksBeside)) return of.give;
  const { member } = of;
  if (member?.name !== looksBeside || member.step.chosen) throw new NotPlain('a function that looks beside a value');
  const { give } = member.of;
  const { give: read } = of;
  return (run) => {
    // What is noteworthy about the member itself must not be passed over.
    read(run);
    return wholes(give(run), looksBeside);
  };
}

/** The objects that have the member, as a text: only of these is it sure that they say the same as the text does. */
function wholes(items: PlainItems, name: string): PlainItems {
  return collected(
    listed(items).filter((item) => {
      const text = isObject(item) ? item[name] : undefined;
      if (text === undefined || text === null) return false;
      if (typeof text !== 'string' || !isObject(item) || 'coding' in item || 'toJSON' in item) throw NOTEWORTHY;
      return true;
    }),
  );
}

function ofType({ given }: Call, of: Plain, compiler: PlainCompiler): Plain {
  const text = given[0]?.text;
  if (text === undefined || given.length !== 1 || of.known.made) throw new NotPlain('ofType()');
  const wanted = wantedType(text, compiler);
  const { model } = compiler.world;
  if (isOpen(of.known)) {
    const shape = onlyShape(of.known);
    const parents = Object.entries(model?.type2Parent ?? {});
    const isLeaf = parents.every(([, parent]) => parent !== wanted.name);
    const known = { shapes: [shape.ofResource(wanted.name)], made: false, resources: true };
    if (!isLeaf || known.shapes[0]?.kinds.has('Resource') !== true) throw new NotPlain(`ofType(${text})`);
    return resourcesOf(of, wanted.name, known);
  }
  if (of.known.resources) throw new NotPlain('ofType() of a resource');
  const counts = (shape: Node['shape']): boolean => {
    const sample = new Node(undefined, shape, undefined, -1);
    const type = shape.type === undefined ? undefined : typeOf(sample);
    if (type === undefined) throw new NotPlain('ofType() of what has no type');
    return isConvertible(sample, type, wanted, model);
  };
  if (of.member?.step.chosen === true) return guarded(of.member.narrowed(counts, 'left out'));
  const kept = of.known.shapes.filter(counts);
  if (kept.length === 0) throw new NotPlain('ofType() that never is');
  if (kept.length < of.known.shapes.length) throw new NotPlain('ofType() of several kinds');
  return guarded({ known: readAs(kept), give: of.give });
}

/** A resource says itself what type it is, wherever it stands. */
function guarded({ known, give }: Plain): Plain {
  return { known, give: (run) => refuseResources(give(run)) };
}
