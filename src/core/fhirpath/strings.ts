import type { NativeFunction } from './compiler.ts';
import { BAIL, type Closure, EvaluationError } from './frame.ts';
import { dataOf, EMPTY, type Items, isAskable } from './items.ts';
import { integerIn, textIn } from './singletons.ts';
import type { Syntax } from './syntax.ts';

/** String functions (FHIRPath 5.6). Each takes one text; nothing gives nothing. */

type Made = string | number | boolean;

/** A function of the text alone. */
function ofText(make: (text: string) => Made): NativeFunction {
  return {
    parameters: [0],
    compile: () => (focus) => {
      const text = textIn(focus);
      return text === undefined ? EMPTY : [make(text)];
    },
  };
}

/** A function of the text and one more, which gives nothing when that is missing. */
function ofTwoTexts(make: (text: string, other: string) => Made): NativeFunction {
  return {
    parameters: [1],
    compile: ([other], compiler) => {
      if (other === undefined) return () => EMPTY;
      const operand = compiler.operand(other);
      return (focus, frame) => {
        const second = textIn(operand(frame));
        const text = textIn(focus);
        return text === undefined || second === undefined ? EMPTY : [make(text, second)];
      };
    },
  };
}

const substring: NativeFunction = {
  parameters: [1, 2],
  compile: ([start, length], compiler) => {
    if (start === undefined) return () => EMPTY;
    const from = compiler.operand(start);
    const count = length === undefined ? undefined : compiler.operand(length);
    return (focus, frame) => {
      const first = integerIn(from(frame));
      const size = count === undefined ? undefined : integerIn(count(frame));
      const text = textIn(focus);
      if (text === undefined || first === undefined || first < 0 || first >= text.length) return EMPTY;
      return [text.substring(first, size === undefined ? undefined : first + size)];
    };
  },
};

const replace: NativeFunction = {
  parameters: [2],
  compile: ([pattern, substitution], compiler) => {
    if (pattern === undefined || substitution === undefined) return () => EMPTY;
    const old = compiler.operand(pattern);
    const by = compiler.operand(substitution);
    return (focus, frame) => {
      const wanted = textIn(old(frame));
      const put = textIn(by(frame));
      const text = textIn(focus);
      if (wanted === undefined || put === undefined || text === undefined) return EMPTY;
      // `$&` and its like mean in the substitution what they mean to JavaScript, as in the package.
      return [text.replaceAll(wanted, put)];
    };
  },
};

const split: NativeFunction = {
  parameters: [1],
  compile: (given, compiler) =>
    withSeparator(given, compiler, (items, separator) => textIn(items)?.split(separator) ?? EMPTY),
};

const join: NativeFunction = {
  parameters: [0, 1],
  compile: (given, compiler) =>
    withSeparator(given, compiler, (items, separator) => {
      const texts: string[] = [];
      for (const item of items) {
        const data = dataOf(item);
        if (typeof data === 'string') texts.push(data);
        else if (isAskable(data)) throw new EvaluationError('join() joins texts');
      }
      return texts.length === 0 ? EMPTY : [texts.join(separator)];
    }),
};

function withSeparator(
  [separator]: readonly Syntax[],
  compiler: Parameters<NativeFunction['compile']>[1],
  run: (items: Items, separator: string) => Items,
): Closure {
  if (separator === undefined) return (focus) => run(focus, '');
  const operand = compiler.operand(separator);
  return (focus, frame) => {
    const text = textIn(operand(frame));
    if (text === undefined) throw BAIL;
    return run(focus, text);
  };
}

const toChars: NativeFunction = { parameters: [0], compile: () => (focus) => textIn(focus)?.split('') ?? EMPTY };

export const STRING_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['indexOf', ofTwoTexts((text, other) => text.indexOf(other))],
  ['lastIndexOf', ofTwoTexts((text, other) => text.lastIndexOf(other))],
  ['startsWith', ofTwoTexts((text, other) => text.startsWith(other))],
  ['endsWith', ofTwoTexts((text, other) => text.endsWith(other))],
  ['contains', ofTwoTexts((text, other) => text.includes(other))],
  ['upper', ofText((text) => text.toUpperCase())],
  ['lower', ofText((text) => text.toLowerCase())],
  ['length', ofText((text) => text.length)],
  ['trim', ofText((text) => text.trim())],
  ['toChars', toChars],
  ['substring', substring],
  ['replace', replace],
  ['split', split],
  ['join', join],
];
