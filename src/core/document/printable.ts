/** What stands in place of a letter that cannot be shown: a reader must see that something is missing. */
export const UNKNOWN_LETTER = '□';

/** Scripts that run from right to left: set letter by letter from the left, their words would stand in the wrong order. */
const LEFTWARD =
  /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}|\p{Script=Adlam}/u;
/** Control characters other than line ends, invisible ones that turn or join what is around them, and halves of letters. */
const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Co}]/gu;

interface Printable {
  readonly text: string;
  /** Whether letters had to be replaced. */
  readonly hasUnknown: boolean;
}

/** Finding where a word without end must break takes the package the square of its length. */
const LONG_WORD = /[^\s]{80}(?=[^\s])/gu;

/**
 * A text as a page can show it: composed letters, `\n` for each line end, nothing invisible, words
 * that are longer than a line broken, and `□` for each letter that the font has no shape for.
 */
export function printable(text: string, hasLetter: (codePoint: number) => boolean): Printable {
  const plain = text
    .normalize('NFC')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\t/g, ' ')
    .replace(UNSEEN, (sign) => (/\p{Cs}|\p{Co}/u.test(sign) ? UNKNOWN_LETTER : ''));
  let hasUnknown = plain.includes(UNKNOWN_LETTER);
  let shown = '';
  for (const letter of plain) {
    const known = letter === '\n' || (hasLetter(letter.codePointAt(0) ?? 0) && !LEFTWARD.test(letter));
    hasUnknown ||= !known;
    shown += known ? letter : UNKNOWN_LETTER;
  }
  return { text: shown.replace(LONG_WORD, '$&\n'), hasUnknown };
}
