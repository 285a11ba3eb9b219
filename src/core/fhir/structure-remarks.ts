import type { TypeDef } from './model.ts';
import { type Check, remark, stepTo } from './structure-findings.ts';

/** An empty object or list: FHIR R4 json §2.6.2: an element is left out rather than empty. */
export function remarkEmpty(check: Check, at: string, what: 'object' | 'list'): void {
  remark(check, at, {
    rule: 'fhir/empty',
    issue: 'structure',
    message: `An empty ${what} stands here.`,
    remedy: 'Leave the element out when it has no content.',
  });
}

/** A primitive, list or null where an object belongs. `what` is said without repeating the value. */
export function remarkNotObject(check: Check, at: string, what: string): void {
  remark(check, at, {
    rule: 'fhir/structure',
    issue: 'structure',
    message: `What stands for ${what} is not a JSON object.`,
    remedy: 'Send a JSON object with its elements as members.',
  });
}

/** A missing or unknown resourceType, with the nearest known one. */
export function remarkUnknownResource(check: Check, name: unknown, at: string): void {
  remark(check, at, () => {
    const near = typeof name === 'string' ? check.model.nearestResource(name) : undefined;
    const missing = name === undefined;
    return {
      rule: 'fhir/resource-type',
      issue: missing ? 'required' : 'structure',
      message: missing ? 'The resourceType is missing.' : 'The resourceType is not that of a FHIR R4 resource.',
      remedy: near === undefined ? 'Give the name of an R4 resource in resourceType.' : `Did you mean "${near}"?`,
    };
  });
}

/** A member that the type does not have, with the nearest that it has. */
export function remarkUnknownElement(check: Check, type: TypeDef, name: string, at: string): void {
  remark(check, stepTo(at, name), () => {
    const known = [...type.elements.keys()].filter((element) => element !== 'id' && !element.includes('xtension'));
    const bare = name.replace(/^_/, '');
    const near = check.model.nearestElement(type.name, bare) ?? known.find((element) => isVariant(type, element, bare));
    return {
      rule: 'fhir/unknown-element',
      issue: 'structure',
      message: `${type.name} has no such element in R4.`,
      remedy:
        near === undefined
          ? `Known are: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ' ...' : ''}.`
          : `Did you mean "${near}"?`,
    };
  });
}

/** `value` was written where JSON wants `valueQuantity`. */
function isVariant(type: TypeDef, element: string, name: string): boolean {
  const definition = type.elements.get(element);
  return definition?.choice === true && definition.path === name.replace('[x]', '');
}
