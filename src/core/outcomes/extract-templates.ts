import type { Extension, FhirResource, Questionnaire, QuestionnaireItem, QuestionnaireResponse } from 'fhir/r4.js';
import r4 from 'fhirpath/fhir-context/r4';
import { isResource } from '../fhir/references.ts';
import { type CompiledPath, compilePath } from '../fhirpath/compile-path.ts';
import { dataOf, isJsonObject } from '../fhirpath/items.ts';
import { ALLOCATE_ID, extensionOf, TEMPLATE_CONTEXT, TEMPLATE_EXTRACT, TEMPLATE_VALUE } from './sdc-extensions.ts';

/**
 * SDC template-based extraction (HL7 FHIR SDC 4.0.0, Form Data Extraction, "Template-based extraction"): each contained
 * template that the Questionnaire or one of its items names becomes one resource for each such item that is answered. Within
 * it `templateExtractContext` narrows to what an expression gives (nothing: the element goes; several: it repeats) and
 * `templateExtractValue` puts a value in place. `%resource` is the response. Requests (PUT, patch) are not made: what is
 * extracted is added to a dossier.
 * @param newId gives ids for `extractAllocateId`
 */
export function extractTemplates(
  questionnaire: Questionnaire,
  response: QuestionnaireResponse,
  newId: (name: string) => string,
): FhirResource[] {
  if (questionnaire.contained === undefined) return [];
  const [root] = compiled('$this').run(response, {});
  const variables = { resource: root, ...allocated(questionnaire, newId) };
  return [
    ...templatesAt(questionnaire, questionnaire, { context: root, variables }),
    ...itemTemplates(questionnaire.item ?? [], questionnaire, { context: root, variables }, newId),
  ];
}

interface Place {
  /** A node of the response. */
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

function itemTemplates(
  items: readonly QuestionnaireItem[],
  questionnaire: Questionnaire,
  place: Place,
  newId: (name: string) => string,
): FhirResource[] {
  return items.flatMap((item) => {
    const own = evaluate(`(item | answer.item).where(linkId = '${item.linkId.replaceAll("'", "\\'")}')`, place);
    return own.flatMap((context) => {
      const variables = { ...place.variables, ...allocated(item, newId) };
      return [
        ...templatesAt(item, questionnaire, { context, variables }),
        ...itemTemplates(item.item ?? [], questionnaire, { context, variables }, newId),
      ];
    });
  });
}

function allocated(
  element: { extension?: Extension[] | undefined },
  newId: (name: string) => string,
): Record<string, string> {
  const names = (element.extension ?? [])
    .filter(({ url }) => url === ALLOCATE_ID)
    .flatMap(({ valueString }) => valueString ?? []);
  return Object.fromEntries(names.map((name) => [name, newId(name)]));
}

function templatesAt(
  element: { extension?: Extension[] | undefined },
  { contained = [] }: Questionnaire,
  place: Place,
): FhirResource[] {
  return (element.extension ?? [])
    .filter(({ url }) => url === TEMPLATE_EXTRACT)
    .flatMap(({ extension: parts = [] }) => {
      const part = (name: string) => parts.find(({ url }) => url === name);
      const id = part('template')?.valueReference?.reference?.replace(/^#/, '');
      const template = contained.find((one) => one.id === id);
      if (template === undefined) throw new Error('a template that is not contained in its Questionnaire');
      const { id: _, ...content } = template;
      const made = filled(content, place);
      const resourceId = part('resourceId')?.valueString;
      const [own] = resourceId === undefined ? [] : evaluate(resourceId, place).map(dataOf);
      const resource = isJsonObject(made) ? { ...made, ...(typeof own === 'string' && { id: own }) } : made;
      return isResource(resource) ? [resource] : [];
    });
}

/* ------------------------------------------------------------------ one template */

/** A copy of a template's part with everything put in; undefined when nothing is left of it. */
function filled(part: unknown, place: Place): unknown {
  if (Array.isArray(part)) {
    const all = part.flatMap((one) => repeated(one, place));
    return all.length === 0 ? undefined : all;
  }
  if (!isJsonObject(part)) return part;
  return repeated(part, place)[0];
}

/** An element once for each value or context that its own extensions give. */
function repeated(part: unknown, place: Place): unknown[] {
  if (!isJsonObject(part) || Array.isArray(part)) return [part];
  const { value, context, rest } = directives(part);
  if (value !== undefined) return evaluate(value, place).map(plain);
  if (context === undefined) return object(rest, place);
  return evaluate(context.expression, place).flatMap((one) => {
    const named = context.name === undefined ? {} : { [context.name]: one };
    return object(rest, { context: one, variables: { ...place.variables, ...named } });
  });
}

function object(part: Readonly<Record<string, unknown>>, place: Place): unknown[] {
  const made = Object.entries(part).flatMap(([key, value]): [string, unknown][] => {
    if (key.startsWith('_') && hasValue(value)) return primitive(key.slice(1), value, place);
    // What stands beside a value to come is a placeholder.
    if (hasValue(part[`_${key}`]) && !isJsonObject(value)) return [];
    const one = filled(value, place);
    return one === undefined ? [] : [[key, one]];
  });
  return made.length === 0 ? [] : [Object.fromEntries(made)];
}

function hasValue(under: unknown): boolean {
  return under !== undefined && JSON.stringify(under).includes(TEMPLATE_VALUE);
}

/** `_family` with a value in it makes `family`; in a list each value is one of it. */
function primitive(name: string, under: unknown, place: Place): [string, unknown][] {
  const values = Array.isArray(under)
    ? under.flatMap((one) => repeated(one, place))
    : repeated(under, place).slice(0, 1);
  if (values.length === 0) return [];
  return [[name, Array.isArray(under) ? values : values[0]]];
}

interface Directives {
  readonly value?: string;
  readonly context?: { readonly expression: string; readonly name?: string };
  readonly rest: Readonly<Record<string, unknown>>;
}

function directives(part: Readonly<Record<string, unknown>>): Directives {
  const extension = Array.isArray(part['extension']) ? part['extension'].filter(isExtension) : [];
  const value = expressionOf(extensionOf({ extension }, TEMPLATE_VALUE));
  const context = expressionOf(extensionOf({ extension }, TEMPLATE_CONTEXT));
  const own = extension.filter(({ url }) => url !== TEMPLATE_VALUE && url !== TEMPLATE_CONTEXT);
  const { extension: _, ...others } = part;
  const rest = own.length > 0 ? { ...others, extension: own } : others;
  return { rest, ...(value && { value: value.expression }), ...(context && { context }) };
}

function isExtension(one: unknown): one is Extension {
  return isJsonObject(one) && typeof one['url'] === 'string';
}

function expressionOf(extension: Extension | undefined): { expression: string; name?: string } | undefined {
  const expression = extension?.valueString ?? extension?.valueExpression?.expression;
  const name = extension?.valueExpression?.name;
  return expression === undefined ? undefined : { expression, ...(name !== undefined && { name }) };
}

function evaluate(expression: string, { context, variables }: Place): readonly unknown[] {
  return compiled(`%context.select(${expression})`).run({}, { ...variables, context });
}

/** Questionnaires are few and their expressions are asked of every response. */
const COMPILED = new Map<string, CompiledPath>();
const MOST_COMPILED = 1_000;

function compiled(expression: string): CompiledPath {
  const known = COMPILED.get(expression);
  if (known !== undefined) return known;
  const made = compilePath(expression, { model: r4 });
  if (COMPILED.size < MOST_COMPILED) COMPILED.set(expression, made);
  return made;
}

/** A value as JSON has it; dates and the like are texts there. */
function plain(item: unknown): unknown {
  const data = dataOf(item);
  return typeof data === 'object' && data !== null && !isJsonObject(data) ? String(data) : data;
}
