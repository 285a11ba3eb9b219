import type { TerminologyOperation } from '../../core/terminology/service/operation.ts';

export const TERMINOLOGY_TYPES = ['CodeSystem', 'ValueSet', 'ConceptMap'] as const;
export type TerminologyType = (typeof TERMINOLOGY_TYPES)[number];

export const TERMINOLOGY_PARAMS = [
  { name: '_id', kind: 'token' },
  { name: 'url', kind: 'uri' },
  { name: 'name', kind: 'string' },
] as const;

const definition = (name: string): string => `http://hl7.org/fhir/OperationDefinition/${name}`;

/** The terminology operations (R4 terminology-service §4.7), each with its definition. */
export const OPERATIONS: readonly { readonly operation: TerminologyOperation; readonly definition: string }[] = [
  { operation: 'CodeSystem/$lookup', definition: definition('CodeSystem-lookup') },
  { operation: 'CodeSystem/$validate-code', definition: definition('CodeSystem-validate-code') },
  { operation: 'CodeSystem/$subsumes', definition: definition('CodeSystem-subsumes') },
  { operation: 'ValueSet/$validate-code', definition: definition('ValueSet-validate-code') },
  { operation: 'ValueSet/$expand', definition: definition('ValueSet-expand') },
  { operation: 'ConceptMap/$translate', definition: definition('ConceptMap-translate') },
];
