import type { ElementDef } from './model.ts';
import { asObject, type Check, type JsonObject, remark } from './structure-findings.ts';

/** A `code` whose value set R4 requires must be one of its members, if these are known here (FHIR R4 terminologies §4.1.5). */
export function checkCodeBinding(check: Check, element: ElementDef, code: string, at: string): void {
  if (element.type !== 'code' || element.binding?.strength !== 'required') return;
  const allowed = check.model.requiredCodes(element.binding.valueSet);
  if (allowed !== undefined && !allowed.codes.has(code))
    remarkNotMember(check, at, element.binding.valueSet, allowed.codes);
}

/** A CodeableConcept or Coding with a required binding needs one coding of the value set, or an extension that says why there is none. */
export function checkConceptBinding(check: Check, element: ElementDef, concept: JsonObject, at: string): void {
  if (element.binding?.strength !== 'required') return;
  const allowed = check.model.requiredCodes(element.binding.valueSet);
  if (allowed === undefined) return;
  const codings = element.type === 'Coding' ? [concept] : codingsOf(concept);
  const member = codings.some((coding) => allowed.codings.has(`${coding['system']}|${coding['code']}`));
  const excused = codings.length === 0 && concept['extension'] !== undefined;
  if (!member && !excused) remarkNotMember(check, at, element.binding.valueSet, allowed.codes);
}

function codingsOf(concept: JsonObject): JsonObject[] {
  const coding = concept['coding'];
  return Array.isArray(coding) ? coding.map(asObject).filter((item) => item !== undefined) : [];
}

function remarkNotMember(check: Check, at: string, valueSet: string, codes: ReadonlySet<string>): void {
  remark(check, at, () => ({
    rule: 'fhir/required-binding',
    issue: 'code-invalid',
    message: `The code is not in the value set that R4 requires here (${valueSet}).`,
    remedy: codes.size > 20 ? 'Use a code of that value set.' : `Use one of: ${[...codes].join(', ')}.`,
  }));
}
