import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { bundleIn, type Endpoint, NOW, outcomeIn, startEndpoint } from './endpoint.ts';
import { patient, referralBundle, referralMessage } from './referral-content.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

const post = (path: string, content: unknown, headers: Record<string, string> = {}, token = 'elm') =>
  endpoint.call(path, { method: 'POST', body: JSON.stringify(content), headers, token });
const mustBeSound = (resource: unknown) => expect(checkStructure(resource, loadR4Model())).toEqual([]);

describe('a transaction', () => {
  it('is handed on as it came, and answered entry for entry', async () => {
    const answer = await post('/', referralBundle(), { 'X-Request-Id': 'q1', 'X-Correlation-Id': 'c1' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toBe('q1');
    expect(answer.headers.get('x-correlation-id')).toBe('c1');
    const bundle = await bundleIn(answer);
    mustBeSound(bundle);
    expect(bundle).toMatchObject({ type: 'transaction-response' });
    const responses = (bundle.entry ?? []).map((entry) => entry.response);
    expect(responses[2]).toEqual({
      status: '201 Created',
      location: 'Task/made-1-2/_history/1',
      etag: 'W/"1"',
      lastModified: NOW,
    });
    expect(responses.map((one) => one?.location?.split('/')[0])).toEqual(['Patient', 'ServiceRequest', 'Task']);
    const [arrival] = endpoint.intake.arrivals;
    expect(arrival).toMatchObject({
      partner: 'elm',
      identity: 'q1',
      correlation: 'c1',
      ask: { kind: 'fhir-transaction' },
    });
    expect(Buffer.from(arrival?.body ?? '').toString()).toBe(JSON.stringify(referralBundle()));
    expect(JSON.stringify(arrival?.headers)).not.toContain('Bearer');
  });

  it('is known by Bundle.identifier where there is no X-Request-Id, and else by an id of ours', async () => {
    await post('/', referralBundle({ system: 'urn:elm', value: 'B1' }));
    await post('/', referralBundle());
    await post('/', referralBundle());
    const [first, second, third] = endpoint.intake.arrivals.map(({ identity }) => identity);
    expect(first).toBe('urn:elm|B1');
    expect(second).not.toBe(third);
  });

  it('carries warnings in the entry that they speak of', async () => {
    endpoint.intake.warnings = [
      {
        severity: 'warning',
        rule: 'x/y',
        place: { expression: 'Bundle.entry[1].resource.code' },
        message: 'Hm.',
        remedy: 'Look.',
      },
    ];
    const bundle = await bundleIn(await post('/', referralBundle()));
    mustBeSound(bundle);
    expect(bundle.entry?.[1]?.response?.outcome).toMatchObject({
      issue: [{ severity: 'warning', details: { text: 'Hm.' } }],
    });
    expect(bundle.entry?.[0]?.response?.outcome).toBeUndefined();
  });

  it('gets the first answer again when it is repeated, and 409 when the id comes with other bytes', async () => {
    const first = await post('/', referralBundle(), { 'x-request-id': 'q1' });
    const again = await post('/', referralBundle(), { 'x-request-id': 'q1' });
    expect(again.status).toBe(200);
    expect(await again.text()).toBe(await first.text());
    const other = await post('/', { ...referralBundle(), language: 'en' }, { 'x-request-id': 'q1' });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ issue: [{ code: 'conflict' }] });
  });

  it('is not taken as a batch or as anything else', async () => {
    for (const content of [{ ...referralBundle(), type: 'batch' }, patient('p'), [], 7]) {
      const answer = await post('/', content);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(await answer.json())).toContain('fhir/bundle-type');
    }
    expect(endpoint.intake.arrivals).toHaveLength(4);
  });
});

describe('a message', () => {
  it('is answered with a message that names it, sender and receiver swapped', async () => {
    const answer = await post('/$process-message', referralMessage('m-1'));
    expect(answer.status).toBe(200);
    const bundle = await bundleIn(answer);
    mustBeSound(bundle);
    expect(bundle.type).toBe('message');
    expect(bundle.entry?.[0]?.resource).toMatchObject({
      resourceType: 'MessageHeader',
      eventCoding: { code: 'servicerequest-response' },
      response: { identifier: 'm-1', code: 'ok' },
      source: { endpoint: 'urn:receiver' },
      destination: [{ endpoint: 'urn:sender' }],
    });
    expect(bundle.entry?.map((one) => one.resource?.resourceType)).toEqual(['MessageHeader', 'ServiceRequest', 'Task']);
  });

  it('is also taken at the base, and carries warnings as details of its response', async () => {
    endpoint.intake.warnings = [{ severity: 'warning', rule: 'x/y', place: {}, message: 'Hm.', remedy: 'Look.' }];
    const bundle = await bundleIn(await post('/', referralMessage('m-2')));
    mustBeSound(bundle);
    const [header, ...others] = (bundle.entry ?? []).map(({ resource }) => resource);
    const details = header?.resourceType === 'MessageHeader' ? header.response?.details : undefined;
    const place = bundle.entry?.findIndex(({ fullUrl }) => fullUrl === details?.reference) ?? 0;
    expect(others[place - 1]).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'warning' }] });
  });

  it('is refused where only messages are taken and it is none, or where it asks to be answered later', async () => {
    expect((await post('/$process-message', referralBundle())).status).toBe(400);
    const later = await post('/$process-message?async=true', referralMessage('m-3'));
    expect(await later.json()).toMatchObject({ issue: [{ code: 'not-supported' }] });
  });
});

describe('a sender that speaks BaRS', () => {
  const ids = { 'X-Request-Id': 'q1', 'X-Correlation-Id': 'c1' };

  it('must give both ids', async () => {
    for (const headers of [{}, { 'X-Request-Id': 'q1' }, { 'X-Correlation-Id': 'c1' }]) {
      const answer = await post('/$process-message', referralMessage('m'), headers, 'nhs111');
      expect(answer.status).toBe(400);
      const { issue } = await outcomeIn(answer);
      expect(issue[0]).toMatchObject({ code: 'required', details: { coding: [{ code: 'REC_BAD_REQUEST' }] } });
    }
  });

  it('gets 409 duplicate for what was processed, and the first refusal again for what was refused', async () => {
    expect((await post('/$process-message', referralMessage('m'), ids, 'nhs111')).status).toBe(200);
    const again = await post('/$process-message', referralMessage('m'), ids, 'nhs111');
    expect(again.status).toBe(409);
    expect((await outcomeIn(again)).issue[0]).toMatchObject({
      code: 'duplicate',
      details: { coding: [{ code: 'REC_CONFLICT', system: 'https://fhir.nhs.uk/Codesystem/http-error-codes' }] },
    });
    const broken = { ...ids, 'X-Request-Id': 'q2' };
    for (const _ of [1, 2]) {
      expect((await post('/$process-message', { resourceType: 'Bundle' }, broken, 'nhs111')).status).toBe(400);
    }
  });

  it('may name its version in the media types', async () => {
    const headers = {
      ...ids,
      accept: 'application/fhir+json; version=1.4.0',
      'content-type': 'application/fhir+json; version=1.4.0',
    };
    expect((await post('/$process-message', referralMessage('m'), headers, 'nhs111')).status).toBe(200);
  });
});
