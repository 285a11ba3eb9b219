/**
 * The signs that separate the parts of an HL7 v2 message. The message names them itself, in MSH-1 and MSH-2
 * (HL7 v2.5.1, 2.5.4 "Message delimiters"; the truncation character came with v2.7, 2.5.5.2).
 */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  /** Empty when MSH-2 names none: then nothing in the message is an escape sequence. */
  readonly escape: string;
  /** Empty when MSH-2 names none: then components have no parts. */
  readonly subcomponent: string;
  /** The fifth sign of MSH-2; empty when there is none. */
  readonly truncation: string;
}

export const USUAL_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: '',
};

const USUAL = /^...\|\^~\\&(?:[|\r\n]|$)/;

/** What may stand there: any printable sign of ASCII that could not be taken for a letter, a digit or a quotation mark. */
const SIGN = /^[!#-/:-@[-`{-~]$/;

/**
 * Reads the delimiters of a header segment.
 * @param header text that begins with `MSH`, `FHS` or `BHS`
 * @returns undefined when the signs are missing, stand twice, or are letters, digits, quotation marks, spaces or control
 *   characters: then nobody can tell the parts of the message apart
 */
export function readDelimiters(header: string): Delimiters | undefined {
  if (USUAL.test(header)) return USUAL_DELIMITERS;
  const field = header.charAt(3);
  if (!SIGN.test(field)) return undefined;
  const signs = encodingSigns(header, field);
  if (signs.length < 2 || signs.length > 5) return undefined;
  const all = [field, ...signs];
  if (new Set(all).size !== all.length || !all.every((sign) => SIGN.test(sign))) return undefined;
  const [component = '', repetition = '', introducer = '', subcomponent = '', truncation = ''] = signs;
  return { field, component, repetition, escape: introducer, subcomponent, truncation };
}

function encodingSigns(header: string, field: string): string[] {
  const signs: string[] = [];
  for (let at = 4; at < header.length && signs.length < 6; at += 1) {
    const sign = header.charAt(at);
    if (sign === field || sign === '\r' || sign === '\n') break;
    signs.push(sign);
  }
  return signs;
}

/** MSH-2 as it is written. */
export function encodingCharacters(delimiters: Delimiters): string {
  const { component, repetition, subcomponent, truncation } = delimiters;
  return component + repetition + delimiters.escape + subcomponent + truncation;
}
