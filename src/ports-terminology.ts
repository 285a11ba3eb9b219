/**
 * The door to terminology, on one page: FHIR's operations on codes, for whoever answers or asks them. The road knows nothing of it: it
 * is given what judges codes.
 */
import type { CodeSystem, ConceptMap, Parameters, ValueSet } from 'fhir/r4.js';
import type { OperationAnswer, TerminologyOperation } from './core/terminology/service/operation.ts';

/** FHIR's terminology operations: answered from what is loaded, or by another server that stands in its place. */
export interface TerminologyDoor {
  /** Never rejects for what the caller asked or for a server that is down: that is an answer. */
  perform(operation: TerminologyOperation, given: Parameters): Promise<OperationAnswer>;
  /** CodeSystem, ValueSet and ConceptMap resources that can be read, as they stand in their files. */
  readonly resources: readonly TerminologyResource[];
  /** What codes are answered from, in a sentence, for the CapabilityStatement and whoever checks a configuration. */
  readonly runsOn: string;
}

export interface TerminologyResource {
  readonly type: 'CodeSystem' | 'ValueSet' | 'ConceptMap';
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly resource: CodeSystem | ValueSet | ConceptMap;
}
