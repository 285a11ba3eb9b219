import type { Extension } from 'fhir/r4.js';

/** Extension urls of HL7 FHIR SDC 4.0.0 (http://hl7.org/fhir/uv/sdc/STU4/extraction.html) and of R4 itself that extraction reads. */
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
export const OBSERVATION_EXTRACT = `${SDC}observationExtract`;
export const TEMPLATE_EXTRACT = `${SDC}templateExtract`;
export const TEMPLATE_CONTEXT = `${SDC}templateExtractContext`;
export const TEMPLATE_VALUE = `${SDC}templateExtractValue`;
export const ALLOCATE_ID = `${SDC}extractAllocateId`;
export const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';
export const MIN_VALUE = 'http://hl7.org/fhir/StructureDefinition/minValue';
export const MAX_VALUE = 'http://hl7.org/fhir/StructureDefinition/maxValue';

interface Extended {
  readonly extension?: Extension[] | undefined;
}

export function extensionOf(element: Extended | undefined, url: string): Extension | undefined {
  return element?.extension?.find((one) => one.url === url);
}
