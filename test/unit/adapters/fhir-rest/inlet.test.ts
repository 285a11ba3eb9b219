import { once } from 'node:events';
import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fhirJsonToXml, xmlToFhirJson } from '../../../../src/adapters/fhir-rest/xml.ts';
import { BASE, type Endpoint, NOW, outcomeIn, startEndpoint } from './endpoint.ts';
import { referralBundle, serviceRequest, task } from './referral-content.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

const post = (path: string, content: unknown, headers: Record<string, string> = {}, token = 'elm') =>
  endpoint.call(path, { method: 'POST', body: JSON.stringify(content), headers, token });

describe('who may speak', () => {
  it('is nobody without a known token, and is told how', async () => {
    for (const token of ['', 'guess', 'ELM']) {
      const answer = await endpoint.call('/Task/x', { token });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      expect(await answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
    }
  });

  it('is refused before a byte of the body is read', async () => {
    let read = 0;
    await endpoint.stop();
    endpoint = await startEndpoint({
      readBody: (_request, _response, next) => {
        read += 1;
        next();
      },
    });
    expect((await post('/', referralBundle(), {}, 'guess')).status).toBe(401);
    expect(read).toBe(0);
    await post('/', referralBundle());
    expect(read).toBe(1);
  });

  it('is a partner by any of its tokens', async () => {
    for (const token of ['elm', 'elm-old']) expect((await endpoint.call('/Task', { token })).status).toBe(200);
  });

  it('may do only what its scopes say', async () => {
    const answer = await post('/ServiceRequest', serviceRequest('s', 'Patient/p'), {}, 'reader');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ issue: [{ code: 'forbidden' }] });
    expect(endpoint.intake.arrivals).toEqual([]);
    expect((await endpoint.call('/Task', { token: 'reader' })).status).toBe(200);
  });

  it('sees its own referrals only, and another one’s exactly like a missing one', async () => {
    endpoint.record.addReferral('r', 'oak');
    endpoint.record.add(task('t1', 'ServiceRequest/s', 'Patient/p'), { referral: 'r', at: NOW });
    const foreign = await endpoint.call('/Task/t1');
    const missing = await endpoint.call('/Task/t2');
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect(await foreign.text()).toBe(await missing.text());
    expect((await endpoint.call('/Task/t1', { token: 'oak' })).status).toBe(200);
    expect(await (await endpoint.call('/Task')).json()).toMatchObject({ total: 0 });
  });
});

describe('a single resource', () => {
  it('is created with Location, ETag and, as preferred, its representation', async () => {
    const content = serviceRequest('x', 'Patient/p');
    const answer = await post('/ServiceRequest', content);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${BASE}/ServiceRequest/made-1-0/_history/1`);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('last-modified')).toBe(new Date(NOW).toUTCString());
    expect(await answer.json()).toMatchObject({ resourceType: 'ServiceRequest', id: 'made-1-0' });
    expect(endpoint.intake.arrivals[0]?.ask).toEqual({ kind: 'fhir-create', type: 'ServiceRequest' });
    const bare = await post('/ServiceRequest', content, { prefer: 'return=minimal' });
    expect([bare.status, await bare.text()]).toEqual([201, '']);
    const said = await post('/ServiceRequest', content, { prefer: 'return=OperationOutcome' });
    expect(await said.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('must be of the type of its address, and cannot be made conditionally', async () => {
    const wrong = await post('/Task', serviceRequest('x', 'Patient/p'));
    expect([wrong.status, JSON.stringify(await wrong.json())]).toEqual([400, expect.stringContaining('resource-type')]);
    const conditional = await post('/Task', task('x', 'A/b', 'Patient/p'), { 'if-none-exist': 'identifier=1' });
    expect(conditional.status).toBe(400);
  });

  it('is read with its version, and not again by who has it', async () => {
    endpoint.record.addReferral('r', 'elm');
    endpoint.record.add(task('t1', 'ServiceRequest/s', 'Patient/p'), { referral: 'r', at: NOW });
    const answer = await endpoint.call('/Task/t1');
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(await answer.json()).toMatchObject({ resourceType: 'Task', id: 't1', meta: { versionId: '1' } });
    const again = await endpoint.call('/Task/t1', { headers: { 'if-none-match': 'W/"7", W/"1"' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await endpoint.call('/Task/t1', { headers: { 'if-none-match': 'W/"2"' } })).status).toBe(200);
  });

  it('is known to be seen: a read and a 304 are looks, a HEAD is not', async () => {
    endpoint.record.addReferral('r', 'elm');
    endpoint.record.add(task('t1', 'ServiceRequest/s', 'Patient/p'), { referral: 'r', at: NOW });
    const head = await endpoint.call('/Task/t1', { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), endpoint.looks.length]).toEqual([200, 'W/"1"', 0]);
    await endpoint.call('/Task/t1');
    await endpoint.call('/Task/t1', { headers: { 'if-none-match': 'W/"1"' } });
    for (const seen of [endpoint.looks, endpoint.reads]) {
      expect(seen.map(({ partner, shown }) => [partner, shown[0]?.id])).toEqual([
        ['elm', 't1'],
        ['elm', 't1'],
      ]);
    }
  });

  it('is a look, but not seen, when the reader leaves before the answer is out', async () => {
    endpoint.record.addReferral('r', 'elm');
    const long = { ...task('t1', 'ServiceRequest/s', 'Patient/p'), description: 'x'.repeat(30_000_000) };
    endpoint.record.add(long, { referral: 'r', at: NOW });
    const { port } = new URL(endpoint.url);
    const reader = connect(Number(port), '127.0.0.1');
    reader.write('GET /fhir/Task/t1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer elm\r\n\r\n');
    await once(reader, 'data');
    reader.destroy();
    await once(reader, 'close');
    // Any other request that is answered after it shows that the first one's end was dealt with.
    while ((await endpoint.connections()) > 0) await endpoint.call('/metadata', { headers: { connection: 'close' } });
    expect(endpoint.looks).toHaveLength(1);
    expect(endpoint.reads).toEqual([]);
    await (await endpoint.call('/Task/t1')).text();
    while (endpoint.reads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(endpoint.reads).toHaveLength(1);
  });
});

describe('a message that is too large to work on', () => {
  const crowded = (count: number) => ({
    ...task('x', 'ServiceRequest/s', 'Patient/p'),
    note: Array.from({ length: count }, () => ({ text: 'x' })),
  });

  it('is recorded and refused with the list at its FHIRPath, in JSON and in XML', async () => {
    const json = await post('/Task', crowded(201));
    const body = fhirJsonToXml(crowded(201));
    const xml = await endpoint.call('/Task', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/fhir+xml', accept: 'application/fhir+json' },
    });
    for (const answer of [json, xml]) {
      expect(answer.status).toBe(400);
      expect((await outcomeIn(answer)).issue[0]).toMatchObject({
        code: 'too-costly',
        expression: ['Task.note'],
        diagnostics: expect.stringContaining('raise the limit'),
      });
    }
    expect(endpoint.intake.arrivals).toHaveLength(2);
  });

  it('is not one with as much as is allowed', async () => {
    const answer = await post('/Task', crowded(200));
    expect(await answer.text()).not.toContain('too-costly');
  });

  it('is not a Task that is put back with what gathered here', async () => {
    endpoint.record.addReferral('r', 'elm');
    endpoint.record.add(task('t1', 'ServiceRequest/s', 'Patient/p'), { referral: 'r', at: NOW });
    const put = (count: number) =>
      endpoint.call('/Task/t1', {
        method: 'PUT',
        body: JSON.stringify({ ...crowded(count), id: 't1' }),
        headers: { 'if-match': 'W/"1"' },
      });
    expect((await put(501)).status).toBe(400);
    expect((await put(500)).status).toBe(200);
  });
});

describe('an update of a Task', () => {
  const put = (content: unknown, headers: Record<string, string> = {}) =>
    endpoint.call('/Task/t1', { method: 'PUT', body: JSON.stringify(content), headers });
  const mine = { ...task('t1', 'ServiceRequest/s', 'Patient/p'), status: 'cancelled' };
  beforeEach(() => {
    endpoint.record.addReferral('r', 'elm');
    endpoint.record.add(task('t1', 'ServiceRequest/s', 'Patient/p'), { referral: 'r', at: NOW });
  });

  it('names the version it was made from and gets the next', async () => {
    const answer = await put(mine, { 'if-match': 'W/"1"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, 'W/"2"']);
    expect(await answer.json()).toMatchObject({ status: 'cancelled', meta: { versionId: '2' } });
    expect(endpoint.intake.arrivals[0]?.ask).toEqual({ kind: 'fhir-update', type: 'Task', id: 't1', ifMatch: '1' });
  });

  it('is refused without a version, with an outdated one, and under another id', async () => {
    const without = await put(mine);
    expect([without.status, (await outcomeIn(without)).issue[0]?.code]).toEqual([400, 'required']);
    expect((await put(mine, { 'if-match': 'W/"9"' })).status).toBe(412);
    expect((await put({ ...mine, id: 't2' }, { 'if-match': 'W/"1"' })).status).toBe(400);
  });
});

describe('formats', () => {
  it('come and go in XML', async () => {
    const answer = await endpoint.call('/', {
      method: 'POST',
      body: fhirJsonToXml(referralBundle()),
      headers: { 'content-type': 'application/fhir+xml' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/fhir+xml');
    const { content } = xmlToFhirJson(Buffer.from(await answer.text()));
    expect(content).toMatchObject({ resourceType: 'Bundle', type: 'transaction-response' });
    expect(endpoint.intake.arrivals[0]?.content).toMatchObject({ resourceType: 'Bundle', type: 'transaction' });
  });

  it('are refused with an OperationOutcome when they are none of FHIR', async () => {
    const body = JSON.stringify(referralBundle());
    const wrong = await endpoint.call('/', { method: 'POST', body, headers: { 'content-type': 'text/csv' } });
    expect([wrong.status, (await outcomeIn(wrong)).resourceType]).toEqual([415, 'OperationOutcome']);
    const unacceptable = await endpoint.call('/Task', { headers: { accept: 'text/html' } });
    expect([unacceptable.status, (await outcomeIn(unacceptable)).resourceType]).toEqual([406, 'OperationOutcome']);
    const overridden = await endpoint.call('/Task?_format=xml', { headers: { accept: 'text/html' } });
    expect(overridden.headers.get('content-type')).toContain('xml');
  });
});

describe('every other address', () => {
  it('is 404 or 405, with an OperationOutcome and what is allowed', async () => {
    for (const path of ['/Nothing', '/Task/t1/_history/1', '/task/t1', '/Task/t1/$everything', '/Patient']) {
      const answer = await endpoint.call(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect((await outcomeIn(answer)).resourceType).toBe('OperationOutcome');
    }
    for (const [method, path, allow] of [
      ['DELETE', '/Task/t1', 'GET, HEAD, PUT'],
      ['GET', '/', 'POST'],
      ['GET', '/Task/_search', 'POST'],
      ['PATCH', '/Task', 'GET, HEAD, POST'],
      ['PUT', '/Patient/p', 'GET, HEAD'],
    ]) {
      const answer = await endpoint.call(path ?? '', { method: method ?? '' });
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow]);
    }
  });

  it('is 400 when it cannot be decoded', async () => {
    const { port } = new URL(endpoint.url);
    const status = await new Promise((resolve) => {
      const headers = { authorization: 'Bearer elm' };
      rawRequest({ port, host: '127.0.0.1', path: '/fhir/Task/%E0%A4%A', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
    expect(status).toBe(400);
  });
});

describe('a fault of ours', () => {
  it('is 500 with an id and nothing else, and what went wrong is logged without its words', async () => {
    await endpoint.stop();
    endpoint = await startEndpoint({
      intake: {
        intake: async () => {
          throw new Error('disk full at Ada Testpatient');
        },
      },
    });
    const answer = await post('/', referralBundle());
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'exception' }] });
    expect(text).not.toMatch(/disk|Testpatient|\.ts/);
    expect(endpoint.log()).toContain('fhir.fault');
    expect(endpoint.log()).not.toContain('Testpatient');
  });
});

describe('a record that is away', () => {
  const away = (code: string) => Object.assign(new Error('connect ECONNREFUSED 10.0.0.7'), { code });

  it.each(['unreachable', 'in-doubt', 'closed'])(
    'is 503 with when to come again, as FHIR says it: %s',
    async (code) => {
      await endpoint.stop();
      const intake = async () => Promise.reject(away(code));
      endpoint = await startEndpoint({ intake: { intake } });
      const answer = await post('/', referralBundle(), { 'x-request-id': '7b0c6d1e-0000-4000-8000-000000000001' });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(answer.headers.get('x-request-id')).toBe('7b0c6d1e-0000-4000-8000-000000000001');
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({
        resourceType: 'OperationOutcome',
        issue: [
          { severity: 'error', code: 'transient', diagnostics: expect.stringContaining('the same X-Request-Id') },
        ],
      });
      expect(text).not.toContain('10.0.0.7');
      expect(endpoint.log()).toContain(`"code":"${code}"`);
    },
  );

  it('is said in the dialect of BaRS too, and to whoever only reads', async () => {
    await endpoint.stop();
    const refuses = async () => Promise.reject(away('unreachable'));
    endpoint = await startEndpoint({
      intake: { intake: refuses },
      store: { resource: refuses, search: refuses, referral: refuses },
    });
    const bars = await post('/', referralBundle(), {}, 'nhs111');
    expect(await bars.json()).toMatchObject({ issue: [{ details: { coding: [{ code: 'REC_UNAVAILABLE' }] } }] });
    for (const path of ['/Task/x', '/Task']) expect((await endpoint.call(path, { token: 'reader' })).status).toBe(503);
  });
});

describe('a limit on requests', () => {
  it('is asked once it is known who calls, and before anything is done', async () => {
    await endpoint.stop();
    const asked: unknown[] = [];
    endpoint = await startEndpoint({
      limitRate: (_request, response, next) => {
        asked.push(response.locals['partner']);
        if (asked.length > 1) response.status(429).end();
        else next();
      },
    });
    expect((await post('/', referralBundle())).status).toBe(200);
    expect((await post('/', referralBundle())).status).toBe(429);
    expect((await endpoint.call('/Task', { token: 'nobody' })).status).toBe(401);
    expect(asked).toEqual(['elm', 'elm']);
    expect(endpoint.intake.arrivals).toHaveLength(1);
  });
});
