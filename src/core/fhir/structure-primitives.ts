import type { ElementDef } from './model.ts';
import { checkPrimitive } from './primitives.ts';
import { checkCodeBinding } from './structure-bindings.ts';
import { asObject, type Check, type JsonObject, remark } from './structure-findings.ts';
import { remarkEmpty, remarkNotObject } from './structure-remarks.ts';

/** A primitive element as JSON carries it: its value(s) and, under `_name`, ids and extensions (FHIR R4 json §2.6.2.3). */
interface PrimitiveElement {
  readonly element: ElementDef;
  readonly value: unknown;
  readonly extra: unknown;
  readonly at: string;
}

/** An id-and-extensions object that is still to be checked as an Element. */
interface Extra {
  readonly at: string;
  readonly object: JsonObject;
}

/** Checks the values of a primitive element; gives back what stands under `_name` for the caller to check. */
export function checkPrimitives(check: Check, primitive: PrimitiveElement): Extra[] {
  return primitive.element.list ? checkList(check, primitive) : checkSingle(check, primitive);
}

function checkSingle(check: Check, { element, value, extra, at }: PrimitiveElement): Extra[] {
  if (Array.isArray(value) || Array.isArray(extra)) {
    remark(check, at, {
      rule: 'fhir/cardinality',
      issue: 'structure',
      message: 'This element may not repeat and must not be a JSON list.',
      remedy: 'Send the value itself, once.',
    });
    return [];
  }
  if (value !== undefined) checkValue(check, element, value, at);
  return extra === undefined ? [] : readExtra(check, extra, at);
}

function checkList(check: Check, { element, value, extra, at }: PrimitiveElement): Extra[] {
  const values = listOf(check, value, at);
  const extras = listOf(check, extra, underscored(at));
  const found: Extra[] = [];
  for (let index = 0; index < Math.max(values.length, extras.length); index += 1) {
    const place = `${at}[${index}]`;
    const item = values[index] ?? null;
    const side = extras[index] ?? null;
    if (item === null && side === null) remarkNothing(check, place);
    if (item !== null) checkValue(check, element, item, place);
    if (side !== null) found.push(...readExtra(check, side, place));
  }
  return found;
}

function listOf(check: Check, value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    if (value.length === 0) remarkEmpty(check, at, 'list');
    return value;
  }
  remark(check, at, {
    rule: 'fhir/cardinality',
    issue: 'structure',
    message: 'This element may repeat and must be a JSON list.',
    remedy: 'Put the value in square brackets.',
  });
  return [value];
}

function remarkNothing(check: Check, at: string): void {
  remark(check, at, {
    rule: 'fhir/null',
    issue: 'structure',
    message: 'A null stands in a list without an extension that says why.',
    remedy: 'Leave it out; a null is only a place holder for a value whose extension stands in the list beside it.',
  });
}

function checkValue(check: Check, element: ElementDef, value: unknown, at: string): void {
  const fault = checkPrimitive(element.type, value);
  if (fault !== undefined) remark(check, at, fault);
  if (typeof value === 'string' && fault === undefined) checkCodeBinding(check, element, value, at);
}

function readExtra(check: Check, extra: unknown, at: string): Extra[] {
  const object = asObject(extra);
  if (object !== undefined) return [{ at, object }];
  remarkNotObject(check, underscored(at), 'the id and extensions of a primitive');
  return [];
}

/** `Patient.name[0].given` to `Patient.name[0]._given`. */
function underscored(at: string): string {
  const name = at.lastIndexOf('.') + 1;
  return `${at.slice(0, name)}_${at.slice(name)}`;
}
