import { describe, expect, it } from '@jest/globals';
import { entriesOf, tellsEnd } from '../../../../bench/loop/gp-record.ts';
import {
  nhsNumberIn,
  nhsNumberOf,
  places,
  readDelivery,
  referralOf,
  reportOf,
} from '../../../../bench/loop/messages.ts';
import { nhsNumberFault } from '../../../../src/core/fhir/nhs-number.ts';

describe('the messages of the loop benchmark', () => {
  it('are about another person each, with a valid number of the test range', () => {
    const some = [...firstOf(places(1), 2_000)].map(nhsNumberOf);
    expect(new Set(some).size).toBe(2_000);
    expect(some.filter((number) => nhsNumberFault(number) !== undefined || !number.startsWith('999'))).toEqual([]);
  });

  it('name nothing that the referral of another person names', () => {
    const [one, other] = [1, 2].map((place) => namesIn(referralOf(nhsNumberOf(place))));
    expect(one?.length).toBeGreaterThan(5);
    expect(one?.filter((name) => other?.includes(name))).toEqual([]);
    expect(nhsNumberIn(referralOf('9990000018'))).toBe('9990000018');
  });

  it('report what was delivered under its references, the outcome with scores', () => {
    const body = JSON.stringify({
      clientReference: 'r',
      taskReference: 't',
      case: { client: { nhsNumber: '9990000018' } },
    });
    const delivered = readDelivery(body);
    expect(delivered).toEqual({ clientReference: 'r', taskReference: 't', nhsNumber: '9990000018' });
    const report = JSON.parse(reportOf('outcome', delivered, new Date('2026-11-02T09:00:00Z')));
    expect(report).toMatchObject({ clientReference: 'r', caseId: 'CW-9990000018', status: 'active' });
    expect(report.assessments.map(({ total }: { total: number }) => total)).toEqual([19, 26]);
    expect(JSON.parse(reportOf('accepted', delivered, new Date()))).not.toHaveProperty('assessments');
  });
});

describe('the GP record of the loop benchmark', () => {
  const transaction = (code: string) =>
    JSON.stringify({ entry: [{ resource: { businessStatus: { coding: [{ code }] } } }, { resource: {} }] });

  it('answers for every entry', () => {
    expect(JSON.parse(entriesOf(transaction('accepted'))).entry).toHaveLength(2);
  });

  it('takes a completed referral for the end, and nothing else', () => {
    expect(['accepted', 'outcome-recorded', 'completed'].filter((code) => tellsEnd(transaction(code)))).toEqual([
      'completed',
    ]);
  });
});

function namesIn(text: string): string[] {
  return text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|(?:SP|T)-\d+|999\d{7}/g) ?? [];
}

function* firstOf(numbers: Iterable<number>, count: number): Generator<number> {
  let taken = 0;
  for (const number of numbers) {
    if (taken === count) return;
    taken += 1;
    yield number;
  }
}
