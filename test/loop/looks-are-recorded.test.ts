import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
let task: string;
beforeEach(async () => {
  town = await startTown();
  ({ task } = await town.gp.refer(transactionReferral()));
  await untilReferred(town);
});
afterEach(() => town.stop());

const looks = async () =>
  (await town.store.journal({ kind: 'resource.read', limit: 100 })).map(
    ({ actor, detail }) => `${actor} ${detail['resource']}`,
  );

describe('a look at a patient’s data', () => {
  it('is recorded with who looked and at which version, for a read', async () => {
    const read = await town.gp.task(task);
    const [entry, ...more] = await town.store.journal({ kind: 'resource.read', limit: 100 });

    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      actor: 'riverside',
      referral: (await town.store.resource('Task', task))?.referral,
      detail: { resource: `Task/${task}`, version: Number(read.meta?.versionId) },
    });
  });

  it('is recorded for everything that a search shows, includes as well', async () => {
    const found = await town.gp.read(`/Task?_id=${task}&_include=Task:focus`);
    const shown = found.body.entry.map(({ resource }: { resource: { resourceType: string; id: string } }) => {
      return `riverside ${resource.resourceType}/${resource.id}`;
    });

    expect(shown).toHaveLength(2);
    expect((await looks()).sort()).toEqual(shown.sort());
  });

  it('is not recorded when nothing was shown', async () => {
    await town.otherGp.read(`/Task/${task}`);
    await town.otherGp.read('/Task');
    expect(await looks()).toEqual([]);
  });
});
