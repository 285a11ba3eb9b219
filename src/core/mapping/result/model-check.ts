import type { ElementDef, R4Model, TypeDef } from '../../fhir/model.ts';
import type { Flaw, Report } from '../mapping-findings.ts';
import type { MappingSource } from '../template.ts';
import { type FieldShape, type ObjectShape, type Shape, shapesOf } from '../template-shape.ts';
import { primitiveFlaw } from './model-constants.ts';

/** What the check of a FHIR result asks of the R4 model. */
export type ResultModel = Pick<
  R4Model,
  'typeNamed' | 'element' | 'elementsNamed' | 'nearestElement' | 'nearestResource' | 'isResource' | 'requiredCodes'
>;

interface Check {
  readonly model: ResultModel;
  readonly tell: (flaw: Omit<Flaw, 'issue'>) => void;
}

/**
 * Holds the template of a FHIR result against R4: elements that do not exist, lists and objects in the wrong place, two
 * variants of one choice, constants of another type or outside a required value set, and required elements that no path
 * fills. What an expression gives is only known when it runs.
 */
export function checkResultModel(source: MappingSource, model: ResultModel, report: Report): void {
  const check: Check = { model, tell: (flaw) => report({ ...flaw, issue: 'structure' }) };
  for (const shape of shapesOf(source.result)) {
    if (shape.kind === 'object') checkResource(shape, source.to === 'fhir/message' ? undefined : 'Bundle', check);
    else if (shape.kind !== 'any') check.tell({ offset: shape.offset, ...NOT_A_RESOURCE });
  }
}

const NOT_A_RESOURCE = {
  rule: 'mapping/result-shape',
  message: 'A FHIR resource stands here, which is an object with a resourceType.',
  remedy: 'Write keys with values, beginning with resourceType.',
} as const;

function checkResource(shape: ObjectShape, expected: string | undefined, check: Check): void {
  const named = shape.fields.find(({ key }) => key === 'resourceType');
  const constant = named?.value.kind === 'constant' ? named.value.value : undefined;
  if (named === undefined && !shape.open) check.tell({ offset: shape.offset, ...NOT_A_RESOURCE });
  if (named === undefined || constant === undefined) return;
  const type = typeof constant === 'string' ? constant : '';
  if (!check.model.isResource(type) || (expected !== undefined && type !== expected)) {
    const near = expected ?? check.model.nearestResource(type);
    check.tell({
      offset: named.value.offset,
      rule: 'mapping/result-element',
      message: expected === undefined ? 'FHIR R4 has no resource of this type.' : 'A result of this kind is a Bundle.',
      remedy:
        near === undefined
          ? 'Name a resource of R4.'
          : expected === undefined
            ? `Did you mean "${near}"?`
            : `Write resourceType: ${near}.`,
      expression: type,
    });
  } else checkObject(shape, type, check);
}

function checkObject(shape: ObjectShape, typeName: string, check: Check): void {
  const type = check.model.typeNamed(typeName);
  if (type === undefined) return;
  const made = shape.fields.flatMap((field) => {
    const element = elementFor(field, type, check);
    if (element === undefined) return [];
    if (!field.key.startsWith('_')) for (const one of shapesOf(field.value)) checkValue(one, element, check);
    return [{ field, element }];
  });
  tellTwoVariants(made, check);
  if (shape.open) return;
  for (const required of type.required.filter(({ path }) => !made.some(({ element }) => element.path === path))) {
    const name = required.choice ? `${required.path}[x]` : required.name;
    check.tell({
      offset: shape.offset,
      rule: 'mapping/required-element',
      message: `R4 requires ${typeName}.${name}, and nothing here makes it.`,
      remedy: `Add the key ${required.choice ? `${required.path} with a type (${required.name})` : required.name}.`,
      expression: `${typeName}.${name}`,
    });
  }
}

const EVERYWHERE = new Set(['id', 'extension', 'modifierExtension', 'resourceType']);

/** The element that a key names; undefined, and a flaw, when the type has none of that name. */
function elementFor({ key, offset, value }: FieldShape, type: TypeDef, check: Check): ElementDef | undefined {
  const name = key.startsWith('_') ? key.slice(1) : key;
  const found = check.model.element(type.name, name);
  if (found !== undefined || EVERYWHERE.has(name)) return found;
  const variants = check.model.elementsNamed(type.name, name);
  const near = check.model.nearestElement(type.name, name);
  const remedy =
    variants.length > 0
      ? `A choice is written with its type: ${variants
          .map((one) => one.name)
          .slice(0, 12)
          .join(', ')}.`
      : near === undefined
        ? 'See the R4 specification for its elements.'
        : `Did you mean "${near}"?`;
  check.tell({
    offset: offset || value.offset,
    rule: 'mapping/result-element',
    message: `FHIR R4 has no element ${name} in ${type.name}.`,
    remedy,
    expression: `${type.name}.${name}`,
  });
  return undefined;
}

interface Made {
  readonly field: FieldShape;
  readonly element: ElementDef;
}

/** Two variants of one choice may exclude each other by a condition; unconditionally side by side they are one too many. */
function tellTwoVariants(made: readonly Made[], check: Check): void {
  const first = new Map<string, string>();
  for (const { field, element } of made.filter((one) => one.element.choice && one.field.certain)) {
    const other = first.get(element.path);
    if (other !== undefined && other !== element.name) {
      check.tell({
        offset: field.offset,
        rule: 'mapping/choice-type',
        message: `${element.name} and ${other} are variants of one element: only one of them may be there.`,
        remedy: 'Keep one, or let {% if %} and {% else %} choose.',
        expression: element.name,
      });
    }
    first.set(element.path, element.name);
  }
}

function checkValue(shape: Shape, element: ElementDef, check: Check): void {
  if (!element.list) checkSingle(shape, element, check);
  else if (shape.kind === 'list') for (const item of shape.items) checkSingle(item, element, check);
  else if (shape.kind !== 'any-list') {
    check.tell({
      offset: shape.offset,
      rule: 'mapping/result-shape',
      message: `${element.name} repeats, so it is a JSON list even with one value in it.`,
      remedy: 'Write it as a list (- …), as {[ expr ]}, or with {% for %}.',
      expression: element.name,
    });
  }
}

function checkSingle(shape: Shape, element: ElementDef, check: Check): void {
  if (shape.kind === 'list' || shape.kind === 'any-list') {
    check.tell({
      offset: shape.offset,
      rule: 'mapping/result-shape',
      message: `${element.name} does not repeat, so it cannot be a list.`,
      remedy: 'Write the value itself, or {{ expr }} for the first one.',
      expression: element.name,
    });
    return;
  }
  if (shape.kind === 'any') return;
  const type = check.model.typeNamed(element.type);
  if (element.type === 'Resource' || type?.kind === 'resource') {
    if (shape.kind === 'object') checkResource(shape, undefined, check);
    else check.tell({ offset: shape.offset, ...NOT_A_RESOURCE });
  } else if (type?.kind === 'primitive') {
    const flaw = primitiveFlaw(shape, element, check.model);
    if (flaw !== undefined) check.tell({ offset: shape.offset, expression: element.name, ...flaw });
  } else if (type !== undefined) checkComplex(shape, element, check);
}

function checkComplex(shape: Shape, element: ElementDef, check: Check): void {
  if (shape.kind === 'object') {
    checkObject(shape, element.type, check);
    return;
  }
  check.tell({
    offset: shape.offset,
    rule: 'mapping/result-shape',
    message: `${element.name} is a ${element.type}: an object, not a text or a number.`,
    remedy: `Write the elements of ${element.type} below it.`,
    expression: element.name,
  });
}
