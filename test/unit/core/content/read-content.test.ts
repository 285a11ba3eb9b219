import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readContent } from '../../../../src/core/content/read-content.ts';
import type { MappingFrom } from '../../../../src/core/mapping/direction.ts';
import { writeXml } from '../../../../src/core/mapping/result/xml-tree.ts';

const LIMITS = { maxDepth: 20, maxItems: 10, maxNodes: 1_000 };
const TYPES: Partial<Record<MappingFrom, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  csv: 'text/csv',
};
const read = (from: MappingFrom, text: string | Uint8Array, type = TYPES[from] ?? '') =>
  readContent(typeof text === 'string' ? new TextEncoder().encode(text) : text, type, from, LIMITS);
const rules = (...given: Parameters<typeof read>) => read(...given).findings.map(({ rule }) => rule);

describe('the body of a report', () => {
  it.each([
    ['json', '{"a":[1]}', { a: [1] }],
    ['form', 'a=1&b=x+y&b=%26&c', { a: '1', b: ['x y', '&'], c: '' }],
    ['form', '', {}],
    ['csv', '\ufeffref,"what, else"\r\nR1,"a ""b""\nc"\r\n', { ref: 'R1', 'what, else': 'a "b"\nc' }],
    [
      'xml',
      '<a xmlns="urn:x" n="1"> <b>x</b><b/><c k="2">t</c> </a>',
      { a: { '@n': '1', b: ['x', ''], c: { '@k': '2', '#text': 't' } } },
    ],
    ['xml', '<p:a xmlns:p="urn:x"><p:b>&lt;</p:b></p:a>', { a: { b: '<' } }],
  ] as const)('in the form of %s gives the tree that a mapping reads: %j', (from, text, value) => {
    expect(read(from, text)).toEqual({ value, findings: [] });
  });

  it.each([
    ['json', 'text/json'],
    ['json', 'application/xml'],
    ['form', 'application/json'],
    ['xml', 'application/fhir+xml'],
    ['csv', 'text/csv; charset=iso-8859-1'],
    ['hl7v2', 'application/json'],
    ['fhir/referral', 'application/json'],
    ['json', ''],
  ] as const)('that %s does not read is said to be of another kind: %s', (from, type) => {
    expect(read(from, '{}', type)).toMatchObject({
      findings: [{ rule: 'report/media-type', place: { expression: 'Content-Type' } }],
    });
    expect(read(from, '{}', type)).not.toHaveProperty('value');
  });

  it.each([
    ['form', 'a=%ff', 'form/encoding'],
    ['form', 'a=%zz', 'form/encoding'],
    ['form', '__proto__=1', 'form/forbidden-key'],
    ['form', 'a=1&'.repeat(2_000), 'form/too-many-values'],
    ['form', 'a=1&'.repeat(20), 'json/too-many-items'],
    ['csv', 'a,b\n', 'csv/one-row'],
    ['csv', '', 'csv/one-row'],
    ['csv', 'a,b\n1,2\n3,4\n', 'csv/one-row'],
    ['csv', 'a,a\n1,2\n', 'csv/header'],
    ['csv', 'a,__proto__\n1,2\n', 'csv/header'],
    ['csv', 'a,b\n1,2,3\n', 'csv/syntax'],
    ['csv', 'a,b\n"1,2\n', 'csv/syntax'],
    ['xml', '<a><b></a>', 'xml/syntax'],
    ['xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'xml/doctype'],
    ['xml', '<a><__proto__>1</__proto__></a>', 'xml/forbidden-name'],
    ['xml', `${'<a>'.repeat(30)}${'</a>'.repeat(30)}`, 'xml/limit'],
  ] as const)('is refused where it is wrong: %s %j', (from, text, rule) => {
    expect(rules(from, text)).toEqual([rule]);
    expect(JSON.stringify(read(from, text).findings)).not.toContain('passwd');
  });

  it.each(['form', 'xml', 'csv'] as const)('must be UTF-8: %s', (from) => {
    expect(rules(from, new Uint8Array([0x61, 0xff]))).toEqual([`${from}/encoding`]);
  });

  it('never makes a member of an object out of what every object has', () => {
    const { value } = read('form', 'constructor=1&toString=2&hasOwnProperty=3');
    expect(Object.entries(Object(value))).toEqual([
      ['constructor', '1'],
      ['toString', '2'],
      ['hasOwnProperty', '3'],
    ]);
  });

  it('in XML is what writing gave: text, attributes and order survive', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    const text = fc
      .string({ unit: fc.constantFrom('a', ' ', '<', '&', '"', 'é', '\r', '\n', '\t', ']') })
      .filter((one) => one.trim() !== '');
    const leaf = fc.record({ '@k': text, '#text': text });
    const tree = fc.dictionary(name, fc.oneof(text, leaf), { minKeys: 1, maxKeys: 5 });
    fc.assert(
      fc.property(tree, (inner) => {
        const root = { root: inner };
        expect(read('xml', writeXml(root)).value).toEqual(JSON.parse(JSON.stringify(root)));
      }),
      { numRuns: 200 },
    );
  });

  it('of any bytes is a value or a finding, never an exception', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom<MappingFrom>('json', 'form', 'xml', 'csv'),
        (bytes, from) => {
          const { findings, ...rest } = read(from, bytes);
          expect('value' in rest || findings.length > 0).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
