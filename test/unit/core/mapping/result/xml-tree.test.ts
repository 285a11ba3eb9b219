import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { isXmlName, writeXml, xmlFlaws } from '../../../../../src/core/mapping/result/xml-tree.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The texts and attribute values within the root element, in order, as a parser of its own reads them. */
function read(xml: string): string[] {
  const found: string[] = [];
  let depth = 0;
  const parser = new SaxesParser();
  parser.on('opentag', () => {
    depth += 1;
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  parser.on('text', (text) => {
    // Line ends around the root belong to no element.
    if (depth > 0) found.push(text);
  });
  parser.on('attribute', ({ value }) => found.push(value));
  parser.write(xml).close();
  return found;
}

describe('writeXml', () => {
  it('writes members as elements, lists as repeated elements, @ as attributes, #text as text', () => {
    const tree = { referral: { '@version': 2, id: 'r-1', need: ['a', { '@code': 'b', '#text': 'B' }], urgent: true } };
    expect(writeXml(tree)).toBe(
      `${HEAD}<referral version="2"><id>r-1</id><need>a</need><need code="b">B</need><urgent>true</urgent></referral>\n`,
    );
  });

  it('escapes what would be markup, and keeps line ends', () => {
    const text = '</a><b c="d">&amp;\r\n]]>';
    const xml = writeXml({ a: { '@x': `${text}\t`, '#text': text } });
    expect(xml).toBe(
      `${HEAD}<a x="&lt;/a&gt;&lt;b c=&quot;d&quot;&gt;&amp;amp;&#13;&#10;]]&gt;&#9;">&lt;/a&gt;&lt;b c=&quot;d&quot;&gt;&amp;amp;&#13;\n]]&gt;</a>\n`,
    );
  });

  it('survives: any text that XML can carry is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, attribute) => {
        const tree = { a: { '@x': attribute, b: text } };
        fc.pre(xmlFlaws(tree).length === 0);
        expect(read(writeXml(tree)).join('')).toBe(attribute + text);
      }),
      {
        examples: [
          ['', '\n'],
          ['\n', ''],
          ['\r\n', '\t'],
        ],
      },
    );
  });
});

describe('xmlFlaws', () => {
  it.each([
    [{}, ''],
    [{ a: 1, b: 2 }, ''],
    [{ a: [1, 2] }, ''],
    ['text', ''],
    [{ a: { 'b c': 1 } }, 'a'],
    [{ a: { b: '\u0000' } }, 'a.b'],
    [{ a: { b: ['fine', '\ud800'] } }, 'a.b'],
    [{ a: { b: '\ufffe' } }, 'a.b'],
    [{ a: { '@b': '\u0001' } }, 'a.@b'],
    [{ a: { '@b': { c: 1 } } }, 'a.@b'],
    [{ a: { '#text': [1] } }, 'a.#text'],
  ])('finds what cannot be written: %j', (tree, path) => {
    expect(xmlFlaws(tree).map((flaw) => flaw.path)).toContain(path);
  });

  it('finds nothing in what can be', () => {
    expect(xmlFlaws({ 'n:a': { '@n:b': 1, c: ['\u{1f600}', false, { d: '' }] } })).toEqual([]);
  });
});

describe('isXmlName', () => {
  it.each([
    ['a', true],
    ['a:b-1', true],
    ['1a', false],
    ['a b', false],
    ['a:b:c', false],
    ['<', false],
    ['', false],
  ])('%s: %s', (name, is) => expect(isXmlName(name)).toBe(is));
});
