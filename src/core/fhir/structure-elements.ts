import type { ElementDef, TypeDef } from './model.ts';
import { checkConceptBinding } from './structure-bindings.ts';
import { asObject, type Check, type JsonObject, remark, type Spot, stepTo } from './structure-findings.ts';
import { checkPrimitives } from './structure-primitives.ts';
import { checkReference } from './structure-references.ts';
import { remarkEmpty, remarkNotObject, remarkUnknownElement, remarkUnknownResource } from './structure-remarks.ts';
import { applyTypeRules } from './structure-rules.ts';

/** Deeper than any questionnaire; a guard for the stack. */
const MAX_DEPTH = 100;

/** Checks a value that must be a resource (FHIR R4 json §2.6.2.1: `resourceType` says which). */
export function checkResource(check: Check, value: unknown, spot: Spot): void {
  const resource = asObject(value);
  if (resource === undefined) {
    remarkNotObject(check, spot.at, 'a resource');
    return;
  }
  const name = resource['resourceType'];
  const type = typeof name === 'string' && check.model.isResource(name) ? check.model.typeNamed(name) : undefined;
  if (type === undefined) remarkUnknownResource(check, name, spot.at);
  else checkObject(check, type, resource, spot);
}

/** Checks every member of an object against its type, then what the type asks of the object as a whole. */
function checkObject(check: Check, type: TypeDef, object: JsonObject, spot: Spot): void {
  if (spot.depth > MAX_DEPTH) {
    remark(check, spot.at, {
      rule: 'fhir/too-deep',
      issue: 'too-costly',
      message: 'Elements are nested deeper than is read here.',
      remedy: 'Send a flatter resource.',
    });
    return;
  }
  const chosen = new Map<string, string>();
  const names = Object.keys(object);
  if (names.length === 0) remarkEmpty(check, spot.at, 'object');
  for (const name of names) {
    if (name === 'resourceType' && type.kind === 'resource') continue;
    const element = elementNamed(check, type, name);
    if (element === undefined) remarkUnknownElement(check, type, name, spot.at);
    else if (name === element.name || !Object.hasOwn(object, element.name)) {
      checkChoice(check, chosen, element, spot.at);
      checkElement(check, element, object, spot);
    }
  }
  checkRequired(check, type, object, spot.at);
  applyTypeRules(check, type, object, spot);
}

/** `_status` names the id and extensions of the primitive `status` (FHIR R4 json §2.6.2.3). */
function elementNamed(check: Check, type: TypeDef, name: string): ElementDef | undefined {
  if (!name.startsWith('_')) return type.elements.get(name);
  const element = type.elements.get(name.slice(1));
  const primitive = element !== undefined && check.model.typeNamed(element.type)?.kind === 'primitive';
  return primitive ? element : undefined;
}

function checkChoice(check: Check, chosen: Map<string, string>, element: ElementDef, at: string): void {
  if (!element.choice) return;
  if (chosen.has(element.path))
    remark(check, stepTo(at, element.name), {
      rule: 'fhir/choice',
      issue: 'structure',
      message: `${element.path}[x] is given twice, with two types.`,
      remedy: `Keep one of ${chosen.get(element.path) ?? element.path} and ${element.name}.`,
    });
  else chosen.set(element.path, element.name);
}

function checkRequired(check: Check, type: TypeDef, object: JsonObject, at: string): void {
  for (const element of type.required) {
    const variants = element.choice ? variantsOf(type, element) : [element];
    if (variants.some(({ name }) => Object.hasOwn(object, name) || Object.hasOwn(object, `_${name}`))) continue;
    const shown = element.choice ? `${element.path}[x]` : element.name;
    remark(check, at, {
      rule: 'fhir/required',
      issue: 'required',
      message: `The element ${type.name}.${shown} is missing.`,
      remedy: element.choice
        ? `Give one of ${variants
            .map(({ name }) => name)
            .slice(0, 6)
            .join(', ')}.`
        : `Give ${shown}.`,
    });
  }
}

function variantsOf(type: TypeDef, element: ElementDef): ElementDef[] {
  return [...type.elements.values()].filter(({ path }) => path === element.path);
}

/** One element with all its repetitions. */
function checkElement(check: Check, element: ElementDef, owner: JsonObject, spot: Spot): void {
  const at = stepTo(spot.at, element.name);
  const type = check.model.typeNamed(element.type);
  if (type === undefined) return;
  const below = { ...spot, depth: spot.depth + 1 };
  if (type.kind === 'primitive') {
    const extras = checkPrimitives(check, {
      element,
      value: owner[element.name],
      extra: owner[`_${element.name}`],
      at,
    });
    const elementType = check.model.typeNamed('Element');
    if (elementType !== undefined)
      for (const extra of extras) checkObject(check, elementType, extra.object, { ...below, at: extra.at });
    return;
  }
  for (const item of itemsOf(check, element, owner[element.name], at))
    checkItem(check, element, { value: item.value, type }, { ...below, at: item.at });
}

interface Item {
  readonly at: string;
  readonly value: unknown;
}

/** The repetitions with their places; says where a list should stand and does not, or the other way. */
function itemsOf(check: Check, element: ElementDef, value: unknown, at: string): Item[] {
  if (Array.isArray(value) !== element.list && value !== null)
    remark(check, at, {
      rule: 'fhir/cardinality',
      issue: 'structure',
      message: element.list
        ? 'This element may repeat and must be a JSON list.'
        : 'This element may not repeat and must not be a JSON list.',
      remedy: element.list ? 'Put the value in square brackets.' : 'Send the value itself, once.',
    });
  if (!Array.isArray(value)) return [{ at, value }];
  if (value.length === 0) remarkEmpty(check, at, 'list');
  return value.map((item: unknown, index) => ({ at: `${at}[${index}]`, value: item }));
}

function checkItem(check: Check, element: ElementDef, item: { value: unknown; type: TypeDef }, spot: Spot): void {
  const object = asObject(item.value);
  if (element.type === 'Resource') {
    checkResource(check, item.value, { ...spot, contained: spot.contained || element.name === 'contained' });
  } else if (object === undefined) {
    remarkNotObject(check, spot.at, `this element (${item.type.name})`);
  } else {
    checkObject(check, item.type, object, spot);
    if (element.binding !== undefined) checkConceptBinding(check, element, object, spot.at);
    if (element.type === 'Reference') checkReference(check, element, object, spot.at);
  }
}
