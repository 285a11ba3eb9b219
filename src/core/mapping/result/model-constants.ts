import type { ElementDef, R4Model } from '../../fhir/model.ts';
import { type Flaw, suggest } from '../mapping-findings.ts';
import type { Shape } from '../template-shape.ts';

const NUMBERS = new Set(['integer', 'positiveInt', 'unsignedInt', 'decimal', 'integer64']);

/** What is wrong with a template that makes a primitive element: another JSON type, or a code that R4 does not allow. */
export function primitiveFlaw(
  shape: Shape,
  element: ElementDef,
  model: Pick<R4Model, 'requiredCodes'>,
): Pick<Flaw, 'rule' | 'message' | 'remedy'> | undefined {
  const wanted = NUMBERS.has(element.type) ? 'number' : element.type === 'boolean' ? 'boolean' : 'string';
  const given = shape.kind === 'scalar' ? typeof shape.template.value : shape.kind === 'text' ? 'string' : 'object';
  if (given !== wanted) {
    return {
      rule: 'mapping/choice-type',
      message: `${element.name} is a ${element.type}: JSON has a ${wanted} there, and this makes ${given === 'object' ? 'an' : 'a'} ${given}.`,
      remedy:
        wanted === 'string'
          ? 'Put the value in quotes, or name the element that has this type.'
          : `Write the ${wanted} without quotes, or name the element that has this type.`,
    };
  }
  const code = shape.kind === 'scalar' ? shape.template.value : undefined;
  if (typeof code !== 'string' || element.type !== 'code' || element.binding?.strength !== 'required') return undefined;
  const allowed = model.requiredCodes(element.binding.valueSet)?.codes;
  if (allowed === undefined || allowed.has(code)) return undefined;
  return {
    rule: 'mapping/code',
    message: `R4 does not allow this code for ${element.name}.`,
    remedy: suggest(code, [...allowed], 'See the value set of the element in the R4 specification.'),
  };
}
