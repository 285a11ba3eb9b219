/** Lines and columns count from 1; columns in UTF-16 code units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Tells line and column of an offset. Asked with rising offsets it reads the text once in all, so that many
 * findings in a large body stay linear; a smaller offset starts again from the top.
 */
export function positionsIn(text: string): (offset: number) => TextPosition {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    if (offset < lineStart) {
      line = 1;
      lineStart = 0;
    }
    let next = text.indexOf('\n', lineStart);
    while (next !== -1 && next < offset) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
