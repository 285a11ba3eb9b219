import { afterEach, describe, expect, it } from '@jest/globals';
import { Fhir } from 'fhir-lantana';
import {
  messageReferral,
  soleServiceRequest,
  soleTask,
  transactionReferral,
} from '../fixtures/fhir/referral-bundle.ts';
import type { Answered } from '../fixtures/town/gp-client.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town, type TownOptions } from '../fixtures/town/town.ts';

let town: Town;
afterEach(() => town.stop());

/** Whatever the form, the platform receives the same person with the same need, and the loop closes. */
async function goesAllTheWay(options: TownOptions, send: () => Promise<Answered>): Promise<Answered> {
  town = await startTown(options);
  const answer = await send();
  expect([200, 201]).toContain(answer.status);
  const { received } = await untilReferred(town);
  expect(received).toMatchObject({
    case: {
      client: { nhsNumber: '9990000018', name: { first: 'Marigold', last: 'Thistlewood' } },
      needs: [{ code: 'loneliness' }],
      narrative: 'Misses company',
    },
  });
  await platformSays(town, { status: 'closed-signposted' });
  const [loop] = await town.store.loops({ limit: 10 });
  await untilClosed(town, loop?.parentTask ?? '');
  return answer;
}

describe('a referral', () => {
  it('may be a ServiceRequest by itself, with everybody contained', async () => {
    const answer = await goesAllTheWay({}, () => town.gp.send('/ServiceRequest', soleServiceRequest()));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toMatch(/\/fhir\/ServiceRequest\/[^/]+\/_history\/1$/);
  });

  it('may be a Task by itself, with its ServiceRequest contained', async () => {
    const answer = await goesAllTheWay({}, () => town.gp.send('/Task', soleTask()));
    expect(answer.body).toMatchObject({ resourceType: 'Task', status: 'requested' });
  });

  it('may be a transaction in XML, and is answered in XML', async () => {
    const xml = new Fhir().objToXml(transactionReferral());
    const answer = await goesAllTheWay({}, () => town.gp.send('', xml, { 'content-type': 'application/fhir+xml' }));
    expect(answer.headers.get('content-type')).toContain('application/fhir+xml');
    expect(answer.text).toContain('<type value="transaction-response">');
  });

  it('may be a BaRS message', async () => {
    const answer = await goesAllTheWay({ dialect: 'bars' }, () => town.gp.send('/$process-message', messageReferral()));
    expect(answer.body).toMatchObject({ resourceType: 'Bundle', type: 'message' });
    expect(answer.body.entry[0].resource).toMatchObject({ response: { code: 'ok' } });
  });
});
