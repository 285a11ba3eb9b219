import { readHead } from '../../core/hl7v2/head.ts';

export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

/** What a partner's acknowledgement says (HL7 v2.5.1, 2.14.8 MSA and 2.14.5 ERR), without its texts, which may speak of patients. */
export interface Acknowledgement {
  readonly code: AckCode;
  /** MSA-2: MSH-10 of the message that it answers, as written. */
  readonly of: string;
  /** Codes of table HL70357 (207 is an internal error), in order; of ERR-3, or where earlier versions have them: ERR-1.4, MSA-6. */
  readonly errors: readonly string[];
  readonly bytes: Buffer;
}

const CODES: readonly string[] = ['AA', 'AE', 'AR', 'CA', 'CE', 'CR'] satisfies readonly AckCode[];
/** No acknowledgement is longer, whatever it encloses. */
const LONGEST_TEXT = 64 * 1024;
const MOST_ERRORS = 20;

/** Reads an acknowledgement; undefined for any other message, and for what is none. */
export function readAcknowledgement(bytes: Buffer): Acknowledgement | undefined {
  const { readable, delimiters } = readHead(bytes);
  if (!readable) return undefined;
  const segments = bytes.toString('latin1', 0, LONGEST_TEXT).split(/[\r\n]+/);
  const rows = segments.map((segment) => segment.split(delimiters.field));
  const msa = rows.find(([name]) => name === 'MSA');
  const code = msa?.[1]?.trim().toUpperCase() ?? '';
  if (msa === undefined || !isAckCode(code)) return undefined;
  const first = (field: string | undefined) => field?.split(delimiters.component)[0]?.trim() ?? '';
  const errors = rows
    .filter(([name]) => name === 'ERR')
    .map((err) => first(err[3]) || codeOfFirstField(err[1], delimiters.component, delimiters.subcomponent));
  const known = [...errors, first(msa[6])].filter((error) => /^[0-9A-Za-z]{1,10}$/.test(error)).slice(0, MOST_ERRORS);
  return { code, of: msa[2]?.trim() ?? '', errors: known, bytes };
}

/** ERR-1 until v2.4: segment, its number, the field, and what is wrong as a coded element in sub-components. */
function codeOfFirstField(field: string | undefined, component: string, subcomponent: string): string {
  const coded = field?.split(component)[3] ?? '';
  return (subcomponent === '' ? coded : coded.split(subcomponent)[0])?.trim() ?? '';
}

function isAckCode(code: string): code is AckCode {
  return CODES.includes(code);
}

/** An accept acknowledgement: the message is kept safe, and nobody has looked at it yet. */
export function isAcceptLevel({ code }: Acknowledgement): boolean {
  return code.startsWith('C');
}

export function isPositive({ code }: Acknowledgement): boolean {
  return code === 'AA' || code === 'CA';
}
