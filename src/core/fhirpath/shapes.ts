/** What the compiler reads of a FHIR model of the fhirpath package (`fhirpath/fhir-context/r4`). */
export interface PathModel {
  readonly choiceTypePaths: Readonly<Record<string, readonly string[]>>;
  readonly pathsDefinedElsewhere: Readonly<Record<string, string>>;
  readonly type2Parent: Readonly<Record<string, string>>;
  readonly path2Type: Readonly<Record<string, string>>;
  readonly path2TypeWithoutElements: Readonly<Record<string, string>>;
  readonly availableTypes: ReadonlySet<string>;
}

/** One member that an element's name can stand for: `value` for `valueQuantity`, and so on. */
export interface Choice {
  readonly field: string;
  /** Where FHIR puts the id and extensions of a primitive: the same name behind an underscore. */
  readonly under: string;
  readonly shape: Shape;
}

/** What a name leads to from a value of one shape. */
export interface Step {
  readonly choices: readonly Choice[];
  /** Whether the name stands for one of several members. */
  readonly chosen: boolean;
}

/** Values that the package compares and adds as something else than the text or object that JSON holds. */
export type Conversion = 'none' | 'time' | 'quantity';

interface ShapeFacts {
  /** The model's path: a type where the element has one of its own (`HumanName`), else `Patient.contact`. */
  readonly path: string | undefined;
  readonly type: string | undefined;
  /** FHIRPath's name of the element; undefined for a root. */
  readonly name: string | undefined;
  /** JSON's name of the member: other than `name` for a choice. */
  readonly field: string | undefined;
}

/**
 * What is known of a value by the way that led to it. Made once for each step of a compiled expression and shared by
 * all values; never for names that a message brings along, or a sender could fill the memory.
 */
export class Shape implements ShapeFacts {
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly field: string | undefined;
  readonly conversion: Conversion;
  /** The type and all that it is derived from. */
  readonly kinds: ReadonlySet<string>;
  readonly #model: PathModel | undefined;
  readonly #steps = new Map<string, Step>();
  readonly #resources = new Map<string, Shape>();

  constructor(facts: ShapeFacts, model: PathModel | undefined) {
    this.path = facts.path;
    this.type = facts.type;
    this.name = facts.name;
    this.field = facts.field;
    this.#model = model;
    this.kinds = kindsOf(facts.type, model);
    this.conversion = conversionOf(facts.path, model);
  }

  /** Where a name that stands in an expression leads to. */
  step(name: string): Step {
    const known = this.#steps.get(name);
    if (known !== undefined) return known;
    const made = this.freshStep(name);
    this.#steps.set(name, made);
    return made;
  }

  /** The same for a name that comes from a message: nothing is kept. */
  freshStep(name: string): Step {
    return stepFrom(this.path, name, this.#model);
  }

  /** The shape of a value that stands here and says itself which resource it is. */
  ofResource(type: string): Shape {
    const known = this.#resources.get(type);
    if (known !== undefined) return known;
    const made = new Shape({ ...this.#facts(), path: type, type }, this.#model);
    const isKnown = this.#model?.availableTypes.has(type) === true;
    if (isKnown || this.#resources.size < UNKNOWN_RESOURCES_KEPT) this.#resources.set(type, made);
    return made;
  }

  #facts(): ShapeFacts {
    return { path: this.path, type: this.type, name: this.name, field: this.field };
  }
}

/** Names of resources come from messages: of those that no model knows, only so many are kept. */
const UNKNOWN_RESOURCES_KEPT = 64;

/** The shape of what came along no path. */
export function rootShape(model: PathModel | undefined): Shape {
  return new Shape({ path: undefined, type: undefined, name: undefined, field: undefined }, model);
}

function stepFrom(path: string | undefined, name: string, model: PathModel | undefined): Step {
  if (path === undefined) return plainStep(name, undefined, model);
  const joined = `${path}.${name}`;
  const below = model?.pathsDefinedElsewhere[joined] ?? joined;
  const types = model?.choiceTypePaths[below];
  if (types === undefined) return plainStep(name, name === 'extension' ? 'Extension' : below, model);
  return {
    choices: types.map((type) => choiceOf(name, name + type, below + type, model)),
    chosen: true,
  };
}

function plainStep(name: string, path: string | undefined, model: PathModel | undefined): Step {
  return { choices: [choiceOf(name, name, path, model)], chosen: false };
}

function choiceOf(name: string, field: string, path: string | undefined, model: PathModel | undefined): Choice {
  const type = path === undefined ? undefined : model?.path2Type[path];
  const own = path === undefined ? undefined : (model?.path2TypeWithoutElements[path] ?? path);
  return { field, under: `_${field}`, shape: new Shape({ path: own, type, name, field }, model) };
}

function kindsOf(type: string | undefined, model: PathModel | undefined): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (let kind = type; kind !== undefined && !kinds.has(kind); kind = parentOf(kind, model)) kinds.add(kind);
  return kinds;
}

function parentOf(type: string, model: PathModel | undefined): string | undefined {
  return model !== undefined && Object.hasOwn(model.type2Parent, type) ? model.type2Parent[type] : undefined;
}

const TIMES = new Set(['date', 'dateTime', 'instant', 'time']);

function conversionOf(path: string | undefined, model: PathModel | undefined): Conversion {
  if (path === undefined) return 'none';
  if (TIMES.has(path)) return 'time';
  return kindsOf(path, model).has('Quantity') ? 'quantity' : 'none';
}
