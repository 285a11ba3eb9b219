import type { PathModel } from '../../fhirpath/shapes.ts';
import { elementName } from './element-names.ts';
import type { Mark, Marks } from './marks.ts';
import { escaped } from './production.ts';
import { FATES, type Fate, type InputElement, type TranslatedCode } from './receipt.ts';

interface Walk {
  readonly marks: Marks;
  /** Undefined for what is not FHIR. */
  readonly model: PathModel | undefined;
  readonly out: InputElement[];
}

/** Goes through an input once: every element that has a value, with what became of it. */
export function inputElements(input: unknown, marks: Marks, model: PathModel | undefined): InputElement[] {
  const walk: Walk = { marks, model, out: [] };
  if (!Array.isArray(input)) visit(input, rootName(input, walk) ?? '', walk);
  else for (const [index, item] of input.entries()) visit(item, `${rootName(item, walk) ?? ''}[${index}]`, walk);
  return walk.out;
}

function visit(value: unknown, place: string, walk: Walk): void {
  if (typeof value !== 'object' || value === null) return;
  const path = rootName(value, walk);
  if (path === undefined) visitJson(value, place, walk);
  else visitFhir(value, { place, path }, walk);
}

function rootName(value: unknown, { model }: Walk): string | undefined {
  if (model === undefined || typeof value !== 'object' || value === null || !('resourceType' in value))
    return undefined;
  return typeof value.resourceType === 'string' ? value.resourceType : undefined;
}

function visitJson(value: object, place: string, walk: Walk): void {
  const marks = walk.marks.within(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const inner: unknown = value[index];
      if (typeof inner === 'object') visit(inner, `${place}/${index}`, walk);
      else addElement(`${place}/${index}`, marks?.get(index), walk);
    }
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const at = `${place}/${escaped(key)}`;
    if (typeof inner === 'object') visit(inner, at, walk);
    else if (inner !== undefined) addElement(at, marks?.get(key), walk);
  }
}

interface FhirPlace {
  readonly place: string;
  /** The model's path of what stands there. */
  readonly path: string | undefined;
}

function visitFhir(value: object, { place, path }: FhirPlace, walk: Walk): void {
  const marks = walk.marks.within(value);
  for (const field in value) {
    if (!Object.hasOwn(value, field)) continue;
    // It says what the resource is, and is no element of it.
    if (field === 'resourceType') continue;
    const inner: unknown = value[field as keyof typeof value];
    const named = path === undefined || walk.model === undefined ? undefined : elementName(path, field, walk.model);
    const at = { place: `${place}.${named?.name ?? field}`, path: named?.path };
    if (typeof inner !== 'object') {
      if (inner !== undefined) addElement(at.place, marks?.get(field), walk);
    } else if (Array.isArray(inner)) visitList(inner, at, walk);
    else if (inner !== null) visitInner(inner, at, walk);
  }
}

function visitList(list: readonly unknown[], { place, path }: FhirPlace, walk: Walk): void {
  const marks = walk.marks.within(list);
  for (let index = 0; index < list.length; index++) {
    const inner = list[index];
    const at = { place: `${place}[${index}]`, path };
    if (typeof inner !== 'object') {
      if (inner !== undefined) addElement(at.place, marks?.get(index), walk);
    } else if (Array.isArray(inner)) visitList(inner, at, walk);
    else if (inner !== null) visitInner(inner, at, walk);
  }
}

function visitInner(inner: object, { place, path }: FhirPlace, walk: Walk): void {
  visitFhir(inner, { place, path: rootName(inner, walk) ?? path }, walk);
}

const NOTHING: readonly never[] = [];

function addElement(element: string, mark: Mark | undefined, { out }: Walk): void {
  if (mark === undefined) {
    out.push({ element, fate: 'dropped', to: NOTHING, translations: NOTHING });
    return;
  }
  mark.element = element;
  const { uses, translations, decidedBy, passedBy } = mark;
  const fate = fateOf(mark);
  const rule = decidedBy ?? passedBy;
  const told = translations.length === 0 ? NOTHING : eachOnce(translations.map((one) => one.told));
  out.push({ element, fate, to: uses, ...(uses.length === 0 && rule !== undefined && { rule }), translations: told });
}

function fateOf({ uses, decidedBy }: Mark): Fate {
  if (uses.length === 0) return decidedBy === undefined ? 'dropped' : 'decided';
  let best: Fate = 'narrowed';
  for (const { fate } of uses) if (FATES.indexOf(fate) < FATES.indexOf(best)) best = fate;
  return best;
}

function eachOnce(told: readonly TranslatedCode[]): TranslatedCode[] {
  const seen = new Map(told.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}
