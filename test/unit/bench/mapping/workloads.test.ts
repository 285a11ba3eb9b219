import { describe, expect, it } from '@jest/globals';
import { assertAgreement } from '../../../../bench/agreement.ts';
import { shippedTerminology, textBeside } from '../../../../bench/mapping/files.ts';
import { outcomeWorkload } from '../../../../bench/mapping/outcome.ts';
import { outcomeByHand } from '../../../../bench/mapping/outcome-hand.ts';
import { referralWorkload } from '../../../../bench/mapping/referral.ts';
import { referralByHand } from '../../../../bench/mapping/referral-hand.ts';
import { readReport } from '../../../../src/core/loop/report/read-report.ts';
import { parseMapping } from '../../../../src/core/mapping/parse.ts';
import { isObject } from '../../../../src/core/mapping/plain-value.ts';

const terminology = shippedTerminology();
const referral = referralWorkload(terminology);
const outcome = outcomeWorkload(terminology);

function firstOf<Item>(list: readonly Item[]): Item {
  const [first] = list;
  if (first === undefined) throw new Error('the workload has no jobs');
  return first;
}

/** Templates that read something, counted wherever they stand below the result. */
function fieldsIn(template: unknown): number {
  if (Array.isArray(template)) return template.reduce((sum: number, one) => sum + fieldsIn(one), 0);
  if (!isObject(template)) return 0;
  if (template['kind'] === 'first' || template['kind'] === 'all') return 1;
  return Object.values(template).reduce((sum: number, one) => sum + fieldsIn(one), 0);
}

describe('the mapping workloads', () => {
  it('are done by the same contenders, Hearback first', () => {
    const names = ['hearback', 'hearback-receipts', 'fhirpath', 'jsonata', 'handlebars', 'hand'];
    expect(referral.contenders.map(({ name }) => name)).toEqual(names);
    expect(outcome.contenders.map(({ name }) => name)).toEqual(names);
  });

  it('give the same result by every contender: the referral', async () => {
    await expect(assertAgreement(referral.contenders, referral.jobs)).resolves.toBeUndefined();
  });

  it('give the same result by every contender: the outcome', async () => {
    await expect(assertAgreement(outcome.contenders, outcome.jobs)).resolves.toBeUndefined();
  });

  it('make different things of different messages', () => {
    const names = referral.jobs().map((job) => referralByHand(job, terminology).client.name.last);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(10);
  });
});

describe('the referral', () => {
  it('has 25 fields', () => {
    const { source } = parseMapping(textBeside('referral.map.yaml'), 'mapping/referral.map.yaml');
    expect(fieldsIn(source?.result)).toBe(25);
  });

  it('has everything in it that the mapping asks for, codes translated', () => {
    const made = referralByHand(firstOf(referral.jobs()), terminology);
    expect(made.needs?.map(({ code }) => code)).toEqual(['loneliness', 'money']);
    expect(Object.keys(JSON.parse(JSON.stringify(made.client)))).toEqual(Object.keys(made.client));
  });
});

describe('the outcome', () => {
  it('has 14 items and the coded score', () => {
    const { entry } = outcomeByHand(firstOf(outcome.jobs()), terminology);
    expect(entry[2]?.resource).toMatchObject({
      item: Array.from({ length: 14 }, () => ({ linkId: expect.anything() })),
    });
    expect(entry[1]?.resource).toMatchObject({ code: { coding: [{ code: '718426000' }] } });
  });

  it('is a report Bundle that the engine can read', () => {
    const { findings } = readReport(outcomeByHand(firstOf(outcome.jobs()), terminology), {
      receivedAt: '2026-11-21T10:00:05.000Z',
      partner: 'benchley-care',
    });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
