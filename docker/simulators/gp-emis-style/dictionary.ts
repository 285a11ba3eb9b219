import type { CodeableConcept, Coding, FhirResource, Observation } from 'fhir/r4.js';
import { valueText } from './value-text.ts';

/** The codes that a site's record system can resolve. What it cannot resolve is not coded in its record. */
export interface Dictionary {
  resolves(coding: Coding): boolean;
}

export const SNOMED = 'http://snomed.info/sct';
/** A site without gaps. */
export const EVERY_CODE: Dictionary = { resolves: () => true };

/** A site that knows these SNOMED CT codes and no other system's. */
export function dictionaryOf(codes: Iterable<string>): Dictionary {
  const known = new Set(codes);
  return { resolves: ({ system, code }) => system === SNOMED && code !== undefined && known.has(code) };
}

/** A dictionary file: a code at the beginning of each line, its term behind it; empty lines and `#` lines say nothing. */
export function readDictionary(text: string): Dictionary {
  const codes = text
    .split(/\r?\n/)
    .flatMap((line) => (/^\s*(#|$)/.test(line) ? [] : [line.trim().split(/\s/)[0] ?? '']));
  return dictionaryOf(codes);
}

/**
 * A resource as an EMIS-style record files it. The entry's primary code (the one a user selected, else the first) decides:
 * when the site's dictionary does not resolve it, code and structured value are dropped and only the text is filed, and
 * nobody is told (developer.community.nhs.uk thread 7715). A code that stands behind an unknown primary one is a mapping to
 * this record and saves nothing.
 */
export function asFiled(resource: FhirResource, dictionary: Dictionary): FhirResource {
  switch (resource.resourceType) {
    case 'Observation': {
      const code = filedCode(resource.code, dictionary);
      return code.coded ? { ...resource, code: code.concept } : textOnly(resource, code.concept);
    }
    case 'Procedure':
    case 'Condition':
      return resource.code === undefined
        ? resource
        : { ...resource, code: filedCode(resource.code, dictionary).concept };
    default:
      return resource;
  }
}

function filedCode(concept: CodeableConcept, dictionary: Dictionary): { coded: boolean; concept: CodeableConcept } {
  const { coding = [], ...words } = concept;
  const primary = coding.find(({ userSelected }) => userSelected) ?? coding[0];
  if (primary === undefined) return { coded: true, concept };
  if (dictionary.resolves(primary)) {
    return { coded: true, concept: { ...words, coding: coding.filter((one) => dictionary.resolves(one)) } };
  }
  return { coded: false, concept: { text: words.text ?? primary.display ?? primary.code ?? 'no term' } };
}

function textOnly(observation: Observation, code: CodeableConcept): Observation {
  const {
    valueQuantity: _quantity,
    valueCodeableConcept: _concept,
    valueString: _string,
    valueBoolean: _boolean,
    valueInteger: _integer,
    valueRange: _range,
    valueRatio: _ratio,
    valueSampledData: _data,
    valueTime: _time,
    valueDateTime: _dateTime,
    valuePeriod: _period,
    component: _component,
    ...rest
  } = observation;
  const { value, unit } = valueText(observation);
  const said = [value, unit].filter((part) => part !== undefined).join(' ');
  return { ...rest, code, ...(said !== '' && { valueString: said }) };
}
