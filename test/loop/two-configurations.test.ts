import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';
import { untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { plainSecret } from '../fixtures/town/plain-platform.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
afterEach(() => town.stop());

/** A platform that the new configuration adds, and a rule by which it is sent everything. Nobody listens at its address. */
const NEW = {
  partners: [
    '- id: piecemeal',
    '  kind: vcse-platform',
    '  organisation: { name: Piecemeal }',
    '  local: true',
    `  inlets: [{ type: webhook, secrets: [${plainSecret('piecemeal')}], mapping: casework/report }]`,
    '  outlets:',
    '  - type: webhook',
    '    url: http://127.0.0.1:9/cases',
    `    secrets: [${plainSecret('piecemeal')}]`,
    '    mappings: { referral: casework/referral, cancel: casework/cancel }',
    '    retry: { initialMs: 20, maxMs: 200 }',
    '    circuit: { failures: 3, openMs: 200 }',
  ],
  routes: ['- { name: everybody, to: [piecemeal], all: true }'],
};
const OLD = { partners: [], routes: ['- { name: everybody, to: [casework], all: true }'] };

/** A referral that is on its way to the new platform, which does not answer. */
async function onItsWay(): Promise<string> {
  const { task } = await town.gp.refer(referralOf({ number: 1 }));
  await untilLoop(town, task, 'its delivery was tried', ({ sent }) => sent[0]?.partner === 'piecemeal');
  return task;
}

it('on SQLite, what is for a partner that was taken out of the configuration is a hold that says so', async () => {
  town = await startTown(NEW);
  await onItsWay();
  await town.stopEngine();
  await town.startEngine(OLD);
  const hold = await untilHeld(town, 'refused-delivery');
  expect(hold.findings.map(({ rule }) => rule)).toEqual(['delivery/no-outlet']);
  expect(hold.findings[0]?.message).toMatch(/was not sent: the configuration .* names no such partner/);
});

await describeOnPostgres('two engines with two configurations on one record', () => {
  it('leave to the one what only its configuration knows', async () => {
    town = await startTown({ record: 'postgres', ...NEW });
    const task = await onItsWay();
    const older = await town.startAnother({ engine: ['  roles: [workers]'], ...OLD });
    try {
      // Long enough for dozens of claims by either.
      await sleep(3_000);
      expect(await town.store.holds({ open: true })).toEqual([]);
      await untilLoop(town, task, 'it still waits', ({ sent }) => sent[0]?.status === 'queued');
    } finally {
      await older.stop();
    }
  });
});
