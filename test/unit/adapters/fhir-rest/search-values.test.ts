import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RESOURCE_TABLE, type SearchParam } from '../../../../src/adapters/fhir-rest/resource-table.ts';
import { readSearch } from '../../../../src/adapters/fhir-rest/search-query.ts';
import { readDate, readTokens, splitValues } from '../../../../src/adapters/fhir-rest/search-values.ts';

const date: SearchParam = { name: '_lastUpdated', kind: 'date', text: '' };
const token: SearchParam = { name: 'code', kind: 'token', text: '' };
const escaped = (text: string) => text.replaceAll(/[\\,|$]/g, '\\$&');

const instants = (read: ReturnType<typeof readDate>) =>
  'severity' in read ? [] : read.flatMap(({ values }) => values);

describe('search values', () => {
  it('keep every character that is escaped', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (codes) => {
        const read = readTokens(token, splitValues(codes.map(escaped).join(',')));
        expect(read).toEqual([{ param: 'code', compare: 'code', values: codes }]);
      }),
    );
  });

  it('name an instant by every precision that includes it, and by no other day', () => {
    const instant = fc.date({ min: new Date('1970-01-02'), max: new Date('2099-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.constantFrom(4, 7, 10, 16, 19, 23), (at, length) => {
        const text = at.toISOString();
        const [from = '', until = ''] = instants(readDate(date, [`${text.slice(0, length)}${length > 10 ? 'Z' : ''}`]));
        expect(from <= text && text < until).toBe(true);
        const [after = ''] = instants(readDate(date, [`gt${text.slice(0, length)}${length > 10 ? 'Z' : ''}`]));
        expect(text >= after).toBe(false);
      }),
    );
  });

  it('never break the reading, whatever they are', () => {
    const [row] = RESOURCE_TABLE;
    const names = [
      ...(row?.params ?? []).map(({ name }) => name),
      '_include',
      '_count',
      '_sort',
      'x:y',
      '_lastUpdated:missing',
    ];
    const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), fc.string());
    const settings = { baseUrl: 'https://hearback.example/fhir', pageSize: 10, maxPageSize: 20 };
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), fc.boolean(), (pairs, strict) => {
        if (row === undefined) throw new Error('the table is empty');
        const reading = readSearch(row, pairs, { ...settings, strict });
        if (reading.kind === 'refused') expect(reading.findings.length).toBeGreaterThan(0);
        else expect(reading.plan.count).toBeLessThanOrEqual(20);
      }),
    );
  });
});
