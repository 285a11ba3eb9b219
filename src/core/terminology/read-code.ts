/**
 * Read codes as text: five characters, case-sensitive, padded with dots. CTV3 (Read v3) has the same width and is another
 * scheme, so only the system tells them apart (URIs as GP Connect names them).
 */
export const READ_V2_SYSTEM = 'http://read.info/readv2';
export const CTV3_SYSTEM = 'http://read.info/ctv3';

const READ_CODE = /^[0-9A-Za-z]{1,5}\.{0,4}$/;
/** Five characters and the two of a term code (`8T09.00`): nothing shorter may be shortened. */
const WITH_TERM_CODE = /^.{5}\d{2}$/;

export function isReadSystem(system: string): boolean {
  return system === READ_V2_SYSTEM || system === CTV3_SYSTEM;
}

/** The code without the term code that some systems write behind it; everything else is left as it is. */
export function withoutTermCode(code: string): string {
  return WITH_TERM_CODE.test(code) ? code.slice(0, 5) : code;
}

export function isReadCode(code: string): boolean {
  const bare = withoutTermCode(code);
  return bare.length === 5 && READ_CODE.test(bare);
}

/** What a code of digits alone may have been before a spreadsheet took it for a number: zeros before it, dots behind it. */
export function readCodesBefore(code: string): string[] {
  if (!/^\d{1,4}$/.test(code)) return [];
  return [...new Set([code.padStart(5, '0'), code.padEnd(5, '.')])].sort();
}
