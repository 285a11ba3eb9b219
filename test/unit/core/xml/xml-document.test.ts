import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readXml } from '../../../../src/core/xml/xml-document.ts';

const LIMITS = { maxDepth: 10, maxElements: 1000 };
const read = (text: string) => readXml(text, LIMITS);

describe('readXml', () => {
  it.each([
    ['', 0, 'it holds no element'],
    ['\n\n ', 3, 'it holds no element'],
    ['<!-- a', 0, 'it holds no element'],
    ['<a>\n <b>\n', 9, 'it ends before all that it opened is closed'],
    ['<a><b/><!-- c', 7, 'it ends before all that it opened is closed'],
    ['<a>\n <![CDATA[ & ', 5, 'it ends before all that it opened is closed'],
    ['<a>\n <b></c>\n</a>', 8, 'an end tag does not belong'],
    ['<a/></b>', 4, 'an end tag does not belong'],
    ['<a/>\n stray <b/>', 6, 'text stands outside the root element'],
    ['<a/>\n stray', 6, 'text stands outside the root element'],
    ['stray', 0, 'text stands outside the root element'],
    ['<a/><b/>', 4, 'there is more than one root element'],
    ['<a><b c="1" c="2"/></a>', 3, 'an attribute stands twice'],
    ['<a xmlns:p="u" xmlns:q="u"><b p:c="1" q:c="2"/></a>', 27, 'an attribute stands twice'],
    ['<a><p:b/></a>', 3, 'a namespace prefix is not declared'],
    ['<a><b p:c=""/></a>', 3, 'a namespace prefix is not declared'],
    ['<a xmlns:p=""/>', 0, 'a namespace is declared in a way that XML forbids'],
    ['<a:b:c/>', 0, 'a name has a colon'],
    ['<a b="1"c="2"/>', 8, 'a start tag is broken'],
    ['<a b=1/>', 5, 'a start tag is broken'],
    ['<a b/>', 4, 'a start tag is broken'],
    ['<a b="<"/>', 6, 'a character stands where XML does not allow it'],
    ['<a>\u0001</a>', 3, 'a character stands where XML does not allow it'],
    ['<a>< b/></a>', 4, 'a "<" is not followed by the name of an element'],
    ['<a>x]]></a>', 6, 'the end of a CDATA section'],
    ['<a><!-- -- --></a>', 10, 'two hyphens'],
    ['<a><? b?></a>', 5, 'a processing instruction is broken'],
    ['\n<?xml version="1.0"?><a/>', 6, 'its XML declaration is broken'],
    ['<?xml version="2.0"?><a/>', 18, 'its XML declaration is broken'],
    ['<a b="Smith & Jones"/>', 12, 'an "&" is not followed by a reference'],
    ['<a>A &amp; B & C<b c="&lt;"/></a>', 13, 'an "&" is not followed by a reference'],
    ['<a>\n&nbsp;</a>', 4, 'an "&" is not followed by a reference'],
    ['<a>&#0;</a>', 6, 'an "&" is not followed by a reference'],
  ])('says what is wrong and where: %j', (text, at, what) => {
    expect(read(text)).toMatchObject({ ok: false, fault: { kind: 'syntax', at, what: expect.stringMatching(what) } });
  });

  it.each([
    ['<!DOCTYPE a><a/>', 0],
    [' <!-- b --> <!DOCTYPE a [<!ENTITY b "c">]><a/>', 12],
    [`<!DOCTYPE a [${'<!-- -->'.repeat(10_000)}`, 0],
    ['<a>b<!ENTITY c "d"></a>', 4],
    ['<a/><!doctype a>', 4],
    ['<!DOCTYPE', 0],
    ['<!-- b --><!DOCTYPE a', 10],
  ])('refuses a document type or entity wherever it stands and whether or not it ends', (text, at) => {
    expect(read(text)).toMatchObject({ ok: false, fault: { kind: 'doctype', at } });
  });

  it('takes what looks like a document type in text, comments and CDATA for what it is', () => {
    const reading = read('<a><!-- <!DOCTYPE b> -->&lt;!DOCTYPE b><![CDATA[<!DOCTYPE b>]]></a>');
    expect(reading).toMatchObject({ ok: true, root: { children: ['<!DOCTYPE b>', '<!DOCTYPE b>'] } });
  });

  it('resolves prefixes where they are declared and not beside', () => {
    const reading = read('<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2" xmlns="urn:3" p:x="1"><c/></p:b><p:d/><e/></p:a>');
    expect(reading).toMatchObject({
      ok: true,
      root: {
        name: 'a',
        namespace: 'urn:1',
        attributes: new Map(),
        children: [
          {
            name: 'b',
            namespace: 'urn:2',
            attributes: new Map([['p:x', '1']]),
            prefixes: new Map([['p', 'urn:2']]),
            children: [{ name: 'c', namespace: 'urn:3' }],
          },
          { name: 'd', namespace: 'urn:1' },
          { name: 'e', namespace: '' },
        ],
      },
    });
  });

  it('counts namespaces by prefix, so that declaring the same one in every element is no fault', () => {
    const deep = '<a xmlns="urn:a">'.repeat(10) + '</a>'.repeat(10);
    const many = (prefix: string) => Array.from({ length: 8 }, (_, i) => `xmlns:${prefix}${i}="urn:a"`).join(' ');
    expect(read(deep).ok).toBe(true);
    const spread = ['b', 'c', 'd', 'e', 'f'].map((prefix) => `<a ${many(prefix)}>`).join('');
    expect(read(spread)).toMatchObject({ ok: false, fault: { kind: 'limit' } });
  });

  it('holds the limits exactly', () => {
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    const wide = (count: number) => `<a>${'<b/>'.repeat(count - 1)}</a>`;
    const attributes = (count: number) => `<a ${Array.from({ length: count }, (_, i) => `b${i}=""`).join(' ')}/>`;
    for (const [document, most] of [
      [nested, 10],
      [wide, 1000],
      [attributes, 64],
    ] as const) {
      expect(read(document(most)).ok).toBe(true);
      expect(read(document(most + 1))).toMatchObject({ ok: false, fault: { kind: 'limit' } });
    }
  });

  it('refuses a body that is too much before it has read what is wrong behind it', () => {
    expect(read(`${'<a>'.repeat(100_000)}</b>`)).toMatchObject({ ok: false, fault: { kind: 'limit', at: 30 } });
  });

  it('reads XML 1.0 whatever version is declared: no control characters, no other line ends', () => {
    expect(read('<?xml version="1.1"?><a>&#1;</a>')).toMatchObject({ ok: false, fault: { kind: 'syntax' } });
    expect(read('<?xml version="1.1"?><a>\u0085\u2028</a>')).toMatchObject({ root: { children: ['\u0085\u2028'] } });
  });

  it('makes every line end one line feed, also in CDATA, but keeps one that is written as a reference', () => {
    expect(read('<a b="1\r\n2\t3&#13;&#10;">\r\n\r\n\r<![CDATA[\r\n\r]]>&#13;</a>')).toMatchObject({
      root: { attributes: new Map([['b', '1 2 3\r\n']]), children: ['\n\n\n', '\n\n', '\r'] },
    });
  });

  it('reads the same wherever in a long document a thing stands', () => {
    const inner =
      '<p:é xmlns:p="urn:😀" b="a\r\n&amp;😀">\r\n😀 &#x1F600;<!-- -😀 --><![CDATA[]]\r\n]]]><?c d??><e/></p:é>';
    const only = elementAt(`<a>${inner}</a>`, 0);
    for (let length = 3950; length < 4110; length += 1) {
      expect(elementAt(`<a>${' '.repeat(length)}${inner}</a>`, 1)).toEqual(shifted(only, length));
    }
  });

  it('reads any string without throwing, also with half a surrogate pair', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<!',
        '<!--',
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        '<a b="',
        '"',
        '&',
        ';',
        '\ud800',
        '\udc00',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const reading = read(text);
        if (reading.ok) return;
        expect(reading.fault.at).toBeGreaterThanOrEqual(0);
        expect(reading.fault.at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
    expect(read('<a>\ud800<b/>\udc00</a>')).toMatchObject({ root: { children: ['\ufffd', { name: 'b' }, '\ufffd'] } });
    expect(read('<!\ud800').ok).toBe(false);
  });
});

type Element = Extract<ReturnType<typeof readXml>, { ok: true }>['root'];

function elementAt(text: string, index: number): Element {
  const reading = read(text);
  const child = reading.ok ? reading.root.children[index] : undefined;
  if (typeof child !== 'object') throw new Error('The document should be read and have an element there');
  return child;
}

/** The same element, standing so many characters later. */
function shifted(element: Element, by: number): Element {
  const children = element.children.map((child) => (typeof child === 'string' ? child : shifted(child, by)));
  return { ...element, at: element.at + by, children };
}
