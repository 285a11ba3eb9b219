import { LOOP_STATE_SYSTEM, NHS_NUMBER_SYSTEM, ODS_SYSTEM, REFERRAL_ID_SYSTEM, SNOMED_SYSTEM } from '../referral.ts';
import { isInward, type MappingFrom } from './direction.ts';

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
 * Outward: `referral` (our referral id), `task` (id of the child Task), `now` (UTC instant), `partner`, `message`; to a GP system
 * also `event` (the canonical word of what it is told).
 * Inward: `receivedAt` (UTC instant), `partner`, `message`.
 */
export const GIVEN: Readonly<Record<'outward' | 'inward', readonly string[]>> = {
  outward: ['referral', 'task', 'now', 'partner', 'message', 'event'],
  inward: ['receivedAt', 'partner', 'message'],
};

export function givenNames(from: MappingFrom): readonly string[] {
  return isInward(from) ? GIVEN.inward : GIVEN.outward;
}

/** Variables of FHIRPath itself. */
export const FHIRPATH_VARIABLES: readonly string[] = ['context', 'ucum'];

/** The variables that are there before any is defined: the engine's, the constants, FHIRPath's own. Nothing is known of their types. */
export function fixedNames(from: MappingFrom): ReadonlyMap<string, undefined> {
  return new Map([...CONSTANTS.keys(), ...FHIRPATH_VARIABLES, ...givenNames(from)].map((name) => [name, undefined]));
}
