/** What a scalar literal is and where it ends, or why it is none. Offsets are into the text. */
export type Scanned<T> =
  | { readonly ok: true; readonly value: T; readonly end: number; readonly doubt?: ScalarDoubt }
  | { readonly ok: false; readonly at: number; readonly what: string };

/** Syntactically right, and still not safe to carry on. */
export type ScalarDoubt = 'beyond-double' | 'unsafe-integer' | 'many-digits' | 'lone-surrogate';

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
/** A double keeps every decimal number of up to 15 significant digits. */
const SAFE_DIGITS = 15;

/** Reads the number literal at `at` (RFC 8259 §6). */
export function scanNumber(text: string, at: number): Scanned<number> {
  NUMBER.lastIndex = at;
  const literal = NUMBER.exec(text)?.[0];
  if (literal === undefined) return { ok: false, at, what: 'a number is not written as JSON writes numbers' };
  const end = at + literal.length;
  const value = Number(literal);
  const doubt = numberDoubt(literal, value);
  return doubt === undefined ? { ok: true, value, end } : { ok: true, value, end, doubt };
}

/** Why a number literal does not survive as a double, if it does not. */
export function numberDoubt(literal: string, value: number): ScalarDoubt | undefined {
  if (!Number.isFinite(value)) return 'beyond-double';
  const mantissa = /^[^eE]*/.exec(literal)?.[0] ?? '';
  if (mantissa === literal && !literal.includes('.') && !Number.isSafeInteger(value)) return 'unsafe-integer';
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '');
  return digits.length > SAFE_DIGITS ? 'many-digits' : undefined;
}

/** Reads the string literal whose opening quote stands at `at` (RFC 8259 §7). */
export function scanString(text: string, at: number): Scanned<string> {
  let escaped = false;
  for (let i = at + 1; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) return finishString(text, at, i, escaped);
    if (unit < 0x20) return { ok: false, at: i, what: 'a control character or line break stands unescaped in a text' };
    if (unit !== 0x5c) continue;
    ESCAPE.lastIndex = i;
    const found = ESCAPE.exec(text)?.[0];
    if (found === undefined) return { ok: false, at: i, what: 'a text holds an escape that JSON does not have' };
    escaped = true;
    i += found.length - 1;
  }
  return { ok: false, at, what: 'a text is opened and never closed' };
}

function finishString(text: string, at: number, quote: number, escaped: boolean): Scanned<string> {
  const end = quote + 1;
  if (!escaped) return { ok: true, value: text.slice(at + 1, quote), end };
  // The escapes have been checked: the platform's own reader only replaces them.
  const value = String(JSON.parse(text.slice(at, end)));
  return LONE_SURROGATE.test(value) ? { ok: true, value, end, doubt: 'lone-surrogate' } : { ok: true, value, end };
}
