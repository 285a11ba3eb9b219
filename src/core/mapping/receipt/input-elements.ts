import type { PathModel } from '../../fhirpath/shapes.ts';
import { type ElementName, elementName, knownNames } from './element-names.ts';
import type { HeardTranslation, Mark, Marks } from './marks.ts';
import { escaped } from './production.ts';
import type { Fate, InputElement, TranslatedCode, Use } from './receipt.ts';

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
  if (!Array.isArray(input) || walk.model === undefined) visit(input, rootName(input, walk) ?? '', walk);
  else for (const [index, item] of input.entries()) visit(item, `${rootName(item, walk) ?? ''}[${index}]`, walk);
}

function visit(value: unknown, place: string, walk: Walk): void {
  if (typeof value !== 'object' || value === null) return;
  const path = rootName(value, walk);
  if (path === undefined) visitJson(value, place, walk);
  else visitFhir(value, place, path, walk);
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

/** @param path the model's path of what stands there */
function visitFhir(value: object, place: string, path: string | undefined, walk: Walk): void {
  const marks = walk.marks.within(value);
  const names = path === undefined ? undefined : knownNames(path);
  for (const [field, inner] of Object.entries(value)) {
    // It says what the resource is, and is no element of it.
    if (field === 'resourceType') continue;
    const named = names?.get(field) ?? nameOf(path, field, walk);
    const at = place + named.step;
    if (typeof inner === 'object') visitInner(inner, at, named.path, walk);
    else if (inner !== undefined) walk.element(at, marks?.get(field), inner);
  }
}

function nameOf(path: string | undefined, field: string, { model }: Walk): ElementName {
  return path === undefined || model === undefined
    ? { step: `.${field}`, path: undefined }
    : elementName(path, field, model);
}

function visitInner(inner: object | null, place: string, path: string | undefined, walk: Walk): void {
  if (inner === null) return;
  if (!Array.isArray(inner)) {
    visitFhir(inner, place, rootName(inner, walk) ?? path, walk);
    return;
  }
  const marks = walk.marks.within(inner);
  for (let index = 0; index < inner.length; index++) {
    const item: unknown = inner[index];
    const at = `${place}[${index}]`;
    if (typeof item === 'object') visitInner(item, at, path, walk);
    else if (item !== undefined) walk.element(at, marks?.get(index), item);
  }
}

const NOTHING: readonly never[] = [];

function elementOf(element: string, mark: Mark | undefined): InputElement {
  if (mark === undefined) return { element, fate: 'dropped', to: NOTHING, translations: NOTHING };
  mark.element = element;
  const { uses, translations, decidedBy, passedBy } = mark;
  const told = translations.length === 0 ? NOTHING : eachOnce(translations);
  if (uses.length > 0) return { element, fate: bestOf(uses), to: uses, translations: told };
  const fate = decidedBy === undefined ? 'dropped' : 'decided';
  const rule = decidedBy ?? passedBy;
  return rule === undefined
    ? { element, fate, to: uses, translations: told }
    : { element, fate, to: uses, rule, translations: told };
}

const RANK: Readonly<Record<Use['fate'], number>> = { kept: 0, renamed: 1, translated: 2, narrowed: 3 };

function bestOf(uses: readonly Use[]): Fate {
  let best: Use['fate'] = 'narrowed';
  for (const { fate } of uses) if (RANK[fate] < RANK[best]) best = fate;
  return best;
}

function eachOnce(heard: readonly HeardTranslation[]): TranslatedCode[] {
  if (heard.length === 1) return heard.map(({ told }) => told);
  const seen = new Map(heard.map(({ told }) => [JSON.stringify(told), told]));
  return [...seen.values()];
}
