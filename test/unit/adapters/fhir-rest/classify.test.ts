import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../../src/adapters/fhir-rest/classify.ts';
import { fhirJsonToXml } from '../../../../src/adapters/fhir-rest/xml.ts';
import { judgeAddress } from '../../../../src/core/address-judgement.ts';

const NOW = new Date('2026-11-21T09:00:00.000Z');
const sent = { entries: 2, idempotent: true };

function answered(status: number, content?: unknown, headers: Record<string, string> = {}) {
  const body = Buffer.from(
    content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content),
  );
  const all = { 'content-type': 'application/fhir+json', ...headers };
  return { kind: 'reply', status, headers: all, body, tooLarge: false } as const;
}
const outcome = (code: string, more = {}) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, diagnostics: 'Ada Testpatient', ...more }],
});
const written = (...statuses: string[]) => ({
  resourceType: 'Bundle',
  type: 'transaction-response',
  entry: statuses.map((status) => ({ response: { status } })),
});

describe('an answer to a write', () => {
  it('proves that it was processed when every entry sent has its 2xx', () => {
    expect(classify(answered(200, written('201 Created', '200')), sent, NOW)).toMatchObject({
      kind: 'acknowledged',
      level: 'technical',
      reply: { status: 200 },
    });
    const xml = answered(200, fhirJsonToXml(written('201', '200')), { 'content-type': 'application/fhir+xml' });
    expect(classify(xml, sent, NOW)).toMatchObject({ kind: 'acknowledged', level: 'technical' });
  });

  it('proves only that bytes were taken when it says less', () => {
    for (const content of [
      undefined,
      '<html>',
      '{}',
      written(),
      written('201'),
      { resourceType: 'Bundle', type: 'searchset' },
    ]) {
      expect(classify(answered(200, content), sent, NOW)).toMatchObject({ kind: 'acknowledged', level: 'transport' });
    }
    const informed = { resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational' }] };
    expect(classify(answered(202, informed), sent, NOW)).toMatchObject({ kind: 'acknowledged', level: 'transport' });
  });

  it('needs a person when an entry was not written, and says which', () => {
    const result = classify(answered(200, written('201', '409 Conflict')), sent, NOW);
    expect(result).toMatchObject({ kind: 'permanent', findings: [{}, { place: { expression: 'Bundle.entry[1]' } }] });
    expect(classify(answered(200, written('201', 'no number')), sent, NOW).kind).toBe('permanent');
    expect(classify(answered(200, outcome('invalid')), sent, NOW).kind).toBe('permanent');
  });

  it('may be a message, whose response code counts', () => {
    const message = (code: string) => ({
      resourceType: 'Bundle',
      type: 'message',
      entry: [{ resource: { resourceType: 'MessageHeader', response: { identifier: 'x', code } } }],
    });
    expect(classify(answered(200, message('ok')), sent, NOW)).toMatchObject({ level: 'technical' });
    expect(classify(answered(200, message('transient-error')), sent, NOW).kind).toBe('transient');
    expect(classify(answered(200, message('fatal-error')), sent, NOW).kind).toBe('permanent');
  });

  it('never lets the receiver’s own words out of the kept reply', () => {
    const result = classify(
      answered(422, outcome('invalid', { expression: ['Task.for', "x('9990000018')"] })),
      sent,
      NOW,
    );
    expect(JSON.stringify('findings' in result && result.findings)).not.toMatch(/Testpatient|9990000018/);
    expect('reason' in result && result.reason).not.toContain('Testpatient');
  });
});

/** The retry rules of the BaRS core guide (Transactional integrity; Errors). */
describe('an answer as BaRS means it', () => {
  const rule = (status: number, content?: unknown) => classify(answered(status, content), sent, NOW).kind;

  it.each([
    [408, outcome('timeout'), 'transient'],
    [425, outcome('duplicate'), 'transient'],
    [429, outcome('throttled'), 'transient'],
    [500, outcome('exception'), 'transient'],
    [503, outcome('transient'), 'transient'],
    [504, undefined, 'transient'],
    [400, undefined, 'transient'],
    [422, '<html>', 'transient'],
    [400, outcome('invalid'), 'permanent'],
    [403, outcome('forbidden'), 'permanent'],
    [401, undefined, 'permanent'],
    [404, outcome('not-found'), 'permanent'],
    [409, outcome('duplicate'), 'acknowledged'],
    [409, outcome('conflict'), 'permanent'],
    [422, outcome('not-supported'), 'permanent'],
    [301, undefined, 'permanent'],
    [501, undefined, 'permanent'],
  ])('%i with %j is %s', (status, content, kind) => {
    expect(rule(status, content)).toBe(kind);
  });

  it('asks to wait as long as Retry-After says', () => {
    const busy = (value: string) => classify(answered(503, undefined, { 'retry-after': value }), sent, NOW);
    expect(busy('7')).toMatchObject({ kind: 'transient', retryAfterMs: 7_000 });
    expect(busy('Sat, 21 Nov 2026 09:01:00 GMT')).toMatchObject({ retryAfterMs: 60_000 });
  });
});

describe('no answer', () => {
  const failed = (code: string, left: boolean, more = {}) =>
    classify({ kind: 'failed', written: left, aborted: false, code, ...more }, sent, NOW);

  it('is ambiguous once the request may have left, and only then', () => {
    expect(failed('ECONNRESET', true).kind).toBe('ambiguous');
    expect(failed('TIMEOUT', true).kind).toBe('ambiguous');
    expect(failed('ECONNREFUSED', false).kind).toBe('transient');
    const finding = judgeAddress('10.0.0.1', { local: false });
    expect(failed('ADDRESS_REFUSED', false, { finding })).toMatchObject({
      kind: 'permanent',
      findings: [{ issue: 'security' }],
    });
  });

  it('is what a broken answer is where a repeat has another effect', () => {
    const careful = { entries: 2, idempotent: false };
    for (const status of [500, 502, 504]) expect(classify(answered(status), careful, NOW).kind).toBe('ambiguous');
    for (const status of [429, 503]) expect(classify(answered(status), careful, NOW).kind).toBe('transient');
  });
});
