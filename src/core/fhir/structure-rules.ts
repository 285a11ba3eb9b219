import type { TypeDef } from './model.ts';
import { checkBundle } from './structure-bundle.ts';
import { type Check, type JsonObject, remark, type Spot } from './structure-findings.ts';
import { checkInvariants } from './structure-invariants.ts';

/** What a type asks of an object as a whole, beyond its elements one by one. */
export function applyTypeRules(check: Check, type: TypeDef, object: JsonObject, spot: Spot): void {
  if (type.name === 'Extension') checkExtension(check, type, object, spot.at);
  if (type.name === 'Bundle') checkBundle(check, object, spot.at);
  if (type.kind === 'resource' && spot.contained) checkContained(check, object, spot.at);
  checkInvariants(check, type.name, object, spot.at);
}

/** ext-1: a value or further extensions, never both, never neither (FHIR R4 extensibility §2.4.0.1). */
function checkExtension(check: Check, type: TypeDef, extension: JsonObject, at: string): void {
  const hasValue = Object.keys(extension).some((name) => type.elements.get(name.replace(/^_/, ''))?.path === 'value');
  const hasExtensions = Object.hasOwn(extension, 'extension');
  if (hasValue !== hasExtensions) return;
  remark(check, at, {
    rule: 'fhir/extension-content',
    issue: 'invariant',
    message: hasValue
      ? 'An extension holds both a value and further extensions.'
      : 'An extension holds neither a value nor further extensions.',
    remedy: 'Give the extension one value[x], or extensions inside it.',
  });
}

/** dom-2 and FHIR R4 references §2.3.0.1: contained resources have an id and contain nothing themselves. */
function checkContained(check: Check, resource: JsonObject, at: string): void {
  if (!Object.hasOwn(resource, 'id'))
    remark(check, at, {
      rule: 'fhir/contained-id',
      issue: 'required',
      message: 'A contained resource has no id, so that nothing can refer to it.',
      remedy: 'Give it an id that is unique within the resource that contains it.',
    });
  if (Object.hasOwn(resource, 'contained'))
    remark(check, `${at}.contained`, {
      rule: 'fhir/contained-nested',
      issue: 'invariant',
      message: 'A contained resource contains others.',
      remedy: 'Contain them all directly in the outer resource.',
    });
}
