import fhirpath from 'fhirpath';
import { compilePath } from '../../src/core/fhirpath/compile-path.ts';
import { dataOf } from '../../src/core/fhirpath/items.ts';
import { plainCompilation } from '../../src/core/fhirpath/plain/compile-plain.ts';
import { MADE, NOTHING } from '../../src/core/fhirpath/plain/known.ts';
import type { Plain } from '../../src/core/fhirpath/plain/plain-compiler.ts';
import { listed, PlainRun } from '../../src/core/fhirpath/plain/plain-run.ts';
import type { Question } from './both-engines.ts';

/** What closures on plain data answered, beside the data of what the closures with nodes answered. */
export interface PlainAnswer {
  /** `not plain` when it was refused while compiling, `noteworthy` when it was while running. */
  readonly kind: 'answered' | 'not plain' | 'noteworthy';
  readonly plain?: readonly unknown[];
  readonly nodes?: readonly unknown[];
}

/** Asks the closures on plain data, and those with nodes. */
export function plainAnswer({ expression, input, variables = {}, model }: Question): PlainAnswer {
  const compilation = plainCompilation({ model, functions: new Map(), inputType: resourceTypeOf(input) });
  const plain = compilation.compile(fhirpath.parse(expression), (name) => variable(name, variables));
  if (plain === undefined) return { kind: 'not plain' };
  const answers = askedTwice(plain, () => new PlainRun(compilation.input(input), [], undefined));
  if (answers === undefined) return { kind: 'noteworthy' };
  return {
    kind: 'answered',
    plain: answers,
    nodes: orError(() => compilePath(expression, { model }).run(input, variables)),
  };
}

/** The same run is asked again, which then finds its paths looked up already. Undefined when something is noteworthy. */
function askedTwice(plain: Plain, newRun: () => PlainRun): readonly unknown[] | undefined {
  try {
    const run = newRun();
    const first = listed(plain.give(run)).slice();
    return JSON.stringify(listed(plain.give(run))) === JSON.stringify(first) ? first : ['another answer'];
  } catch {
    return undefined;
  }
}

function orError(run: () => readonly unknown[]): readonly unknown[] {
  try {
    return run().map(dataOf);
  } catch {
    return ['an error'];
  }
}

function resourceTypeOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('resourceType' in input)) return undefined;
  return typeof input.resourceType === 'string' ? input.resourceType : undefined;
}

function variable(name: string, variables: Readonly<Record<string, unknown>>): Plain | undefined {
  if (!(name in variables)) return undefined;
  const value = variables[name];
  const list = Array.isArray(value) ? value : [value];
  if (list.some((one) => typeof one === 'object')) return undefined;
  return {
    known: value === undefined ? NOTHING : MADE,
    give: () => value,
    ...(typeof value === 'string' && { text: value }),
  };
}
