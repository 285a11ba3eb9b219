import type { Bundle, Coding, FhirResource } from 'fhir/r4.js';
import type { LoopEvent } from './event.ts';
import { isUrgent } from './gp-items.ts';

/**
 * Patients see new entries of their GP record by themselves. NOPAT (HL7 ActCode: no disclosure to patient, family or caregivers
 * without the attending provider's authorization), as GP Connect has it in meta.security, keeps an entry from that.
 */
export const NOT_FOR_PATIENT: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code: 'NOPAT',
};

/**
 * Whether the patient should not see this by themselves: the platform said so (it speaks of others, or of safeguarding), or it is
 * an escalation to the GP, which may be about safeguarding and which nobody has read yet.
 */
export function isRestricted(event: Pick<LoopEvent, 'kind' | 'restricted'>): boolean {
  return event.restricted === true || isUrgent(event);
}

/** The resource with the label; its other labels stay. */
export function restricted<T extends FhirResource>(resource: T): T {
  return isLabelled(resource)
    ? resource
    : { ...resource, meta: { ...resource.meta, security: [...(resource.meta?.security ?? []), NOT_FOR_PATIENT] } };
}

/** Whether a label says so, whichever address of the code system it is under (GP Connect writes the STU3 one). */
export function isLabelled({ meta }: Pick<FhirResource, 'meta'>): boolean {
  return meta?.security?.some(({ code }) => code === NOT_FOR_PATIENT.code) === true;
}

/** Whether a write-back holds anything that the patient should not see by themselves. */
export function holdsRestricted({ entry = [] }: Bundle<FhirResource>): boolean {
  return entry.some(({ resource }) => resource !== undefined && isLabelled(resource));
}
