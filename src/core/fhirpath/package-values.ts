import fhirpath from 'fhirpath';
import { Derived, dataOf, isObject, Node } from './items.ts';
import { type PathModel, rootShape, Shape } from './shapes.ts';

/** A FHIR model as the package types it. */
export type PublicModel = NonNullable<Parameters<typeof fhirpath.compile>[1]>;

/** A FHIR model with what the compiler reads of it; the package makes it but does not type it. */
export type PackageModel = PublicModel & PathModel;

export function isPackageModel(model: PublicModel): model is PackageModel {
  return 'availableTypes' in model && 'path2TypeWithoutElements' in model;
}

/** What the package knows of a value that it read (its class ResourceNode). */
interface PackageNode {
  readonly ctx: unknown;
  readonly data: unknown;
  readonly _data: unknown;
  readonly parentResNode: PackageNode | null;
  readonly path: string | null;
  readonly fhirNodeDataType: string | null;
  readonly propName: string | null;
  readonly index: number | null;
}

type MakeNode = new (...facts: readonly unknown[]) => PackageNode;
type MakeDecimal = new (value: number) => { toNumber(): number };

/** Turns values of the closures into values of the package and back. */
export interface PackageValues {
  toPackage(item: unknown): unknown;
  fromPackage(value: unknown): unknown;
}

/**
 * The package does not export the classes of its nodes and decimals: they are taken from values that it makes.
 * @param model as it is given to the package; undefined for data that is not FHIR
 */
export function packageValues(model: PackageModel | undefined): PackageValues {
  const sample = firstOf('$this', model);
  const node = classOf<MakeNode>(sample, 'parentResNode');
  const decimal = classOf<MakeDecimal>(firstOf('1.5', model), 'decimalPlaces');
  const ctx = isObject(sample) ? sample['ctx'] : undefined;
  const isPackageNode = (value: unknown): value is PackageNode => value instanceof node;
  const untyped = rootShape(model);

  const nodeFor = (one: Node): PackageNode => {
    const { shape, parent, index, under, data } = one;
    const above = parent === undefined ? null : nodeFor(parent);
    const place = index < 0 ? null : index;
    return new node(ctx, data, above, shape.path ?? null, under, shape.type ?? null, shape.name ?? null, place);
  };

  const nodeFrom = (one: PackageNode): Node => {
    const parent = one.parentResNode === null ? undefined : nodeFrom(one.parentResNode);
    const shape = shapeFrom(one, parent, model) ?? untyped;
    const made = new Node(plainNumber(one.data, decimal), shape, parent, one.index ?? -1);
    made.under = one._data;
    return made;
  };

  return {
    toPackage(item) {
      if (item instanceof Node && !(item instanceof Derived)) return nodeFor(item);
      const value = dataOf(item);
      return typeof value === 'number' ? new decimal(value) : withoutBookkeeping(value);
    },
    fromPackage: (value) => (isPackageNode(value) ? nodeFrom(value) : plainNumber(value, decimal)),
  };
}

function firstOf(expression: string, model: PackageModel | undefined): unknown {
  const input = { resourceType: 'Basic' };
  const [first]: unknown[] = fhirpath.evaluate(input, expression, {}, model, { resolveInternalTypes: false });
  return first;
}

function classOf<Made>(sample: unknown, member: string): Made {
  if (!isObject(sample) || !(member in sample)) throw new Error('the fhirpath package has other values than expected');
  const made = sample.constructor;
  if (!isClass<Made>(made)) throw new Error('the fhirpath package has other values than expected');
  return made;
}

function isClass<Made>(value: unknown): value is Made {
  return typeof value === 'function';
}

/** A decimal whose text says no more than its number is that number; `1.50` stays what it is. */
function plainNumber(value: unknown, decimal: MakeDecimal): unknown {
  if (!(value instanceof decimal)) return value;
  const number = value.toNumber();
  return String(number) === String(value) ? number : value;
}

/** The way to a node is known by its names; nothing of it is kept, for names of a message may be among them. */
function shapeFrom(one: PackageNode, parent: Node | undefined, model: PackageModel | undefined): Shape | undefined {
  const { path, fhirNodeDataType: type, propName: name } = one;
  if (path === null && type === null && name === null) return undefined;
  const facts = { path: path ?? undefined, type: type ?? undefined, name: name ?? undefined };
  return new Shape({ ...facts, field: fieldOf(facts, parent) }, model);
}

function fieldOf({ name, type }: { name: string | undefined; type: string | undefined }, parent: Node | undefined) {
  if (name === undefined || parent === undefined) return name;
  const { choices, chosen } = parent.shape.freshStep(name);
  if (!chosen) return name;
  return choices.find(({ shape }) => shape.type === type)?.field ?? name;
}

/**
 * The package reads a member `__path__` of what it is given as its own bookkeeping. A message that holds one must not
 * reach into the evaluation.
 */
export function withoutBookkeeping(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBookkeeping);
  if (!isObject(value) || !Object.hasOwn(value, '__path__')) return value;
  const { __path__: _left, ...rest } = value;
  return rest;
}
