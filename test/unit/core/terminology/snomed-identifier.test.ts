import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSnomedIdentifier } from '../../../../src/core/terminology/snomed-identifier.ts';

describe('readSnomedIdentifier', () => {
  it.each([
    ['871731000000106', 'concept', '1000000'],
    ['267076002', 'concept', undefined],
    ['281399006', 'concept', undefined],
    ['718466001', 'concept', undefined],
    ['637681000006105', 'concept', '1000006'],
    ['1373501000000105', 'concept', '1000000'],
  ])('reads %s as a %s', (text, component, namespace) => {
    const read = readSnomedIdentifier(text);
    expect(read).toEqual({ kind: 'valid', component, ...(namespace !== undefined && { namespace }) });
  });

  it.each([
    '',
    '12345',
    '0267076002',
    '1234567890123456789',
    '267076002 ',
    '267076002.0',
    '1.65911E+15',
    'lonely',
    '٢٦٧٠٧٦٠٠٢',
  ])('%j is not an identifier', (text) =>
    expect(readSnomedIdentifier(text)).toEqual({ kind: 'invalid', fault: 'format' }),
  );

  it('tells an identifier that a spreadsheet has cut after fifteen digits', () => {
    for (const damaged of ['1659111000000100', '1659121000000100', '824421000000100']) {
      expect(readSnomedIdentifier(damaged)).toEqual({ kind: 'invalid', fault: 'check-digit' });
    }
  });

  it('does not call an identifier damaged because it ends in 00', () => {
    for (const text of ['294631000000100', '871691000000100', '1024011000000100']) {
      expect(readSnomedIdentifier(text)).toMatchObject({ kind: 'valid', component: 'concept' });
    }
  });

  it('tells partitions that do not exist', () => {
    const faults = new Set(Array.from({ length: 100 }, (_, item) => faultOf(`${100 + item}3`)));
    expect(faults).toContain('partition');
  });

  it('finds every change of one digit and every swap of two different neighbours', () => {
    const known = fc.constantFrom('871731000000106', '267076002', '1364141000000107', '718466001');
    fc.assert(
      fc.property(known, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, at, by) => {
        const place = at % text.length;
        const digit = (Number(text[place]) + by) % 10;
        const changed = text.slice(0, place) + digit + text.slice(place + 1);
        expect(readSnomedIdentifier(changed).kind).toBe('invalid');
        const next = text[place + 1];
        fc.pre(next !== undefined && next !== text[place]);
        const swapped = `${text.slice(0, place)}${next}${text[place]}${text.slice(place + 2)}`;
        expect(readSnomedIdentifier(swapped).kind).toBe('invalid');
      }),
    );
  });
});

/** The fault of a short identifier whose partition is `<body's last two digits>`, with whichever check digit fits. */
function faultOf(body: string): string | undefined {
  for (let check = 0; check < 10; check += 1) {
    const read = readSnomedIdentifier(`${body}${check}`.padStart(6, '1'));
    if (read.kind === 'invalid' && read.fault !== 'check-digit') return read.fault;
  }
  return undefined;
}
