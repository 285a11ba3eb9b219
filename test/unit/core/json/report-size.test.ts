import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reportSizeFindings } from '../../../../src/core/json/report-size.ts';
import { readJson } from '../../../../src/core/json/strict-json.ts';

const LIMITS = { maxItems: 3, maxNodes: 20 };
const rulesAt = (content: unknown) =>
  reportSizeFindings(content, LIMITS).map(({ rule, place }) => [rule, place.expression]);

describe('the size of a report', () => {
  it('is right up to the limits themselves', () => {
    expect(reportSizeFindings({ a: [1, 2, 3], b: { c: [1, 2, 3] } }, LIMITS)).toEqual([]);
    expect(reportSizeFindings([[1, 2, 3], [1, 2, 3], [1]], { maxItems: 3, maxNodes: 11 })).toEqual([]);
  });

  it('names every list that is too long by its JSON Pointer, with rule and remedy', () => {
    const content = { scores: [1, 2, 3, 4], deeper: { 'a/b~c': [[1], [1, 2, 3, 4, 5]] } };
    expect(rulesAt(content)).toEqual([
      ['json/too-many-items', '/scores'],
      ['json/too-many-items', '/deeper/a~1b~0c/1'],
    ]);
    expect(reportSizeFindings(content, LIMITS)[0]).toMatchObject({
      severity: 'error',
      message: 'The list holds 4 items; at most 3 are read here.',
      remedy: expect.stringContaining('raise the limit'),
    });
  });

  it('is too large with one value more than is allowed, however it is nested', () => {
    expect(rulesAt(Object.fromEntries(Array.from({ length: 19 }, (_, n) => [`k${n}`, n])))).toEqual([]);
    expect(rulesAt(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, n])))).toEqual([
      ['json/too-many-values', undefined],
    ]);
  });

  it('never repeats what the report held', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 12 }), { minLength: 4, maxLength: 30 }), (words) => {
        const said = JSON.stringify(reportSizeFindings({ words }, LIMITS));
        return words.every((word) => !said.includes(word));
      }),
    );
  });
});

describe('a body of more values than are read', () => {
  const read = (text: string) => readJson(Buffer.from(text), { maxDepth: 10, maxNodes: 5 });

  it('is read up to the limit', () => {
    expect(read('[1,2,{"a":3}]')).toEqual({ value: [1, 2, { a: 3 }], findings: [] });
  });

  it('ends the reading at the first value beyond it, and says where', () => {
    const { value, findings } = read('{"a":[1,2,3,4]}');
    expect(value).toBeUndefined();
    expect(findings).toMatchObject([
      { rule: 'json/too-many-values', issue: 'too-costly', place: { line: 1, column: 13, expression: '/a/3' } },
    ]);
  });
});
