import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilIs } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown({ routes: ['- { name: both, to: [casework, springboard], all: true }'] });
});
afterEach(() => town.stop());

const kinds = (platform: 'casework' | 'springboard') => town[platform].deliveries().map(({ kind }) => kind);

describe('a GP that adds to a referral', () => {
  it('is heard by every platform that has a form for changes, once, and the referral goes on', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { by: 'springboard', status: 'Not eligible' });
    await platformSays(town, { status: 'accepted' });
    await untilIs(town, task, 'accepted');
    const { note = [] } = await town.gp.task(task);
    const answer = await town.gp.change(task, { note: [...note, { text: 'Has moved in with her sister.' }] });

    expect(answer.status).toBe(200);
    expect(answer.body.note.at(-1)).toMatchObject({ text: 'Has moved in with her sister.' });
    await until('casework is told', () => kinds('casework').includes('update'));
    await platformSays(town, { status: 'closed-signposted' });
    await untilClosed(town, task);
    expect(kinds('casework')).toEqual(['referral', 'update']);
    expect(kinds('springboard')).toEqual(['referral']);
    const [change] = (await town.store.messagesOf((await town.store.resource('Task', task))?.referral ?? ''))
      .map(({ body }) => new TextDecoder().decode(body))
      .filter((body) => body.includes('referral.updated'));
    expect(JSON.parse(change ?? '{}').case.notes).toContain('Has moved in with her sister.');
  });

  it('troubles nobody when it puts the Task back as it was', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'accepted' });
    await untilIs(town, task, 'accepted');
    await until('both have it', async () => (await town.store.counts())['leg.queued'] === undefined);
    const { meta } = await town.gp.task(task);
    const answer = await town.gp.change(task, {});

    expect(answer.body.meta.versionId).toBe(meta?.versionId);
    await platformSays(town, { by: 'springboard', status: 'Got help' });
    await platformSays(town, { status: 'closed-signposted' });
    await untilClosed(town, task);
    expect(kinds('casework')).toEqual(['referral']);
  });
});
