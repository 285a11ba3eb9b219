import { describe, expect, it } from '@jest/globals';
import { jsonOf, problemFindings, referenceAt } from '../../../../src/adapters/webhook/reply-content.ts';

describe('a platform’s reference in its reply', () => {
  const reply = { caseId: 'CW-17', case: { ids: ['a', 'b'], 'odd/name': 'c', '~': 'd' }, number: 17, blank: ' ' };

  it.each([
    ['/caseId', 'CW-17'],
    ['/case/ids/1', 'b'],
    ['/case/odd~1name', 'c'],
    ['/case/~0', 'd'],
  ])('is found at %s', (pointer, value) => {
    expect(referenceAt(reply, pointer)).toBe(value);
  });

  it.each([
    '/number',
    '/blank',
    '/case',
    '/missing/deeper',
    '/__proto__/x',
    '/constructor/name',
    '',
    '/case/ids/length',
  ])('is nothing at %s: only a text that stands in the reply counts', (pointer) => {
    expect(referenceAt(reply, pointer)).toBeUndefined();
  });

  it('is nothing when it is too long to be one', () => {
    expect(referenceAt({ id: 'x'.repeat(201) }, '/id')).toBeUndefined();
  });
});

describe('a reply’s body', () => {
  const json = Buffer.from('{"caseId":"1"}');

  it('is read when it is declared as JSON of any kind', () => {
    for (const type of ['application/json', 'application/problem+json; charset=utf-8', 'Application/JSON']) {
      expect(jsonOf(type, json)).toEqual({ caseId: '1' });
    }
  });

  it('is not read when it is something else, broken, or to be read in two ways', () => {
    expect(jsonOf('text/html', json)).toBeUndefined();
    expect(jsonOf('application/json', Buffer.from('{"caseId":'))).toBeUndefined();
    expect(jsonOf('application/json', Buffer.from('{"caseId":"1","caseId":"2"}'))).toBeUndefined();
  });
});

describe('the findings of a problem document', () => {
  it('are its pointers and rules', () => {
    const found = problemFindings({
      errors: [{ pointer: '#/client/need', rule: 'need/unknown', detail: 'Ann Onymous' }],
    });
    expect(found).toMatchObject([{ rule: 'webhook/refused-element', place: { expression: '/client/need' } }]);
    expect(found[0]?.message).toContain('need/unknown');
  });

  it('never repeat a value: neither sentences, nor pointers and rules that hold one', () => {
    const errors = [
      { pointer: '/client/9990000018', detail: 'NHS number 9990000018' },
      { pointer: '/client/name=Ann Onymous', rule: 'Ann Onymous was born' },
      { pointer: `/${'a'.repeat(61)}`, rule: '07700900123' },
      { pointer: 17, rule: null },
      'Ann Onymous',
    ];
    expect(problemFindings({ errors })).toEqual([]);
  });

  it('are none when the document is of another shape, and at most twenty', () => {
    expect(problemFindings(undefined)).toEqual([]);
    expect(problemFindings({ errors: 'all' })).toEqual([]);
    expect(problemFindings({ errors: Array.from({ length: 50 }, () => ({ pointer: '/a' })) })).toHaveLength(20);
  });
});
