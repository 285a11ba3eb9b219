import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { characterSetNamed } from '../../../../src/core/hl7v2/character-set.ts';
import { escapeText } from '../../../../src/core/hl7v2/escape.ts';
import { readMessageText } from '../../../../src/core/hl7v2/message.ts';
import { messageTree } from '../../../../src/core/hl7v2/tree.ts';
import { unescapeText } from '../../../../src/core/hl7v2/unescape.ts';
import { writeMessage } from '../../../../src/core/hl7v2/write.ts';
import { treeFlaws, writeTree } from '../../../../src/core/hl7v2/write-tree.ts';
import { delimiters, message, text } from './generated.ts';

const UTF8 = characterSetNamed('UTF-8');

describe('writing what was read', () => {
  it('gives the same text, whatever the message looks like', () => {
    fc.assert(
      fc.property(message, (written) => {
        const read = readMessageText(written, UTF8);
        expect(read && writeMessage(read)).toBe(written);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same bytes in each character set', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, code) => code).filter((code) => code !== 13 && code !== 10);
    for (const name of ['8859/1', '8859/2', '8859/4', '8859/5', '8859/9', '8859/15']) {
      const set = characterSetNamed(name);
      const decoded = set?.decode(bytes) ?? '';
      expect(decoded).toHaveLength(254);
      expect(set?.encode(decoded)).toEqual(bytes);
    }
  });
});

describe('a tree', () => {
  const withoutGroups = (tree: ReturnType<typeof messageTree>) => ({
    segments: tree.segments.map(({ group: _, ...segment }) => segment),
  });

  it('that was written is read as the same tree', () => {
    fc.assert(
      fc.property(message, (written) => {
        const read = readMessageText(written, UTF8);
        if (read === undefined) return;
        const tree = messageTree(read);
        fc.pre(read.encoding.escape !== '');
        const made = withoutGroups(tree);
        expect(treeFlaws(made)).toEqual([]);
        const again = readMessageText(writeTree(made), UTF8);
        expect(isDeepStrictEqual(again && messageTree(again), unbroken(tree))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  /** `\X0D\` reads as a carriage return, which is written as any other line end. */
  function unbroken(tree: unknown): unknown {
    return JSON.parse(JSON.stringify(tree), (_, value: unknown) =>
      typeof value === 'string' ? value.replace(/\r\n|\r/g, '\n') : value,
    );
  }
});

describe('a text', () => {
  it('comes back as it was, but for the kind of its line ends', () => {
    fc.assert(
      fc.property(delimiters, text, (signs, given) => {
        fc.pre(signs.escape !== '' && given !== '');
        const encoding = { ...signs, ...(UTF8 && { characterSet: UTF8 }) };
        expect(unescapeText(escapeText(given, signs), encoding)).toBe(given.replace(/\r\n|\r/g, '\n'));
      }),
      { numRuns: 1000 },
    );
  });

  it('can become no segment, no field, no component and no deletion', () => {
    fc.assert(
      fc.property(delimiters, text, fc.boolean(), (signs, given, deep) => {
        fc.pre(signs.escape !== '');
        const f2 = signs.component + signs.repetition + signs.escape + signs.subcomponent + signs.truncation;
        const value = deep ? { c1: given, c2: 'end' } : given;
        const made = writeTree({
          segments: [
            { name: 'MSH', f1: signs.field, f2, f9: given },
            { name: 'NTE', f3: value, f4: 'last' },
          ],
        });
        const read = readMessageText(made, UTF8);
        expect(read?.segments.map(({ name, lastField }) => [name, lastField])).toEqual([
          ['MSH', 9],
          ['NTE', 4],
        ]);
        const note = read?.first('NTE');
        expect(note?.repetitions(3)).toHaveLength(given === '' && !deep ? 0 : 1);
        expect(note?.written(3, 2)).toBe(deep ? 'end' : undefined);
        expect(note?.written(3, 1, 1, 2)).toBeUndefined();
        expect(note?.presence(3)).not.toBe('null');
        expect(note?.value(4)).toBe('last');
        // Nothing that ends a frame, either.
        expect([...made].filter((sign) => sign === '\u000b' || sign === '\u001c')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
