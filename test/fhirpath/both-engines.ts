import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { compilePath, type Engine } from '../../src/core/fhirpath/compile-path.ts';
import { worldOf } from '../../src/core/fhirpath/delegate.ts';
import type { PublicModel } from '../../src/core/fhirpath/package-values.ts';

/** What an engine answered: its values with their types and places, or that it is an error. */
export type Answer = readonly string[] | 'error';

export interface BothAnswers {
  readonly engine: Engine | 'refused';
  readonly package: Answer;
  readonly closures: Answer;
}

export interface Question {
  readonly expression: string;
  readonly input: unknown;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Undefined: the input is not FHIR. */
  readonly model?: PublicModel | undefined;
}

/** Evaluates an expression with the fhirpath package and with the compiler. */
export function bothAnswers({ expression, input, variables = {}, model }: Question): BothAnswers {
  const asked = answer(() =>
    fhirpath.evaluate(input, expression, { ...variables }, model, { resolveInternalTypes: false }),
  );
  try {
    const compiled = compilePath(expression, { model });
    const { toPackage } = worldOf(model).values;
    const ours = answer(() => compiled.run(input, variables).map(toPackage));
    return { engine: compiled.engine, package: asked, closures: ours };
  } catch {
    return { engine: 'refused', package: asked, closures: 'error' };
  }
}

export const R4 = r4;

function answer(evaluate: () => readonly unknown[]): Answer {
  try {
    return evaluate().map(described);
  } catch {
    return 'error';
  }
}

function described(value: unknown): string {
  const [type] = fhirpath.types([value]);
  const data: unknown = fhirpath.util.valData(value);
  return `${type} ${written(data)}${placeOf(value)}`;
}

function written(data: unknown): string {
  if (typeof data === 'bigint' || typeof data === 'number') return String(data);
  if (typeof data === 'object' && data !== null && 'asStr' in data) return String(data);
  return JSON.stringify(data) ?? String(data);
}

function placeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('fullPropertyName' in value)) return '';
  const { _data: under } = value as { _data?: unknown };
  const place = typeof value.fullPropertyName === 'function' ? String(value.fullPropertyName()) : '';
  return ` at ${place}${under ? ` with ${JSON.stringify(under)}` : ''}`;
}
