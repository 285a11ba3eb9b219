import type { ElementDef } from './model.ts';
import { type Check, type JsonObject, remark } from './structure-findings.ts';

/**
 * What a Reference must hold (FHIR R4 references §2.3.0: reference, identifier or display), and, as a warning, whether
 * the type it names is one the element may point to. Whether the target exists is not asked here.
 */
export function checkReference(check: Check, element: ElementDef, reference: JsonObject, at: string): void {
  const content = ['reference', '_reference', 'identifier', 'display', '_display', 'extension'];
  if (!content.some((name) => Object.hasOwn(reference, name)))
    remark(check, at, {
      rule: 'fhir/reference-empty',
      issue: 'invariant',
      message: 'A reference holds neither a reference nor an identifier nor a display.',
      remedy: 'Give at least one of them.',
    });
  const type = namedType(check, reference);
  if (type === undefined || element.targets === undefined || element.targets.includes(type)) return;
  remark(check, at, {
    rule: 'fhir/reference-target',
    issue: 'value',
    severity: 'warning',
    message: 'The reference names a type of resource that may not stand here.',
    remedy: `Refer to one of: ${element.targets.join(', ')}.`,
  });
}

/** The resource type that a literal reference (`Patient/1`, `https://…/Patient/1/_history/2`) or Reference.type names. */
function namedType(check: Check, reference: JsonObject): string | undefined {
  const literal = reference['reference'];
  if (typeof literal === 'string') {
    const steps = (literal.split('?', 1)[0] ?? '').split('/');
    const history = steps.at(-2) === '_history' ? 4 : 2;
    const name = steps.at(-history);
    if (steps.length >= history && name !== undefined && check.model.isResource(name)) return name;
  }
  const { type } = reference;
  return typeof type === 'string' && check.model.isResource(type) ? type : undefined;
}
