/**
 * SNOMED CT identifiers as text: 6 to 18 digits, of which the last is a Verhoeff check digit and the two before it say
 * what kind of component it is (SNOMED CT Release File Specification, "SNOMED CT Identifier"). That an identifier is
 * well formed does not mean that the concept exists or is active.
 */

export type SnomedComponent = 'concept' | 'description' | 'relationship';

type SnomedIdentifier =
  | {
      readonly kind: 'valid';
      readonly component: SnomedComponent;
      /** Seven digits, when it was issued outside the international edition (`1000000` UK, `1000006` EMIS). */
      readonly namespace?: string;
    }
  /** `format`: not 6 to 18 digits; `check-digit`: a digit is wrong or missing; `partition`: not a kind of component. */
  | { readonly kind: 'invalid'; readonly fault: 'format' | 'check-digit' | 'partition' };

const FORMAT = /^[1-9]\d{5,17}$/;
const COMPONENTS: Readonly<Record<string, SnomedComponent>> = {
  '0': 'concept',
  '1': 'description',
  '2': 'relationship',
};

/** Reads an identifier. Text only: as a JSON number it would have lost digits. */
export function readSnomedIdentifier(text: string): SnomedIdentifier {
  if (!FORMAT.test(text)) return { kind: 'invalid', fault: 'format' };
  if (!hasCheckDigit(text)) return { kind: 'invalid', fault: 'check-digit' };
  const component = COMPONENTS[text.charAt(text.length - 2)];
  const form = text.charAt(text.length - 3);
  if (component === undefined || (form !== '0' && form !== '1')) return { kind: 'invalid', fault: 'partition' };
  if (form === '0') return { kind: 'valid', component };
  // Check digit, partition, namespace: ten digits, and at least one of the item itself.
  if (text.length < 11) return { kind: 'invalid', fault: 'partition' };
  return { kind: 'valid', component, namespace: text.slice(-10, -3) };
}

/** Multiplication in the dihedral group D5, row by row. */
const MULTIPLY = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
/** How a digit is permuted by its place, counted from the right, modulo 8. */
const PERMUTE = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Row by row, which element takes another back to zero. */
const INVERSE = '0432156789';

function hasCheckDigit(text: string): boolean {
  return verhoeff(text, 0) === 0;
}

/** Digits with the check digit that belongs behind them. */
export function withCheckDigit(body: string): string {
  return `${body}${INVERSE.charAt(verhoeff(body, 1))}`;
}

/** @param first the place of the last digit, counted from the right */
function verhoeff(digits: string, first: number): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const permuted = Number(PERMUTE[(place + first) % 8]?.charAt(digit));
    sum = Number(MULTIPLY[sum]?.charAt(permuted));
  }
  return sum;
}
