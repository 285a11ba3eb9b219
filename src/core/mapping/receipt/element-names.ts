import { type PathModel, Shape } from '../../fhirpath/shapes.ts';

/** What a member of a FHIR object is called in FHIRPath, and what the model calls what stands there. */
export interface ElementName {
  /** With the dot before it. */
  readonly step: string;
  /** Undefined where the model knows nothing. */
  readonly path: string | undefined;
}

/** Names by the model's path and the member's JSON name; only those that the model knows, or a sender could fill the memory. */
const known = new Map<string, Map<string, ElementName>>();

/** Those of one path that have been asked for. */
export function knownNames(path: string): ReadonlyMap<string, ElementName> | undefined {
  return known.get(path);
}

/** `deceased` for a Patient's `deceasedBoolean`, `birthDate` for its `_birthDate`. */
export function elementName(path: string, field: string, model: PathModel): ElementName {
  const before = known.get(path)?.get(field);
  if (before !== undefined) return before;
  const shape = new Shape({ path, type: undefined, name: undefined, field: undefined }, model);
  const found = nameIn(shape, field.startsWith('_') ? field.slice(1) : field);
  if (found.type === undefined) return { step: `.${field}`, path: found.path };
  const made = { step: `.${found.name ?? field}`, path: found.path };
  const ofPath = known.get(path) ?? new Map<string, ElementName>();
  known.set(path, ofPath.set(field, made));
  return made;
}

type Named = Pick<Shape, 'name' | 'path' | 'type'>;

function nameIn(shape: Shape, field: string): Named {
  for (const { index } of field.matchAll(/[A-Z]/g)) {
    const { choices, chosen } = shape.freshStep(field.slice(0, index));
    const choice = chosen ? choices.find((one) => one.field === field) : undefined;
    if (choice !== undefined) return choice.shape;
  }
  return shape.freshStep(field).choices[0]?.shape ?? { name: field, path: undefined, type: undefined };
}
