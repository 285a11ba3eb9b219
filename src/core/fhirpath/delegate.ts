import fhirpath from 'fhirpath';
import type { Items } from './items.ts';
import {
  isPackageModel,
  type PackageModel,
  type PackageValues,
  type PublicModel,
  packageValues,
} from './package-values.ts';
import { rootShape, Shape } from './shapes.ts';

/** One operation of the fhirpath package, on operands that closures have evaluated. */
export type Operation = (...operands: readonly Items[]) => Items;

/** What all expressions of one model share: the package's values, its operations, and the shapes of roots. */
export interface World {
  readonly model: PackageModel | undefined;
  readonly values: PackageValues;
  readonly root: Shape;
  /** What extension() gives is an Extension, whatever the model says of where it stands. */
  readonly extensionShape: Shape;
  /** Whether a name can be that of a type, so that it stands for a value of that type where a path begins. */
  isTypeName(name: string): boolean;
  /** The operation that an expression over %a, %b and %c stands for: `%a < %b`. Compiled when it is first needed. */
  operation(text: string): Operation;
}

const worlds = new Map<PublicModel | undefined, World>();

export function worldOf(model: PublicModel | undefined): World {
  const known = worlds.get(model);
  if (known !== undefined) return known;
  if (model !== undefined && !isPackageModel(model)) throw new Error('this is no FHIR model of the fhirpath package');
  const made = newWorld(model);
  worlds.set(model, made);
  return made;
}

function newWorld(model: PackageModel | undefined): World {
  const values = packageValues(model);
  const operations = new Map<string, Operation>();
  return {
    model,
    values,
    root: rootShape(model),
    extensionShape: new Shape({ path: 'Extension', type: 'Extension', name: 'extension', field: 'extension' }, model),
    isTypeName: (name) => model?.availableTypes.has(name) === true || SYSTEM_NAMES.has(name),
    operation(text) {
      const known = operations.get(text);
      if (known !== undefined) return known;
      const made = operationOf(text, model, values);
      operations.set(text, made);
      return made;
    },
  };
}

/** The names that the package gives to values whose type no model knows. */
const SYSTEM_NAMES = new Set(
  'Boolean String Integer Long Decimal Date DateTime Time Quantity Object Function Undefined'.split(' '),
);

const NAMES = ['a', 'b', 'c'] as const;

function operationOf(text: string, model: PackageModel | undefined, values: PackageValues): Operation {
  const compiled = fhirpath.compile(text, model, { resolveInternalTypes: false });
  return (...operands) => {
    const variables: Record<string, unknown> = {};
    for (const [position, name] of NAMES.entries()) variables[name] = operands[position]?.map(values.toPackage);
    const result: unknown[] = compiled({}, variables);
    return result.map(values.fromPackage);
  };
}
