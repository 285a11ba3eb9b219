import type { Finding } from '../finding.ts';
import type { R4Model } from './model.ts';
import { checkResource } from './structure-elements.ts';
import { allFindings, newCheck } from './structure-findings.ts';

/**
 * Checks a parsed resource against R4: elements, types, cardinality, primitive formats, required bindings, choices,
 * extensions, contained resources, references and what Bundles must keep. Everything at once, each finding at its
 * FHIRPath with indexes. Not checked: profiles, bindings weaker than required, whether references can be resolved.
 * @param at the FHIRPath to start from; the resource's type when left out.
 * Sources: FHIR R4 (4.0.1) json §2.6, datatypes §2.24, extensibility §2.4, references §2.3, bundle §2.36.
 */
export function checkStructure(resource: unknown, model: R4Model, at?: string): Finding[] {
  const check = newCheck(model);
  const start = at ?? startOf(resource, model);
  checkResource(check, resource, { at: start, depth: 0, contained: false });
  return allFindings(check, start);
}

function startOf(resource: unknown, model: R4Model): string {
  const type = typeof resource === 'object' && resource !== null && 'resourceType' in resource && resource.resourceType;
  return typeof type === 'string' && model.isResource(type) ? type : 'Resource';
}
