import { afterEach, describe, expect, it } from '@jest/globals';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { soleServiceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { postSigned, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
afterEach(() => town.stop());

/** Twice the limit and more, so that the end of a minute in between makes no difference. */
async function untilRefused<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  let answer = await ask();
  for (let count = 0; count < 10 && answer.status < 300; count += 1) answer = await ask();
  return answer;
}

describe('a partner that asks too often', () => {
  it('is told so, and hinders nobody else', async () => {
    town = await startTown({ requestsPerMinute: 3 });
    const refused = await untilRefused(() => town.gp.read('/Task'));

    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'throttled' }] });
    expect((await town.otherGp.read('/Task')).status).toBe(200);
  });

  it('is told so as a problem document when it is a platform', async () => {
    town = await startTown({ requestsPerMinute: 2 });
    await town.gp.refer(transactionReferral());
    const one = await untilReferred(town);
    const body = JSON.stringify(casework.report(one, { afterMs: 0, status: 'new' }, new Date()));
    const post = () => postSigned(town, { to: 'casework', secret: town.secrets.casework, body });
    const refused = await untilRefused(post);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('a partner whose token does not allow what it asks', () => {
  const cases = [
    { scopes: ['read'], may: ['read'] },
    { scopes: ['referral.write'], may: ['refer'] },
    { scopes: ['task.write'], may: ['change'] },
  ];
  it.each(cases)('is answered 403 for everything but its scopes ($scopes)', async ({ scopes, may }) => {
    town = await startTown({ scopes });
    const answers = {
      read: await town.gp.read('/Task'),
      refer: await town.gp.send('/ServiceRequest', soleServiceRequest()),
      change: await town.gp.send('/Task/1', { resourceType: 'Task', id: '1' }, { 'if-match': 'W/"1"' }, 'PUT'),
    };
    const allowed = Object.entries(answers).filter(([, { status }]) => status !== 403);
    expect(allowed.map(([name]) => name)).toEqual(may);
    for (const { status, body } of Object.values(answers)) {
      if (status === 403)
        expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'forbidden' }] });
    }
    expect(await town.store.loops({ limit: 5 })).toHaveLength(may.includes('refer') ? 1 : 0);
  });

  it('is answered 401 with another token, and 401 with none', async () => {
    town = await startTown();
    for (const headers of [{ authorization: 'Bearer somebody-elses-token-0123456789' }, {}]) {
      const response = await fetch(`${town.url}/fhir/Task`, { headers: new Headers(headers) });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    }
  });
});
