/** TypeScript with everything blanked out that is no code, at the same offsets. */
interface BlankedCode {
  readonly text: string;
  /** Where regular expressions begin. */
  readonly regularExpressions: readonly number[];
}

/**
 * Blanks out comments and the insides of quoted texts, so that names can be looked for in what is left. Texts in
 * backticks stay, because there may be code in them.
 */
export function blanked(text: string): BlankedCode {
  let out = '';
  const regularExpressions: number[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfQuiet(text, at);
    if (end !== undefined) out += text.slice(at, end).replace(/[^\n]/g, ' ');
    else {
      if (text[at] === '/' && !mayDivide(out)) regularExpressions.push(at);
      out += text.charAt(at);
    }
    at = end ?? at + 1;
  }
  return { text: out, regularExpressions };
}

/** The end of a comment or quoted text that begins here; undefined when none does. */
function endOfQuiet(text: string, at: number): number | undefined {
  if (text.startsWith('//', at)) return found(text.indexOf('\n', at), text.length);
  if (text.startsWith('/*', at)) return found(text.indexOf('*/', at + 2) + 2, text.length, 1);
  const quote = text.charAt(at);
  if (quote !== "'" && quote !== '"') return undefined;
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== quote && text.charAt(end) !== '\n')
    end += text.charAt(end) === '\\' ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function found(index: number, otherwise: number, none = -1): number {
  return index === none ? otherwise : index;
}

/** A slash behind a value divides; anywhere else it begins a regular expression. */
function mayDivide(before: string): boolean {
  const code = before.trimEnd();
  if (/(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw)$/.test(code)) return false;
  // A quoted text has been blanked: what stands before the slash may be one.
  return /[\w$)\]}]$/.test(code);
}
