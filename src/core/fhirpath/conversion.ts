import type { NativeFunction } from './compiler.ts';
import { BAIL, EvaluationError } from './frame.ts';
import { dataOf, EMPTY, isConverted, Node } from './items.ts';

/** Conversion (FHIRPath 5.5). Texts, numbers and booleans here; dates, quantities and the rest by the package. */

type Converted = string | number | boolean | undefined;

/** How each kind of value is converted; undefined: it is not convertible. */
interface Conversions {
  readonly text: (text: string) => Converted;
  readonly number: (value: number) => Converted;
  readonly truth: (truth: boolean) => Converted;
  /** Whether dates stay the texts that they are written as. */
  readonly datesAreTexts: boolean;
}

function converting(name: string, conversions: Conversions): NativeFunction {
  return {
    parameters: [0],
    compile:
      (_given, { world }) =>
      (focus) => {
        if (focus.length === 0) return EMPTY;
        if (focus.length > 1) throw new EvaluationError(`${name}() was given several values`);
        const [item] = focus;
        const data = item instanceof Node && isConverted(item) && !conversions.datesAreTexts ? undefined : dataOf(item);
        switch (typeof data) {
          case 'string':
            return collection(conversions.text(data));
          case 'number':
            return collection(conversions.number(data));
          case 'boolean':
            return collection(conversions.truth(data));
          default:
            return world.operation(`%a.${name}()`)(focus);
        }
      },
  };
}

function collection(value: Converted): readonly unknown[] {
  return value === undefined ? EMPTY : [value];
}

const TRUE_WORDS = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const FALSE_WORDS = new Set(['false', 'f', 'no', 'n', '0', '0.0']);

function truthOf(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

function truthOfNumber(value: number): boolean | undefined {
  // Nearly one is one for some numbers of the package.
  if (!Number.isInteger(value)) throw BAIL;
  return value === 1 ? true : value === 0 ? false : undefined;
}

export const CONVERSION_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['toString', converting('toString', { text: (text) => text, number: String, truth: String, datesAreTexts: false })],
  [
    'toInteger',
    converting('toInteger', {
      text: (text) => (/^[+-]?\d+$/.test(text) ? Number.parseInt(text, 10) : undefined),
      number: (value) => (Number.isInteger(value) ? value : undefined),
      truth: Number,
      datesAreTexts: true,
    }),
  ],
  [
    'toDecimal',
    converting('toDecimal', {
      text: (text) => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number.parseFloat(text) : undefined),
      number: (value) => value,
      truth: Number,
      datesAreTexts: true,
    }),
  ],
  [
    'toBoolean',
    converting('toBoolean', {
      text: truthOf,
      number: truthOfNumber,
      truth: (truth) => truth,
      datesAreTexts: true,
    }),
  ],
];
