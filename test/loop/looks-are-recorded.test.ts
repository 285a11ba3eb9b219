import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
let task: string;
beforeAll(async () => {
  town = await startTown();
  ({ task } = await town.gp.refer(transactionReferral()));
  await untilReferred(town);
});
afterAll(() => town.stop());

/** The last entry before the case that runs. */
let before = 0;
beforeEach(async () => {
  before = (await town.store.searchLog({ newestFirst: true, limit: 1 })).entries[0]?.seq ?? 0;
});
const since = (kind: string) => town.store.journal({ kind, limit: 100, afterSeq: before });

const looks = async () => (await since('resource.read')).map(({ actor, detail }) => `${actor} ${detail['resource']}`);

describe('a look at a patient’s data', () => {
  it('is recorded with who looked and at which version, for a read', async () => {
    const read = await town.gp.task(task);
    const [entry, ...more] = await since('resource.read');

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

describe('a look from a terminal', () => {
  it.each([
    ['loop.read', (id: string) => ['loop', id]],
    ['certificate.read', (id: string) => ['loop', id, '--certificate']],
    ['loops.listed', () => ['loops']],
    ['holds.listed', () => ['holds']],
    ['outcomes.read', () => ['outcomes']],
    ['receipts.read', () => ['receipts', '--partner', 'casework']],
  ])('is recorded as %s, with who looked', async (kind, args) => {
    const referral = (await town.store.resource('Task', task))?.referral ?? '';
    const ran = await runCommand(...args(referral), '-c', town.configFile);
    const isOne = args(referral).includes(referral);

    expect(ran.status).toBe(0);
    expect(await since(kind)).toMatchObject([
      { actor: expect.stringMatching(/^user:./), detail: { command: args('')[0] }, ...(isOne && { referral }) },
    ]);
  });

  it('at what a replay would do is recorded, and at which elements a mapping made', async () => {
    const referral = (await town.store.resource('Task', task))?.referral ?? '';
    const [sent] = (await town.store.messagesOf(referral)).filter(({ direction }) => direction === 'out');
    const message = sent?.id ?? '';
    const planned = await runCommand('replay', message, '--dry-run', '-c', town.configFile);
    const explained = await runCommand('mappings', 'explain', message, '-c', town.configFile);

    expect([planned.status, explained.status]).toEqual([0, 0]);
    expect(await since('replay.planned')).toMatchObject([{ message, referral }]);
    expect(await since('message.explained')).toMatchObject([{ message, referral }]);
  });

  it('that found nothing is none', async () => {
    const ran = await runCommand('loop', 'nobody', '-c', town.configFile);

    expect(ran).toMatchObject({ status: 1, printed: '' });
    expect(await since('loop.read')).toEqual([]);
  });
});

describe('a start', () => {
  it('records the digest of its configuration', async () => {
    const digest = createHash('sha256').update(readFileSync(town.configFile)).digest('hex');
    const entries = await town.store.journal({ kind: 'configuration.loaded', limit: 9 });
    expect(entries.map(({ detail }) => detail)).toEqual([{ digest }]);
  });
});
