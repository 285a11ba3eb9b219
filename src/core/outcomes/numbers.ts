/** Half away from zero, on decimal digits: binary fractions (2.675) must not decide a score. */
export function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return (Math.sign(value) * Math.round(Math.abs(value) * factor + 1e-9)) / factor;
}

/** How many decimals a number is written with. */
export function decimalsOf(value: number): number {
  const [, fraction = ''] = String(value).split('.');
  return fraction.length;
}

/** Whether a stated score is the computed one, as precisely as it was stated. */
export function agrees(stated: number, computed: number): boolean {
  return Math.abs(stated - roundTo(computed, decimalsOf(stated))) < 1e-9;
}
