import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { messageReferral, serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilIs } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town, type TownOptions } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const BOTH: TownOptions = {
  routes: ['- { name: both, to: [casework, springboard], all: true }'],
  confirmsCancel: false,
};
/** What springboard says to the GP, and to nobody else. */
const SECRET = 'Was unkind to our volunteer.';

let town: Town;
let task: string;
beforeEach(async () => {
  town = await startTown(BOTH);
  const request = serviceRequest({ note: [{ text: 'Hard of hearing.' }] });
  ({ task } = await town.gp.refer(transactionReferral({ request })));
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'active' });
  await platformSays(town, { by: 'springboard', status: 'Got help', note: SECRET, before: { total: 20 } });
  // The other platform's words are in the GP's Task by now, which changes no more by itself.
  await until('the GP has what springboard said', async () =>
    JSON.stringify(await town.gp.task(task)).includes(SECRET),
  );
  await untilIs(town, task, 'in-progress');
});
afterEach(() => town.stop());

/** What casework was sent last, once it was sent something of this kind. */
async function sentToCasework(event: string) {
  await until(`casework was sent ${event}`, () => town.casework.deliveries().length > 1);
  const referral = (await town.store.resource('Task', task))?.referral ?? '';
  const sent = (await town.store.messagesOf(referral)).filter(({ partner, direction }) => {
    return partner === 'casework' && direction === 'out';
  });
  const body = JSON.parse(new TextDecoder().decode(sent.at(-1)?.body));
  expect(body.event).toBe(event);
  return body;
}

describe('what a platform is sent after another one has reported', () => {
  it('has the GP’s notes and none of the other platform’s words', async () => {
    const { note = [] } = await town.gp.task(task);
    expect(JSON.stringify(await town.gp.task(task))).toContain(SECRET);
    await town.gp.change(task, { note: [...note, { text: 'Has moved in with her sister.' }] });

    const change = await sentToCasework('referral.updated');
    expect(change.case.notes).toEqual(['Hard of hearing.', 'Has moved in with her sister.']);
    expect(JSON.stringify(change)).not.toContain(SECRET);
  });

  it('has the GP’s reason for a cancellation, and no other', async () => {
    await town.gp.change(task, { status: 'cancelled', statusReason: { text: 'Moves away next week.' } });
    expect(await sentToCasework('referral.cancel-requested')).toMatchObject({ reason: 'Moves away next week.' });
  });

  it('has no reason at all when the GP gave none', async () => {
    const { statusReason: _, ...read } = await town.gp.task(task);
    const ifMatch = { 'if-match': `W/"${read.meta?.versionId}"` };
    expect((await town.gp.send(`/Task/${task}`, { ...read, status: 'cancelled' }, ifMatch, 'PUT')).status).toBe(200);
    expect(await sentToCasework('referral.cancel-requested')).not.toHaveProperty('reason');
  });

  it('has the reason of a BaRS cancellation', async () => {
    const message = messageReferral('update', 'revoked');
    const [request] = (message.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === 'ServiceRequest' ? [resource] : [],
    );
    if (request) request.reasonCode = [{ text: 'Went into a home.' }];
    expect((await town.gp.send('/$process-message', message)).status).toBe(200);
    expect(await sentToCasework('referral.cancel-requested')).toMatchObject({ reason: 'Went into a home.' });
  });
});
