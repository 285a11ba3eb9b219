import type { PathModel } from '../../fhirpath/shapes.ts';
import { elementName } from './element-names.ts';
import type { Mark, Marks } from './marks.ts';
import { escaped } from './production.ts';
import { FATES, type Fate, type InputElement, type TranslatedCode } from './receipt.ts';

interface Walk {
  readonly marks: Pick<Marks, 'within'>;
  /** Undefined for what is not FHIR. */
  readonly model: PathModel | undefined;
  /** Hears of every element that has a value. */
  readonly element: (place: string, mark: Mark | undefined, value: unknown) => void;
}

/** Goes through an input once: every element that has a value, with what became of it. */
export function inputElements(input: unknown, marks: Marks, model: PathModel | undefined): InputElement[] {
  const out: InputElement[] = [];
  walkThrough(input, { marks, model, element: (place, mark) => out.push(elementOf(place, mark)) });
  return out;
}

const NO_MARKS = { within: () => undefined };

/** The values of an input by the same places. */
export function valuesByElement(input: unknown, model: PathModel | undefined): Map<string, unknown> {
  const out = new Map<string, unknown>();
  walkThrough(input, { marks: NO_MARKS, model, element: (place, _mark, value) => out.set(place, value) });
  return out;
}

function walkThrough(input: unknown, walk: Walk): void {
  if (!Array.isArray(input)) visit(input, rootName(input, walk) ?? '', walk);
  else for (const [index, item] of input.entries()) visit(item, `${rootName(item, walk) ?? ''}[${index}]`, walk);
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
      else walk.element(`${place}/${index}`, marks?.get(index), inner);
    }
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const at = `${place}/${escaped(key)}`;
    if (typeof inner === 'object') visit(inner, at, walk);
    else if (inner !== undefined) walk.element(at, marks?.get(key), inner);
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
      if (inner !== undefined) walk.element(at.place, marks?.get(field), inner);
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
      if (inner !== undefined) walk.element(at.place, marks?.get(index), inner);
    } else if (Array.isArray(inner)) visitList(inner, at, walk);
    else if (inner !== null) visitInner(inner, at, walk);
  }
}

function visitInner(inner: object, { place, path }: FhirPlace, walk: Walk): void {
  visitFhir(inner, { place, path: rootName(inner, walk) ?? path }, walk);
}

const NOTHING: readonly never[] = [];

function elementOf(element: string, mark: Mark | undefined): InputElement {
  if (mark === undefined) return { element, fate: 'dropped', to: NOTHING, translations: NOTHING };
  mark.element = element;
  const { uses, translations, decidedBy, passedBy } = mark;
  const fate = fateOf(mark);
  const rule = uses.length === 0 ? (decidedBy ?? passedBy) : undefined;
  const told = translations.length === 0 ? NOTHING : eachOnce(translations.map((one) => one.told));
  return { element, fate, to: uses, ...(rule !== undefined && { rule }), translations: told };
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
