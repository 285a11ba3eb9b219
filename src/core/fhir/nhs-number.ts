/**
 * The NHS number: ten digits, the last one a modulus 11 check digit. No number is ever special-cased: whether a wrong
 * check digit refuses a message or only warns is the deployment's policy, not this file's.
 */
import { NHS_NUMBER_SYSTEM } from '../referral.ts';
import { canonicalSystem } from './references.ts';

export type NhsNumberFault = 'format' | 'check-digit';

/** What is wrong with a string offered as an NHS number; undefined when nothing is. Spaces and hyphens are a format fault. */
export function nhsNumberFault(value: string): NhsNumberFault | undefined {
  if (!/^[0-9]{10}$/.test(value)) return 'format';
  return nhsNumberCheckDigit(value.slice(0, 9)) === Number(value[9]) ? undefined : 'check-digit';
}

/** The check digit of the first nine digits; undefined when no valid number begins with them (the sum leaves 10). */
export function nhsNumberCheckDigit(nine: string): number | undefined {
  const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const digit = (11 - (sum % 11)) % 11;
  return digit === 10 ? undefined : digit;
}

/** True for the NHS number's identifier system, whichever case its `/Id/` is written in. */
export function isNhsNumberSystem(system: string | undefined): boolean {
  return system !== undefined && canonicalSystem(system) === NHS_NUMBER_SYSTEM;
}
