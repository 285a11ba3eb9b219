import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../../../src/core/json/strict-json.ts';

const read = (text: string, maxDepth = 32) => readJson(new TextEncoder().encode(text), { maxDepth });
const rules = (text: string) => read(text).findings.map((finding) => finding.rule);

describe('readJson', () => {
  it('reads what JSON.parse reads, with the same result', () => {
    // JSON.parse makes an own property of __proto__; here it is refused, and tested below.
    const json = fc.json({ maxDepth: 8 }).filter((text) => !text.includes('__proto__'));
    fc.assert(
      fc.property(json, (text) => {
        const reading = read(text);
        expect(reading.findings.filter((finding) => finding.rule !== 'json/unsafe-number')).toEqual([]);
        expect(reading.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses exactly what JSON.parse refuses when a valid text is damaged', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', '\\', ' ', 'n'),
      )
      .map(([text, at, patch]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + patch + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const refused = read(text).findings.some((finding) => finding.rule === 'json/syntax');
        expect(refused).toBe(!parses(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { value, findings } = readJson(bytes, { maxDepth: 8 });
        expect(value !== undefined || findings.length > 0).toBe(true);
      }),
    );
  });

  it.each([
    ['', 1, 1],
    ['  \n ', 2, 2],
    ['{"a": 1,}', 1, 9],
    ['[1, 2', 1, 6],
    ['{"a"\n  1}', 2, 3],
    ['[1] x', 1, 5],
    ['[01]', 1, 3],
    ['[1.]', 1, 3],
    ['[+1]', 1, 2],
    ['[NaN]', 1, 2],
    ['[Infinity]', 1, 2],
    ['[-Infinity]', 1, 2],
    ['[tru]', 1, 2],
    ["{'a': 1}", 1, 2],
    ['["a\nb"]', 1, 4],
    ['["\\x"]', 1, 3],
    ['["\\u12g4"]', 1, 3],
    ['["abc', 1, 2],
    ['[1}', 1, 3],
    ['// no\n1', 1, 1],
  ])('refuses %j as broken syntax at line %i, column %i', (text, line, column) => {
    const { value, findings } = read(text);
    expect(value).toBeUndefined();
    expect(findings).toMatchObject([{ severity: 'error', rule: 'json/syntax', place: { line, column } }]);
  });

  it('says every name that stands twice, each with its JSON Pointer', () => {
    const { value, findings } = read(
      '{"a": {"b/c": 1, "b/c": 2}, "list": [0, {"x~y": 1, "x~y": {"deep": 1}}], "a": 3}',
    );
    expect(findings.map(({ rule, place }) => [rule, place.expression, place.column])).toEqual([
      ['json/duplicate-key', '/a/b~1c', 18],
      ['json/duplicate-key', '/list/1/x~0y', 52],
      ['json/duplicate-key', '/a', 74],
    ]);
    expect(value).toEqual({ a: { 'b/c': 1 }, list: [0, { 'x~y': 1 }] });
  });

  it('sees that two names are the same although one is written with escapes', () => {
    expect(rules('{"ab": 1, "\\u0061b": 2}')).toEqual(['json/duplicate-key']);
  });

  it('refuses __proto__ and lets it change nothing, however it is written', () => {
    for (const name of ['__proto__', '\\u005f_proto__']) {
      const { value, findings } = read(`{"a": {"${name}": {"polluted": true}}}`);
      expect(findings).toMatchObject([{ rule: 'json/forbidden-key', issue: 'security' }]);
      expect(value).toEqual({ a: {} });
      expect(Object.getPrototypeOf((value as { a: object }).a)).toBe(Object.prototype);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('keeps constructor, prototype and toString as plain data', () => {
    const { value, findings } = read('{"constructor": {"prototype": 1}, "toString": 2}');
    expect(findings).toEqual([]);
    expect(Object.entries(value as object)).toEqual([
      ['constructor', { prototype: 1 }],
      ['toString', 2],
    ]);
  });

  it('reads up to the depth allowed and refuses the first level beyond it', () => {
    expect(read('[[[1]]]', 3).findings).toEqual([]);
    expect(read('[[[[1]]]]', 3)).toMatchObject({ findings: [{ rule: 'json/too-deep', place: { column: 4 } }] });
  });

  it('survives five million opening brackets', () => {
    expect(rules('['.repeat(5_000_000))).toEqual(['json/too-deep']);
    expect(rules('{"a":'.repeat(1_000_000))).toEqual(['json/too-deep']);
  });

  it('lists a hundred faults of a severity and then says that there are more', () => {
    const text = `{${Array.from({ length: 500 }, () => '"a":1').join(',')}}`;
    expect(rules(text)).toEqual([...Array(100).fill('json/duplicate-key'), 'json/more-findings']);
  });

  it('does not let many warnings become an error or hide one', () => {
    const { findings } = read(`[${'0.1234567890123456789,'.repeat(300)}{"a":1,"a":2}]`);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual([
      'json/duplicate-key',
    ]);
    expect(findings).toHaveLength(102);
  });

  it.each([
    ['871731000000106', []],
    ['9007199254740991', ['warning']],
    ['9007199254740993', ['error']],
    ['-9007199254740993', ['error']],
    ['12345678901234567890', ['error']],
    ['0.30000000000000004', ['warning']],
    ['0.000000000000000000001', []],
    ['123456789012345', []],
    ['1e300', []],
  ])('judges whether the number %s survives being read as a number: %j', (literal, severities) => {
    const { value, findings } = read(`{"v": ${literal}}`);
    expect(value).toEqual({ v: Number(literal) });
    expect(findings.map((finding) => finding.severity)).toEqual(severities);
    for (const finding of findings)
      expect(finding).toMatchObject({ rule: 'json/unsafe-number', place: { expression: '/v' } });
  });

  it('refuses a number beyond the range of a double', () => {
    expect(rules('[1e999]')).toEqual(['json/number-range']);
    expect(rules('[-1e999]')).toEqual(['json/number-range']);
  });

  it('refuses half a surrogate pair and reads a whole one', () => {
    expect(rules('["\\ud83d"]')).toEqual(['json/lone-surrogate']);
    expect(rules('["\\ude00\\ud83d"]')).toEqual(['json/lone-surrogate']);
    expect(read('["\\ud83d\\ude00"]')).toEqual({ value: ['😀'], findings: [] });
  });

  it('tolerates a UTF-8 byte order mark', () => {
    expect(readJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x31]), { maxDepth: 1 })).toEqual({ value: 1, findings: [] });
  });

  it('refuses bytes that are not UTF-8 and says in which line', () => {
    const latin1 = Uint8Array.from([...'{"a":\n"caf'].map((char) => char.charCodeAt(0)).concat(0xe9, 0x22, 0x7d));
    expect(readJson(latin1, { maxDepth: 4 })).toMatchObject({
      findings: [{ rule: 'json/encoding', place: { line: 2 } }],
    });
  });

  it('refuses UTF-16, with and without a byte order mark', () => {
    for (const bytes of [Buffer.from('\ufeff{"a":1}', 'utf16le'), Buffer.from('{"a":1}', 'utf16le')]) {
      const { findings } = readJson(bytes, { maxDepth: 4 });
      expect(findings).toMatchObject([{ rule: 'json/encoding', message: expect.stringContaining('UTF-16') }]);
    }
  });

  it('repeats no value of the body in a finding', () => {
    const { findings } = read('{"nhs": "9990000018", "nhs": 99900000180000000001, "x": "\\ud800 Jones" Smith');
    expect(findings.length).toBeGreaterThan(2);
    expect(JSON.stringify(findings)).not.toMatch(/999000|Jones|Smith/);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
