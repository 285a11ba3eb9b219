import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUtf8 } from '../../../../src/core/json/utf8.ts';

describe('decodeUtf8', () => {
  it('gives back every text that was encoded as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0') && !text.startsWith('\ufeff'));
        expect(decodeUtf8(new TextEncoder().encode(text))).toEqual({ ok: true, text });
      }),
    );
  });

  it.each([
    ['UTF-16 little-endian with a mark', [0xff, 0xfe, 0x7b, 0x00], 'UTF-16'],
    ['UTF-16 big-endian with a mark', [0xfe, 0xff, 0x00, 0x7b], 'UTF-16'],
    ['UTF-16 little-endian', [0x7b, 0x00, 0x7d, 0x00], 'UTF-16'],
    ['UTF-16 big-endian', [0x00, 0x7b, 0x00, 0x7d], 'UTF-16'],
    ['UTF-32 little-endian', [0x7b, 0x00, 0x00, 0x00], 'UTF-32'],
    ['UTF-32 big-endian', [0x00, 0x00, 0x00, 0x7b], 'UTF-32'],
    ['UTF-32 big-endian with a mark', [0x00, 0x00, 0xfe, 0xff], 'UTF-32'],
    ['an overlong form', [0xc0, 0xaf], 'another encoding'],
    ['a surrogate', [0xed, 0xa0, 0x80], 'another encoding'],
  ])('refuses %s', (_, bytes, guess) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toEqual({ ok: false, line: 1, guess });
  });

  it('names the line of the first broken byte, also when it is cut off at the end', () => {
    expect(decodeUtf8(Uint8Array.from([0x61, 0x0a, 0xc3, 0xa9, 0x0a, 0xc3]))).toMatchObject({ ok: false, line: 3 });
  });
});
