/** A term as words to search by: lower case, without marks on letters; letters and digits only, one blank between words. */
export function foldTerm(term: string): string {
  return (
    term
      .normalize('NFD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? ''
  );
}

/** The words of a search text. */
export function searchWords(filter: string): string[] {
  return foldTerm(filter)
    .split(' ')
    .filter((word) => word !== '');
}

/** Whether every word of a search begins a word of the term, in any order. */
export function termHasWords(term: string, words: readonly string[]): boolean {
  const folded = ` ${foldTerm(term)}`;
  return words.every((word) => folded.includes(` ${word}`));
}
