/**
 * Identifiers as sorted numbers in two parts of nine digits: an identifier has up to 18 digits, more than a JavaScript
 * number holds. Nothing is lost, because an identifier has no leading zero (`readSnomedIdentifier`).
 */
export interface ConceptIndex {
  /** All digits but the last nine. */
  readonly high: Uint32Array;
  /** The last nine digits. */
  readonly low: Uint32Array;
}

const LOW = 1_000_000_000;
const FORM = /^[1-9]\d{5,17}$/;

/** Sorts identifiers (6 to 18 digits as text or number) into an index; the same one twice stays twice. */
export function indexOf(identifiers: BigUint64Array): ConceptIndex {
  const sorted = identifiers.slice().sort();
  const high = new Uint32Array(sorted.length);
  const low = new Uint32Array(sorted.length);
  sorted.forEach((identifier, position) => {
    high[position] = Number(identifier / BigInt(LOW));
    low[position] = Number(identifier % BigInt(LOW));
  });
  return { high, low };
}

/** The position of an identifier, by bisection; undefined when it is not there or is no identifier. */
export function findIn({ high, low }: ConceptIndex, code: string): number | undefined {
  if (!FORM.test(code)) return undefined;
  const wantedHigh = Number(code.slice(0, -9));
  const wantedLow = Number(code.slice(-9));
  let from = 0;
  let to = high.length - 1;
  while (from <= to) {
    const middle = (from + to) >>> 1;
    const difference = (high[middle] ?? 0) - wantedHigh || (low[middle] ?? 0) - wantedLow;
    if (difference === 0) return middle;
    if (difference < 0) from = middle + 1;
    else to = middle - 1;
  }
  return undefined;
}

/** The identifier at a position, as it was read. */
export function codeAt({ high, low }: ConceptIndex, position: number): string {
  const above = high[position] ?? 0;
  const below = low[position] ?? 0;
  return above === 0 ? String(below) : `${above}${String(below).padStart(9, '0')}`;
}
