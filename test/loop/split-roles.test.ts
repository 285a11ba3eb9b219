import { afterEach, expect, it } from '@jest/globals';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const TO_THE_END = ['accepted', 'active', 'closed-completed'].map((status) => ({ afterMs: 20, status }));
const statusOf = async (address: string) => (await fetch(address)).status;

await describeOnPostgres('one process that takes messages in and one that works on them', () => {
  let town: Town;
  let worker: Awaited<ReturnType<Town['startAnother']>> | undefined;
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await town.stop();
  });

  async function openInlets(): Promise<void> {
    const playbooks = new Map([[NHS_NUMBER, TO_THE_END]]);
    town = await startTown({ record: 'postgres', engine: ['  roles: [inlets]'], playbooks });
  }
  async function startWorker(): Promise<string> {
    worker = await town.startAnother({ engine: ['  roles: [workers]'] });
    return worker.url;
  }

  it('leave work alone that is not theirs: it waits, and is done when somebody is there whose it is', async () => {
    await openInlets();
    expect(await statusOf(`${town.url}/health/ready`)).toBe(200);
    const { task } = await town.gp.refer(referralOf({ number: 1 }));
    const before = await town.store.counts();
    // The message, and the promise that it will be delivered in time.
    expect(before).toMatchObject({ 'work.ready': 2 });
    expect(town.casework.deliveries()).toHaveLength(0);
    await startWorker();
    await untilClosed(town, task);
    expect(town.casework.deliveries()).toHaveLength(1);
  });

  it('listen where they must and nowhere else', async () => {
    await openInlets();
    const url = await startWorker();
    expect(await Promise.all(['live', 'ready'].map((name) => statusOf(`${url}/health/${name}`)))).toEqual([200, 200]);
    expect(await statusOf(`${url}/fhir/metadata`)).toBe(404);
    expect(await statusOf(`${url}/webhooks/casework`)).toBe(404);
    expect(await statusOf(`${town.url}/fhir/metadata`)).toBe(200);
  });

  it.each(['inlets', 'workers'])(
    'serve no page of the console as %s, also where the configuration has one',
    async (role) => {
      town = await startTown({ record: 'postgres', engine: [`  roles: [${role}]`, '  console: {}'] });
      const paths = ['', '/sign-in', '/static/console.css', '/loops'];
      const answered = await Promise.all(paths.map((path) => statusOf(`${town.url}/console${path}`)));
      expect(answered).toEqual(paths.map(() => 404));
      expect(await statusOf(`${town.url}/nothing-here`)).toBe(404);
    },
  );

  it('serve the console where that is their role', async () => {
    town = await startTown({ record: 'postgres', engine: ['  roles: [console]', '  console: {}'] });
    expect(await statusOf(`${town.url}/console/sign-in`)).toBe(200);
    expect(await statusOf(`${town.url}/fhir/metadata`)).toBe(404);
  });
});
