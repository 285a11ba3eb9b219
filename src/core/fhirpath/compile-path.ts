import type { PathFunction } from './compiler.ts';
import { type World, worldOf } from './delegate.ts';
import { BAIL, type Closure, type Frame, LeftToPackage, type LookedAt } from './frame.ts';
import { PreparedInput } from './input.ts';
import { Derived, type Items, Node } from './items.ts';
import { newCompiler } from './new-compiler.ts';
import { type PackageRun, packageRun } from './package-run.ts';
import type { PublicModel } from './package-values.ts';
import { parsedTree } from './parsed.ts';
import { reachOf } from './reach.ts';
import { REGULAR_FUNCTIONS } from './regular.ts';
import type { Syntax } from './syntax.ts';
import { newTracing } from './tracing.ts';

export interface PathOptions<Given = unknown> {
  /** The model of FHIR input; undefined for data that is not FHIR. */
  readonly model?: PublicModel | undefined;
  /** Functions beyond FHIRPath's own, by name. They take the place of one that has the same name. */
  readonly functions?: ReadonlyMap<string, PathFunction<Given>>;
  /** The tree of the expression, when it has been parsed already. */
  readonly tree?: Syntax;
}

/**
 * What an expression runs on: closures alone, closures that hand parts to the fhirpath package, or the package. All
 * give the same; closures also hand over operands that they meet while running (dates, quantities).
 */
export type Engine = 'closures' | 'mixed' | 'fhirpath';

type Variables = Readonly<Record<string, unknown>>;

interface Said {
  readonly engine: Engine;
  /** What is left to the package, when anything is. */
  readonly why?: string;
}

export interface CompiledPath extends Said {
  /**
   * Evaluates on an input, which is not changed. Gives nodes and plain values, which can be given back as variables.
   * @param input data, or what `prepareInput` made of it
   * @param given handed to the functions of the options
   * @throws when FHIRPath calls it an error; what the error says may repeat values
   */
  run(input: unknown, variables: Variables, given?: unknown): Items;
}

export interface TracedItems {
  /** Nodes, also for values that the expression made (`Derived`): `sourcesOf` says what each comes from. */
  readonly items: Items;
  /** What was looked at in conditions; `unknown` extent: all that could have been read. */
  readonly decided: readonly Node[];
  /** The same of texts of which no nodes were made. */
  readonly looked: readonly LookedAt[];
  /** `unknown` when the package evaluated the expression: then a value that it made may come from all that it could have read. */
  readonly extent: 'exact' | 'unknown';
}

export interface TracedPath extends Said {
  run(input: unknown, variables: Variables, given?: unknown): TracedItems;
}

/** Makes an input ready for several expressions, which then share what they find. It must not change between them. */
export function prepareInput(input: unknown, model: PublicModel | undefined): PreparedInput {
  return new PreparedInput(input, worldOf(model));
}

/**
 * Compiles an expression once, to be run often.
 * @throws what the fhirpath package throws for a text that is not FHIRPath
 */
export function compilePath(text: string, options: PathOptions = {}): CompiledPath {
  const { closure, whole, said, world } = compileParts(text, options, false);
  if (closure === undefined)
    return { ...said, run: (input, variables, given) => whole(dataIn(input), variables, given) };
  return {
    ...said,
    run(input, variables, given) {
      const frame = newFrame(input, variables, given, world);
      try {
        return closure(frame.root, frame);
      } catch (error) {
        if (error !== BAIL) throw error;
        return whole(dataIn(input), variables, given);
      }
    },
  };
}

/** The same for receipts: each value says what it comes from. Slower; the closures of `compilePath` know nothing of it. */
export function compileTracedPath(text: string, options: PathOptions = {}): TracedPath {
  const parts = compileParts(text, options, true);
  const { closure, said, world } = parts;
  return {
    ...said,
    run(input, variables, given) {
      const frame = newFrame(input, variables, given, world);
      if (closure === undefined) return conservative(parts, input, frame);
      const trace = newTracing();
      frame.trace = trace;
      try {
        const items = closure(frame.root, frame);
        return { items, decided: trace.decided, looked: trace.looked, extent: 'exact' };
      } catch (error) {
        if (error !== BAIL) throw error;
        return conservative(parts, input, frame);
      }
    },
  };
}

/** The package does not say what it reads: everything that the expression speaks of may be what its values come from. */
function conservative({ whole, tree, world }: Parts, input: unknown, { root, variables, given }: Frame): TracedItems {
  const made = whole(dataIn(input), variables, given);
  const reached = reachOf(tree, root, variables, world);
  const items = made.map((item) => (item instanceof Node ? item : new Derived(item, world.root, reached)));
  return { items, decided: reached, looked: [], extent: 'unknown' };
}

interface Parts {
  /** Undefined when the package evaluates the whole expression. */
  readonly closure: Closure | undefined;
  readonly whole: PackageRun;
  readonly said: Said;
  readonly world: World;
  readonly tree: Syntax;
}

function compileParts(text: string, options: PathOptions, tracing: boolean): Parts {
  const world = worldOf(options.model);
  const tree: Syntax = options.tree ?? parsedTree(text);
  const functions = new Map([...REGULAR_FUNCTIONS, ...(options.functions ?? [])]);
  const whole = packageRun({ text, tree, world, functions });
  const left: string[] = [];
  try {
    const closure = newCompiler(tree, { world, functions, tracing, left }).compile(tree);
    const said: Said = left.length === 0 ? { engine: 'closures' } : { engine: 'mixed', why: left.join(', ') };
    return { closure, whole, said, world, tree };
  } catch (error) {
    if (!(error instanceof LeftToPackage)) throw error;
    return { closure: undefined, whole, said: { engine: 'fhirpath', why: error.message }, world, tree };
  }
}

function newFrame(input: unknown, variables: Variables, given: unknown, world: World): Frame {
  const { root, paths } = input instanceof PreparedInput ? input : new PreparedInput(input, world);
  return { root, paths, variables, given, self: root, index: undefined, total: undefined, trace: undefined };
}

function dataIn(input: unknown): unknown {
  return input instanceof PreparedInput ? input.data : input;
}
