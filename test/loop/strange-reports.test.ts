import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { springboard } from '../../docker/simulators/platform/springboard.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, loopOf, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { postSigned, untilReferred } from '../fixtures/town/platform-says.ts';
import { signedRequest } from '../fixtures/town/signed-request.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const OVER = { afterMs: 0, status: 'closed-completed' };

let town: Town;
let task: string;
let body: string;
beforeEach(async () => {
  town = await startTown({ road: { patienceMs: [10, 10] } });
  ({ task } = await town.gp.refer(transactionReferral()));
  body = JSON.stringify(casework.report(await untilReferred(town), OVER, new Date()));
});
afterEach(async () => {
  expect(await loopOf(town, task)).toMatchObject({ status: 'open', state: { kind: 'requested' } });
  expect(gpEntries(town)).toEqual([]);
  await town.stop();
});

describe('a report that must not count', () => {
  it('is one of a platform that was not sent the referral: it waits for a person, and can be dropped', async () => {
    const about = await untilReferred(town);
    const theirs = JSON.stringify(
      springboard.report({ ...about, number: 'SB-1' }, { ...OVER, status: 'Got help' }, new Date()),
    );
    const answer = await postSigned(town, { to: 'springboard', secret: town.secrets.springboard, body: theirs });
    expect(answer.status).toBe(202);

    const hold = await untilHeld(town, 'unknown-referral');
    expect(hold).toMatchObject({ partner: 'springboard' });
    expect(await personDecides(town, hold, 'abandon', 'not theirs')).toBe(1);
    expect(await town.store.holds({ open: true })).toEqual([]);
  });

  it('is one that is signed with another platform’s secret', async () => {
    const answer = await postSigned(town, { to: 'casework', secret: town.secrets.springboard, body });
    expect(answer.status).toBe(401);
  });

  it('is one whose body is not the one that was signed', async () => {
    const { headers } = signedRequest({ to: 'casework', secret: town.secrets.casework, body });
    const answer = await fetch(`${town.url}/webhooks/casework`, {
      method: 'POST',
      headers,
      body: body.replace('completed', 'signposted'),
    });
    expect(answer.status).toBe(401);
  });

  it.each([-6, 6])('is one that was signed %s minutes from now', async (minutes) => {
    const at = new Date(Date.now() + minutes * 60_000);
    const answer = await postSigned(town, { to: 'casework', secret: town.secrets.casework, body, at });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe(
      await (await postSigned(town, { to: 'nobody', secret: town.secrets.casework, body })).text(),
    );
  });

  it('is one without a signature', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${town.url}/webhooks/casework`, { method: 'POST', headers, body })).status).toBe(401);
  });
});
