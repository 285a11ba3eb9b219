const UNSOUND = /[\0\p{Cs}]/u;
const EVERY_UNSOUND = /[\0\p{Cs}]/gu;

/** No database keeps NUL in a text, and half a surrogate pair is no character: both are replaced, in all stores alike. */
export function sound(text: string): string {
  return UNSOUND.test(text) ? text.replace(EVERY_UNSOUND, '\uFFFD') : text;
}
