import { createHash } from 'node:crypto';
import { SNOMED_SYSTEM } from '../../core/referral.ts';
import { DAMAGED_SYSTEM } from '../../core/terminology/choose-codings.ts';
import { readSnomedIdentifier } from '../../core/terminology/snomed-identifier.ts';
import { readDamage } from '../../core/terminology/spreadsheet-damage.ts';

/** One word as code lists have them; digits at most four in a row, so that no NHS or telephone number fits. */
const WORD = /^(?:[A-Za-z_.:/-]|\d(?!\d{4})){1,40}$/;
/** A capital with small letters after it is how a name is written: `Smith`, `Okafor-Jones`. */
const NAME = /(?:^|[^A-Za-z])[A-Z][a-z]/;

/** A code as a person may see it in a hold. Where a code should stand a partner may have written about somebody. */
export function shownCode(system: string, code: string): string {
  return isPlain(system, code) ? `the code ${code}` : `a code that is not shown here (sha256 ${digest(code, 12)}…)`;
}

/** The code as it stands in a hold's key: apart from every other, and showing no more than `shownCode`. */
export function codeKey(system: string, code: string): string {
  return isPlain(system, code) ? code : `sha256:${digest(code, 64)}`;
}

function isPlain(system: string, code: string): boolean {
  if (system === SNOMED_SYSTEM) return readSnomedIdentifier(code).kind === 'valid';
  if (system === DAMAGED_SYSTEM) return isLongNumber(code) && readDamage(code, { component: 'concept' }) !== undefined;
  return WORD.test(code) && !NAME.test(code);
}

/** As no NHS number and no telephone number is. */
function isLongNumber(code: string): boolean {
  return /^\d{15,18}$|^\d\.\d{5,14}E\+\d{2}$/.test(code);
}

function digest(code: string, length: number): string {
  return createHash('sha256').update(code).digest('hex').slice(0, length);
}
