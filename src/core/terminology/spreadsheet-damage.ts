import { readSnomedIdentifier, type SnomedComponent, withCheckDigit } from './snomed-identifier.ts';

/**
 * What spreadsheets and number formats do to SNOMED CT identifiers, and which identifiers would have become exactly that.
 * Measured on published UK data: spreadsheets keep 15 significant digits and write zeros after them (truncation), so the
 * check digit and, from 17 digits on, the partition are lost. Everything given here is a proposal.
 */
export type DamageKind =
  /** `1659111000000100`: digits after the fifteenth are zeros. */
  | 'digits-zeroed'
  /** `8.71731E+14`. */
  | 'scientific-notation'
  /** `871731000000106.0`. */
  | 'decimal-point'
  /** `871,731,000,000,106`. */
  | 'thousands-separators'
  /** `="871731000000106"`, `'871731000000106`, spaces around. */
  | 'spreadsheet-quoting'
  /** `123456781000000110`: what a double-precision number prints. */
  | 'number-rounded';

export interface Damage {
  readonly kind: DamageKind;
  /** Valid identifiers that would have become this text, in ascending order. */
  readonly candidates: readonly string[];
  /** Why these, or why none. */
  readonly why: string;
}

interface DamageGiven {
  /** What the field holds; undefined when it may be any. */
  readonly component?: SnomedComponent;
  /** Identifiers that are known: where digits are gone, only one of them can be meant. */
  readonly known?: readonly string[];
}

/** Digits that a spreadsheet keeps. */
const KEPT = 15;
const DIGITS = /^[1-9]\d{5,17}$/;

/** What a spreadsheet makes of digits: those after the fifteenth become zeros. */
export function zeroed(digits: string): string {
  return digits.length <= KEPT ? digits : digits.slice(0, KEPT).padEnd(digits.length, '0');
}

/** Recognises damage in a text that should be an identifier; undefined when it is sound, or wrong in some other way. */
export function readDamage(text: string, given: DamageGiven = {}): Damage | undefined {
  if (DIGITS.test(text)) {
    return isWanted(text, given) ? undefined : (digitsZeroed(text, given) ?? rounded(text, given));
  }
  return scientific(text, given) ?? dressed(text, given);
}

/** Whether a valid identifier may all the same be damaged: one damaged identifier in ten passes the check by chance. */
export function mayBeDamaged(text: string): boolean {
  return text.length === 18 && text.endsWith('000') && NAMESPACE.test(text.slice(8, 15));
}

/** Namespaces of the identifiers that were seen damaged: 1000000 UK, 1000006 EMIS, others of the same range. */
const NAMESPACE = /^1000\d{3}$/;
const COMPONENTS: readonly SnomedComponent[] = ['concept', 'description', 'relationship'];

function digitsZeroed(text: string, given: DamageGiven): Damage | undefined {
  if (text.length <= KEPT || zeroed(text) !== text) return undefined;
  const candidates = restored(text.slice(0, KEPT), text.length, given).filter((one) => zeroed(one) === text);
  if (candidates.length === 0) return undefined;
  return { kind: 'digits-zeroed', candidates, why: whyZeroed(text.length, given) };
}

function whyZeroed(length: number, { component }: DamageGiven): string {
  if (length === 16) return 'Only the check digit was lost, and it follows from the other digits.';
  const lost =
    length === 17
      ? 'The check digit and half of the partition were lost'
      : 'The check digit and the partition were lost';
  return component === undefined
    ? `${lost}, and the kind of component is not known: more than one identifier is possible.`
    : `${lost}; the field holds a ${component}, so both follow from the other digits.`;
}

/** Long identifiers of a length that begin with these digits. */
function restored(kept: string, length: number, given: DamageGiven): string[] {
  const wanted = given.component === undefined ? COMPONENTS : [given.component];
  const partitions = wanted.map((one) => `1${COMPONENTS.indexOf(one)}`);
  const bodies = partitions.flatMap((partition) => {
    const missing = length - 1 - KEPT;
    return kept.endsWith(partition.slice(0, 2 - missing)) ? [`${kept}${partition.slice(2 - missing)}`] : [];
  });
  return bodies
    .map(withCheckDigit)
    .filter((one) => isLong(one, given))
    .sort();
}

function isLong(text: string, { component }: DamageGiven): boolean {
  const read = readSnomedIdentifier(text);
  if (read.kind !== 'valid' || read.namespace === undefined || !NAMESPACE.test(read.namespace)) return false;
  return component === undefined || read.component === component;
}

function isWanted(text: string, { component }: DamageGiven): boolean {
  const read = readSnomedIdentifier(text);
  return read.kind === 'valid' && (component === undefined || read.component === component);
}

/** Beyond this, neighbouring whole numbers are one number in double precision (IEEE 754). */
const EXACT = 2n ** 53n;
/** Half the distance of doubles below 10^18. */
const REACH = 64n;

function rounded(text: string, given: DamageGiven): Damage | undefined {
  const value = BigInt(text);
  if (value <= EXACT || String(Number(text)) !== text) return undefined;
  const near = Array.from({ length: Number(2n * REACH) + 1 }, (_, step) => String(value - REACH + BigInt(step)));
  const candidates = near.filter((one) => String(Number(one)) === text && isLong(one, given));
  if (candidates.length === 0) return undefined;
  return {
    kind: 'number-rounded',
    candidates,
    why: 'The text is what a number in double precision prints: its last digits were rounded.',
  };
}

const SCIENTIFIC = /^([1-9])(?:[.,](\d+))?[eE]\+?(\d{1,2})$/;

function scientific(text: string, given: DamageGiven): Damage | undefined {
  const [, first, rest = '', exponent] = SCIENTIFIC.exec(text) ?? [];
  if (first === undefined) return undefined;
  const [digits, length] = [`${first}${rest}`, Number(exponent) + 1];
  if (length < 6 || length > 18 || digits.length > length) return undefined;
  const kind = 'scientific-notation';
  if (digits.length === length && isWanted(digits, given)) {
    return { kind, candidates: [digits], why: 'All digits are there, written as a number.' };
  }
  const known = (given.known ?? []).filter(
    (one) => one.length === length && readsSo(one, digits) && isWanted(one, given),
  );
  const candidates = [...new Set([...ofWritten(digits, length, given), ...known])].sort();
  const shown = `Only ${digits.length} of ${length} digits are there`;
  const why =
    candidates.length === 0
      ? `${shown}, and no identifier that is known begins so: it cannot be recovered.`
      : `${shown}: these are the identifiers with zeros in the other places, and the known ones that read so.`;
  return { kind, candidates, why };
}

/** Identifiers whose digits are those written, with zeros behind them, as far as a spreadsheet keeps any. */
function ofWritten(digits: string, length: number, given: DamageGiven): string[] {
  const kept = digits.padEnd(Math.min(length, KEPT), '0');
  if (kept.length === length) return isLong(kept, given) ? [kept] : [];
  return kept.length === KEPT ? restored(kept, length, given) : [];
}

/** Whether an identifier's first digits, rounded as spreadsheets show numbers, are these; zeros at the end are not shown. */
function readsSo(identifier: string, digits: string): boolean {
  const shown = Number(zeroed(identifier)).toExponential(digits.length - 1);
  return shown.replace(/e.*$/, '').replace('.', '') === digits;
}

/** What stands around digits that are otherwise whole. */
const DRESSES: readonly (readonly [DamageKind, RegExp, (text: string) => string, string])[] = [
  ['decimal-point', /^\d+[.,]0+$/, (text) => text.replace(/[.,]0+$/, ''), 'A decimal point was added.'],
  [
    'thousands-separators',
    /^\d{1,3}(?:[,.'\u2019 \u00a0\u202f]\d{3}){2,}$/,
    (text) => text.replace(/\D/g, ''),
    'Separators were put between the digits.',
  ],
  [
    'spreadsheet-quoting',
    /^\s*(?:'\d+|="?'?\d+'?"?|"\d+"|\d+)\s*$/,
    (text) => text.replace(/\D/g, ''),
    'What a spreadsheet writes around a text was left on.',
  ],
];

function dressed(text: string, given: DamageGiven): Damage | undefined {
  for (const [kind, form, undress, why] of DRESSES) {
    if (!form.test(text)) continue;
    const digits = undress(text);
    if (digits === text || !DIGITS.test(digits)) continue;
    if (isWanted(digits, given)) return { kind, candidates: [digits], why };
    const beneath = readDamage(digits, given);
    if (beneath !== undefined) return { kind, candidates: beneath.candidates, why: `${why} ${beneath.why}` };
  }
  return undefined;
}
