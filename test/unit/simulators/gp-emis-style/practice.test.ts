import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EmisStyle, startEmisStyle } from '../../../../docker/simulators/gp-emis-style/practice.ts';

let practice: EmisStyle;

beforeEach(async () => {
  practice = await startEmisStyle({ port: 0, token: 'right' });
});

afterEach(() => practice.stop());

describe('a practice that is written to', () => {
  it('files a transaction for whoever shows the token, and echoes both ids', async () => {
    const response = await post({ resourceType: 'Bundle', type: 'transaction', entry: [] });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe('request-1');
    expect(response.headers.get('x-correlation-id')).toBe('case-1');
    expect(practice.filed()).toEqual(['request-1']);
  });

  it('files nothing for anybody else', async () => {
    expect((await post({ resourceType: 'Bundle', type: 'transaction', entry: [] }, 'wrong')).status).toBe(401);
    expect(practice.filed()).toEqual([]);
  });

  it('refuses what is no transaction', async () => {
    expect((await post({ resourceType: 'Patient' })).status).toBe(422);
  });

  it('answers 503 while it is down, and can be told to be up again', async () => {
    await temper({ down: true });
    expect((await post({ resourceType: 'Bundle', type: 'transaction', entry: [] })).status).toBe(503);
    await temper({ down: false });
    expect((await post({ resourceType: 'Bundle', type: 'transaction', entry: [] })).status).toBe(200);
  });

  it('shows a record as a page to a browser, with what was written escaped', async () => {
    practice.record.register({
      nhsNumber: '9990000018',
      given: '<b>Ada</b>',
      family: 'Testwell',
      birthDate: '1951-03-07',
      gender: 'female',
    });
    const response = await fetch(`${practice.url}/record/9990000018`, { headers: { accept: 'text/html' } });
    expect(await response.text()).toContain('&lt;b&gt;Ada&lt;/b&gt;');
  });
});

function post(body: unknown, token = 'right'): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'request-1', 'x-correlation-id': 'case-1' };
  return fetch(`${practice.url}/fhir`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function temper(wish: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${practice.url}/control/temper`, { method: 'POST', headers, body: JSON.stringify(wish) });
}
