import { describe, expect, it } from '@jest/globals';
import { isResponse, readResponse, responseFindings } from '../../../../src/core/fhir/read-response.ts';

const message = (response: unknown, ...more: unknown[]) => ({
  resourceType: 'Bundle',
  type: 'message',
  entry: [{ resource: { resourceType: 'MessageHeader', response } }, ...more.map((resource) => ({ resource }))],
});
const outcome = (...issue: unknown[]) => ({ resourceType: 'OperationOutcome', issue });

describe('a message that answers another', () => {
  it('is known by its header', () => {
    expect(isResponse(message({ identifier: 'a', code: 'ok' }))).toBe(true);
    const { entry } = message({});
    for (const other of [
      undefined,
      'text',
      { resourceType: 'Bundle', type: 'transaction', entry },
      { resourceType: 'Bundle', type: 'message' },
      { resourceType: 'Bundle', type: 'message', entry: [{ resource: { resourceType: 'Task', response: {} } }] },
      { resourceType: 'Bundle', type: 'message', entry: [{ resource: { resourceType: 'MessageHeader' } }] },
    ])
      expect(isResponse(other)).toBe(false);
  });

  it('says what it answers, and how', () => {
    expect(readResponse(message({ identifier: 'leg-1', code: 'ok' }))).toEqual({
      answers: 'leg-1',
      code: 'ok',
      faults: [],
    });
  });

  it.each([
    ['nothing', {}],
    ['no code', { identifier: 'leg-1' }],
    ['an unknown code', { identifier: 'leg-1', code: 'fine' }],
    ['no id', { code: 'ok' }],
    ['an id that is none', { identifier: 'leg 1\u0000', code: 'ok' }],
  ])('is not understood with %s', (_what, response) => {
    expect(readResponse(message(response))).toBeUndefined();
  });

  it('names faults by kind and place, and none of its words are repeated', () => {
    const read = readResponse(
      message(
        { identifier: 'leg-1', code: 'fatal-error' },
        outcome(
          {
            severity: 'error',
            code: 'not-found',
            expression: ['Bundle.entry[0].resource'],
            diagnostics: 'Ada Testwell',
          },
          { severity: 'warning', code: 'informational' },
          { severity: 'fatal', code: 'Ada Testwell', expression: ['9990000018'] },
        ),
      ),
    );
    const findings = read === undefined ? [] : responseFindings(read);
    expect(findings.map(({ rule, place, issue }) => [rule, place.expression, issue])).toEqual([
      ['fhir/answered', 'Bundle.entry[0].resource', 'not-found'],
      ['fhir/answered', undefined, 'processing'],
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/Testwell|9990000018/);
  });

  it('is a finding when it refuses and names no fault', () => {
    const read = readResponse(message({ identifier: 'leg-1', code: 'transient-error' }));
    expect(read && responseFindings(read)).toMatchObject([
      { severity: 'error', message: expect.stringContaining('transient-error') },
    ]);
  });
});
