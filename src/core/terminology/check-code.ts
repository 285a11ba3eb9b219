import { SNOMED_SYSTEM } from '../referral.ts';
import type { Tell } from './resource-flaw.ts';
import { readSnomedIdentifier } from './snomed-identifier.ts';

const FAULTS = {
  format: 'is not 6 to 18 digits',
  'check-digit': 'has a wrong check digit: a digit was lost or changed (spreadsheets do that)',
  partition: 'does not say what kind of component it is',
} as const;

/** Whether a code of the terminology data can be used; a SNOMED code must be a well-formed concept identifier. */
export function checkCode(system: string, code: unknown, pointer: string, tell: Tell): code is string {
  if (typeof code !== 'string' || code === '') {
    tell(pointer, {
      rule: 'terminology/code',
      message: typeof code === 'number' ? 'A code is written as a number, which loses digits.' : 'There is no code.',
      remedy: 'Write the code as a text, in quotes.',
      issue: 'required',
    });
    return false;
  }
  if (system !== SNOMED_SYSTEM) return true;
  const read = readSnomedIdentifier(code);
  if (read.kind === 'valid' && read.component === 'concept') return true;
  const why = read.kind === 'valid' ? `names a ${read.component} and not a concept` : FAULTS[read.fault];
  tell(pointer, {
    rule: 'terminology/snomed-code',
    message: `The SNOMED CT code ${code} ${why}.`,
    remedy: 'Take the code from its source again, as text.',
    issue: 'code-invalid',
  });
  return false;
}
