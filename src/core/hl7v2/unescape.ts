import type { CharacterSet } from './character-set.ts';
import type { Delimiters } from './delimiters.ts';

/** How the texts of a message are written. */
export interface Encoding extends Delimiters {
  /** Of the bytes in `\Xdd..\`; those of a set that is not known stay as they are. */
  readonly characterSet?: CharacterSet;
}

/**
 * Reads the escape sequences of a value (HL7 v2.5.1, 2.7). `\F\`, `\S\`, `\T\`, `\R\`, `\E\`, `\P\` are the delimiters;
 * `\.br\`, `\.ce\` and `\.sp<n>\` end lines, `\.sk<n>\` makes blanks, other formatting and `\H\`, `\N\` (highlighting) are left
 * out; `\Xdd..\` are bytes. Whatever else stands between escape signs stays as it is, and so does a single one: `\Cxxyy\`
 * and `\Mxxyyzz\` (other character sets), `\Z..\` (local), and text in which somebody forgot to escape.
 */
export function unescapeText(text: string, encoding: Encoding): string {
  const sign = encoding.escape;
  let at = sign === '' ? -1 : text.indexOf(sign);
  if (at === -1) return text;
  let read = '';
  let done = 0;
  while (at !== -1) {
    const end = text.indexOf(sign, at + 1);
    if (end === -1) break;
    const meaning = meaningOf(text.slice(at + 1, end), encoding);
    // Without a meaning only the sign before it is passed: the next one may begin a sequence of its own.
    const next = meaning === undefined ? end : end + 1;
    read += text.slice(done, at) + (meaning ?? text.slice(at, next));
    done = next;
    at = text.indexOf(sign, next);
  }
  return read + text.slice(done);
}

function meaningOf(name: string, encoding: Encoding): string | undefined {
  switch (name) {
    case 'F':
      return encoding.field;
    case 'S':
      return encoding.component;
    case 'T':
      return encoding.subcomponent === '' ? '&' : encoding.subcomponent;
    case 'R':
      return encoding.repetition;
    case 'E':
      return encoding.escape;
    case 'P':
      return encoding.truncation === '' ? '#' : encoding.truncation;
    case 'H':
    case 'N':
      return '';
    default:
      return name.startsWith('.') ? formatting(name) : bytesOf(name, encoding);
  }
}

const FORMATTING = /^\.(br|ce|fi|nf|sp|sk|in|ti)([+-]?\d{1,3})?$/i;
/** No formatting makes more lines or blanks than this: the text could grow without end. */
const MOST = 100;

function formatting(name: string): string | undefined {
  const found = FORMATTING.exec(name);
  if (found === null) return undefined;
  const count = Math.min(Math.max(Number(found[2] ?? 1), 0), MOST);
  switch (found[1]?.toLowerCase()) {
    case 'br':
    case 'ce':
      return '\n';
    case 'sp':
      return '\n'.repeat(count);
    case 'sk':
      return ' '.repeat(count);
    default:
      return '';
  }
}

function bytesOf(name: string, { characterSet }: Encoding): string | undefined {
  if (characterSet === undefined || !/^X(?:[0-9A-Fa-f]{2})+$/.test(name)) return undefined;
  const bytes = Uint8Array.from({ length: (name.length - 1) / 2 }, (_, index) =>
    Number.parseInt(name.slice(1 + 2 * index, 3 + 2 * index), 16),
  );
  return characterSet.decode(bytes);
}
