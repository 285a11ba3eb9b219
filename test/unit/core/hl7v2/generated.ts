import fc from 'fast-check';
import { type Delimiters, USUAL_DELIMITERS } from '../../../../src/core/hl7v2/delimiters.ts';

/** Delimiters as senders choose them: usual, with a truncation character, others, and fewer. */
export const delimiters: fc.Arbitrary<Delimiters> = fc.oneof(
  fc.constant(USUAL_DELIMITERS),
  fc.constant({ ...USUAL_DELIMITERS, truncation: '#' }),
  fc
    .shuffledSubarray([...'|^~\\&#!*@%+$'], { minLength: 6, maxLength: 6 })
    .map(([field = '', component = '', repetition = '', sign = '', subcomponent = '', truncation = '']) => ({
      field,
      component,
      repetition,
      escape: sign,
      subcomponent,
      truncation,
    })),
  fc.constant({ ...USUAL_DELIMITERS, subcomponent: '', truncation: '' }),
  fc.constant({ ...USUAL_DELIMITERS, escape: '', subcomponent: '', truncation: '' }),
);

/** Any text that a person could write, and some that nobody should. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('\u00e9', '\u{1f600}', '\u0085', '\ufeff', '\u2028', 'z'), maxLength: 4 }),
  fc.constantFrom(
    '""',
    '0161 496 0000',
    'a|b^c~d\\e&f#g',
    'x\rMSH|^~\\&|',
    'x\r\nOBX|1',
    '\u001c\r',
    '\\.br\\',
    '\\X0D\\',
    '',
  ),
);

const NAMES = ['PID', 'PV1', 'OBR', 'OBX', 'NTE', 'ZU1', 'RF1', 'PRD', 'IN1'];

/** What stands between separators: anything but separators and line ends, escape sequences included. */
function value(signs: Delimiters): fc.Arbitrary<string> {
  const { field, component, repetition, subcomponent } = signs;
  const forbidden = new Set([field, component, repetition, subcomponent, '\r', '\n'].filter((sign) => sign !== ''));
  const plain = text.map((one) => [...one].filter((sign) => !forbidden.has(sign)).join(''));
  const sequences = fc.constantFrom(
    'F',
    'S',
    'T',
    'R',
    'E',
    '.br',
    '.sp2',
    'H',
    'N',
    'X41',
    'XE9',
    'C2842',
    'Zloc',
    'nothing',
  );
  const sequence = sequences.map((name) => signs.escape + name + signs.escape);
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: sequence },
    fc.constant('""'),
    fc.constant(''),
  );
}

function joined(part: fc.Arbitrary<string>, separator: string, maxLength: number): fc.Arbitrary<string> {
  if (separator === '') return part;
  return fc.array(part, { minLength: 1, maxLength }).map((parts) => parts.join(separator));
}

/** A message as somebody could send it: any delimiters, line ends, values and escape sequences. */
export const message: fc.Arbitrary<string> = delimiters.chain((signs) => {
  const component = joined(value(signs), signs.subcomponent, 3);
  const repetition = joined(component, signs.component, 4);
  const field = joined(repetition, signs.repetition, 3);
  const segment = fc
    .tuple(fc.constantFrom(...NAMES), fc.array(field, { maxLength: 8 }))
    .map(([name, fields]) => [name, ...fields].join(signs.field));
  const two = signs.component + signs.repetition + signs.escape + signs.subcomponent + signs.truncation;
  const header = fc.array(field, { maxLength: 12 }).map((fields) => ['MSH', two, ...fields].join(signs.field));
  const end = fc.constantFrom('\r', '\r', '\n', '\r\n', '\r\r');
  return fc
    .tuple(
      fc.constantFrom('', '\ufeff', '\r\n'),
      header,
      fc.array(fc.tuple(end, segment), { maxLength: 6 }),
      fc.constantFrom('', '\r', '\r\n'),
    )
    .map(([before, first, others, last]) => before + first + others.flat().join('') + last);
});
