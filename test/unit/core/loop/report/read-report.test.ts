import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bundle, Task } from 'fhir/r4.js';
import { readReport } from '../../../../../src/core/loop/report/read-report.ts';
import { reportTime } from '../../../../../src/core/loop/report/report-time.ts';
import { LOOP_STATE_SYSTEM, REFERRAL_ID_SYSTEM } from '../../../../../src/core/referral.ts';

const given = { receivedAt: '2026-11-02T10:00:00.000Z', partner: 'riverside' };

function task(more: Partial<Task> = {}, word = 'completed'): Task {
  return {
    resourceType: 'Task',
    identifier: [
      { system: REFERRAL_ID_SYSTEM, value: 'referral-1' },
      { system: 'urn:hearback:reference:riverside', value: 'RC-77' },
    ],
    status: 'completed',
    intent: 'order',
    businessStatus: { coding: [{ system: LOOP_STATE_SYSTEM, code: word }] },
    lastModified: '2026-11-02T10:30:00+01:00',
    owner: { display: 'Sam Okoro' },
    note: [{ text: 'First line.' }, { text: 'Second line.' }],
    ...more,
  };
}

function bundle(...resources: unknown[]): unknown {
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}

const rules = (content: unknown) =>
  readReport(content, given).findings.map((finding) => [finding.rule, finding.place.expression]);

describe('a report Bundle', () => {
  it('is read into our words', () => {
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'Wellbeing score' } };
    const answers = { resourceType: 'QuestionnaireResponse', status: 'completed' };
    const content: unknown = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: task({ statusReason: { text: 'All done' } }) },
        { fullUrl: 'urn:uuid:1', resource: observation },
        { resource: answers },
      ],
    } satisfies Record<keyof Pick<Bundle, 'resourceType' | 'type' | 'entry'>, unknown>;
    expect(readReport(content, given)).toEqual({
      findings: [],
      report: {
        referral: 'referral-1',
        reference: 'RC-77',
        kind: 'completed',
        at: '2026-11-02T09:30:00.000Z',
        offset: '+01:00',
        actor: 'Sam Okoro',
        reason: { text: 'All done' },
        note: 'First line.\nSecond line.',
        results: [{ fullUrl: 'urn:uuid:1', resource: observation }, { resource: answers }],
      },
    });
  });

  it('is not read with control characters in what is taken of it, whichever text they stand in', () => {
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Score' },
      valueString: 'Odd\u001c\r\u000bx',
    };
    const content = bundle(task({ note: [{ text: 'As it is.' }, { text: 'Red\u001b[31m' }] }), observation);
    const { report, findings } = readReport(content, given);
    expect(report).toBeUndefined();
    expect(findings).toMatchObject([
      {
        severity: 'error',
        rule: 'fhir/format',
        place: { expression: 'Bundle.entry[0].resource.note[1].text' },
        issue: 'value',
      },
      { severity: 'error', rule: 'fhir/format', place: { expression: 'Bundle.entry[1].resource.valueString' } },
    ]);
  });

  it('keeps lines and tabs, and asks nothing of what is not taken', () => {
    const patient = { resourceType: 'Patient', name: [{ text: 'A\u001bB' }] };
    const { report, findings } = readReport(bundle(task({ note: [{ text: 'a\tb\r\nc' }] }), patient), given);
    expect(report?.note).toBe('a\tb\r\nc');
    expect(findings.map(({ rule }) => rule)).toEqual(['report/unexpected-resource']);
  });

  it('needs one of the two names of the referral', () => {
    const byTheirs = task({ identifier: [{ system: 'urn:hearback:reference:riverside', value: 'RC-77' }] });
    expect(readReport(bundle(byTheirs), given).report).toMatchObject({ reference: 'RC-77' });
    const byOthers = task({ identifier: [{ system: 'urn:hearback:reference:opendoor', value: 'RC-77' }] });
    expect(rules(bundle(byOthers))).toEqual([['report/unnamed', 'Bundle.entry[0].resource.identifier']]);
  });

  it.each([
    ['nothing', undefined, 'report/structure'],
    ['a transaction', { resourceType: 'Bundle', type: 'transaction' }, 'report/structure'],
    ['an empty entry', { resourceType: 'Bundle', type: 'collection', entry: [null] }, 'report/structure'],
    ['no Task', bundle(), 'report/one-task'],
    ['two Tasks', bundle(task(), task()), 'report/one-task'],
  ])('that is %s is refused', (_, content, rule) => {
    const { report, findings } = readReport(content, given);
    expect(report).toBeUndefined();
    expect(findings).toMatchObject([{ severity: 'error', rule }]);
  });

  it.each([
    ['none', {}, 'report/no-word'],
    ['one of another system', { coding: [{ system: 'urn:other', code: 'completed' }] }, 'report/no-word'],
    ['an unknown one', { coding: [{ system: LOOP_STATE_SYSTEM, code: 'done' }] }, 'report/unknown-word'],
    ['a silence', { coding: [{ system: LOOP_STATE_SYSTEM, code: 'no-answer' }] }, 'report/not-yours'],
    ['a request', { coding: [{ system: LOOP_STATE_SYSTEM, code: 'requested' }] }, 'report/not-yours'],
    ['a withdrawal', { coding: [{ system: LOOP_STATE_SYSTEM, code: 'entered-in-error' }] }, 'report/not-yours'],
  ])('with %s for a word is refused', (_, businessStatus, rule) => {
    expect(rules(bundle(task({ businessStatus })))).toEqual([[rule, 'Bundle.entry[0].resource.businessStatus']]);
  });

  it('tells everything wrong at once', () => {
    const content = bundle(task({ identifier: [], businessStatus: {}, lastModified: 'yesterday' }), {
      resourceType: 'Patient',
    });
    expect(
      rules(content)
        .map(([rule]) => rule)
        .sort(),
    ).toEqual(['report/no-word', 'report/time-unreadable', 'report/unexpected-resource', 'report/unnamed']);
  });

  it('of the wrong shape says where', () => {
    const observation = { resourceType: 'Observation', status: 'final', code: { coding: [{ code: 12 }] } };
    expect(rules(bundle({ ...task(), note: 'A line.' }, observation))).toEqual([
      ['report/structure', 'Bundle.entry[0].resource.note'],
      ['report/structure', 'Bundle.entry[1].resource.code.coding[0].code'],
    ]);
  });

  it('leaves out what a report may not carry, and says so', () => {
    const { report, findings } = readReport(bundle(task(), { resourceType: 'Patient', id: 'p' }), given);
    expect(report?.results).toEqual([]);
    expect(findings).toMatchObject([{ severity: 'warning', place: { expression: 'Bundle.entry[1].resource' } }]);
  });

  it('without a reason where there should be one is taken with a warning', () => {
    const { report, findings } = readReport(bundle(task({}, 'rejected')), given);
    expect(report?.kind).toBe('rejected');
    expect(findings).toMatchObject([{ severity: 'warning', rule: 'report/no-reason' }]);
  });

  it('never makes the reader throw, and never says what it held', () => {
    const odd = fc.dictionary(fc.constantFrom(...Object.keys(task()), 'code', 'statusReason'), fc.jsonValue());
    const type = fc.constantFrom('Task', 'Observation', 'QuestionnaireResponse', 'Patient');
    fc.assert(
      fc.property(odd, type, fc.jsonValue(), (elements, resourceType, entry) => {
        const resource = { ...task(), ...elements, resourceType };
        for (const content of [
          entry,
          bundle(resource),
          bundle(task(), resource),
          { resourceType: 'Bundle', type: 'collection', entry },
        ]) {
          expect(() => readReport(content, given)).not.toThrow();
        }
      }),
    );
    const secret = 'Mrs Example of 9990000018';
    const { findings } = readReport(
      bundle(task({ businessStatus: { text: secret }, lastModified: secret, identifier: [{ value: secret }] })),
      given,
    );
    expect(JSON.stringify(findings)).not.toContain('Example');
  });
});

describe('the time of a result', () => {
  const observation = (more: object) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Score' },
    ...more,
  });
  const answers = (more: object) => ({ resourceType: 'QuestionnaireResponse', status: 'completed', ...more });

  it.each([
    ['lost its century', observation({ effectiveDateTime: '0026-11-01' }), 'effectiveDateTime'],
    ['is to come', observation({ effectiveDateTime: '2027-11-01' }), 'effectiveDateTime'],
    ['ends before it could be', observation({ effectivePeriod: { end: '1875-01-01' } }), 'effectivePeriod.end'],
    ['is to come, on answers', answers({ authored: '2026-11-05T09:00:00Z' }), 'authored'],
  ])('that %s keeps the report from being taken', (_, result, element) => {
    expect(rules(bundle(task(), result))).toEqual([['report/time', `Bundle.entry[1].resource.${element}`]]);
    expect(readReport(bundle(task(), result), given).report).toBeUndefined();
  });

  it('may be of today, of long ago, or unsaid', () => {
    const good = [
      observation({ effectiveDateTime: '2026-11-02' }),
      observation({ effectiveDateTime: '1999' }),
      answers({}),
    ];
    expect(rules(bundle(task(), ...good))).toEqual([]);
  });
});

describe('the time of a report', () => {
  const time = (written: string | undefined) => {
    const { at, offset, findings } = reportTime(written, given.receivedAt, 'Task.lastModified');
    return [at, offset, findings.map((finding) => `${finding.severity} ${finding.rule}`).join()];
  };

  it.each<[string, string | undefined, string, string | undefined, string]>([
    ['not given', undefined, given.receivedAt, undefined, 'warning report/time-missing'],
    ['in UTC', '2026-11-02T09:30:00Z', '2026-11-02T09:30:00.000Z', undefined, ''],
    ['with an offset', '2026-11-02T09:30:00.25+01:00', '2026-11-02T08:30:00.250Z', '+01:00', ''],
    ['a little ahead of our clock', '2026-11-02T10:05:00Z', '2026-11-02T10:05:00.000Z', undefined, ''],
    ['in the future', '2026-11-02T10:05:01Z', '2026-11-02T10:05:01.000Z', undefined, 'error report/time'],
    ['a day that is over', '2026-11-01', '2026-11-01T23:59:59.999Z', undefined, ''],
    ['today', '2026-11-02', given.receivedAt, undefined, ''],
    ['a day to come', '2026-11-03', given.receivedAt, undefined, 'error report/time'],
    ['before anybody could report', '1899-12-31T23:59:59Z', '1899-12-31T23:59:59.000Z', undefined, 'error report/time'],
    ['of a year with its century lost', '0026-11-02', '0026-11-02T23:59:59.999Z', undefined, 'error report/time'],
    ['without a zone', '2026-11-02T09:30:00', given.receivedAt, undefined, 'warning report/time-unreadable'],
    ['of a month', '2026-11', given.receivedAt, undefined, 'warning report/time-unreadable'],
    [
      'of a moment that does not exist',
      '2026-02-30T09:00:00Z',
      given.receivedAt,
      undefined,
      'warning report/time-unreadable',
    ],
    ['of a day that does not exist', '2026-02-30', given.receivedAt, undefined, 'warning report/time-unreadable'],
  ])('%s', (_, written, at, offset, finding) => {
    expect(time(written)).toEqual([at, offset, finding]);
  });
});
