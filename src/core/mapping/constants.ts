import { LOOP_STATE_SYSTEM, NHS_NUMBER_SYSTEM, ODS_SYSTEM, REFERRAL_ID_SYSTEM, SNOMED_SYSTEM } from '../referral.ts';
import type { MappingFrom } from './template.ts';

/** Predefined variables with a fixed value: the systems that every mapping needs. */
export const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ['nhsNumber', NHS_NUMBER_SYSTEM],
  ['ods', ODS_SYSTEM],
  ['snomed', SNOMED_SYSTEM],
  ['referralSystem', REFERRAL_ID_SYSTEM],
  ['loopState', LOOP_STATE_SYSTEM],
]);

/**
 * Variables that the engine gives with each run.
 * Outward: `referral` (our referral id), `task` (id of the child Task), `now` (UTC instant), `partner`, `message`.
 * Inward: `receivedAt` (UTC instant), `partner`, `message`.
 */
export const GIVEN: Readonly<Record<MappingFrom, readonly string[]>> = {
  'fhir/referral': ['referral', 'task', 'now', 'partner', 'message'],
  json: ['receivedAt', 'partner', 'message'],
};

/** Variables of FHIRPath itself. */
export const FHIRPATH_VARIABLES: readonly string[] = ['context', 'ucum'];
