import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import type { Store } from '../../../src/ports-record.ts';
import { openPostgresStore } from '../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../src/store/postgres/place.ts';
import { asking, describeOnPostgres } from '../../fixtures/postgres/test-server.ts';
import { changes, work } from './samples.ts';

const CHILD = fileURLToPath(new URL('../../fixtures/store/work-off.ts', import.meta.url));
const SEED = Number(process.env['HEARBACK_SEED'] ?? 20261102);
const LANES = 12;
const EACH = 15;

await describeOnPostgres('several processes on one record', (server) => {
  const children: ChildProcess[] = [];
  const stores: Store[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  /** Starts so many at once on an empty schema; resolves when all have opened it. */
  async function started(number: number, address: string): Promise<ChildProcess[]> {
    const made = Array.from({ length: number }, (_, index) => {
      const args = ['--import', 'tsx', CHILD, address, 'shared', `worker-${index}`, String(SEED + index)];
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      return child;
    });
    await Promise.all(made.map((child) => (child.stdout === null ? undefined : once(child.stdout, 'data'))));
    return made;
  }

  async function filled(address: string): Promise<Store> {
    const store = await openPostgresStore({ place: readPlace(address, { schema: 'shared' }), readers: 2 });
    stores.push(store);
    for (let number = 0; number < EACH; number += 1) {
      const one = Array.from({ length: LANES }, (_, lane) => work(`lane${lane}`, `${lane}/${number}`));
      await store.apply(changes({ work: one }));
    }
    return store;
  }

  /** What the log says of each lane: subjects in the order in which they were begun and ended. */
  async function told(store: Store): Promise<Map<string, string[]>> {
    const lanes = new Map<string, string[]>();
    for (const { kind, detail } of await store.journal({ limit: 100_000 })) {
      const subject = String(detail['subject']);
      const lane = subject.split('/')[0] ?? '';
      lanes.set(lane, [...(lanes.get(lane) ?? []), `${kind} ${subject}`]);
    }
    return lanes;
  }

  const expectedDone = (lane: string) => Array.from({ length: EACH }, (_, number) => `test.done ${lane}/${number}`);

  it('make its tables once, do all work once, and each lane in order, one at a time', async () => {
    const address = await server.database();
    const workers = await started(4, address);
    const migrations = await asking(address, 'select number from shared.migration');
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
    const store = await filled(address);
    for (const child of workers) child.stdin?.write('go\n');
    await Promise.all(workers.map((child) => once(child, 'exit')));

    expect(workers.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const lanes = await told(store);
    expect(lanes.size).toBe(LANES);
    for (const [lane, lines] of lanes) {
      expect(lines.filter((line) => line.startsWith('test.done'))).toEqual(expectedDone(lane));
      /* Begun and ended take turns: nobody begins while another is at it. */
      lines.forEach((line, index) => {
        expect(line.startsWith('test.begun')).toBe(index % 2 === 0);
        if (index % 2 === 1) expect(line.split(' ')[1]).toBe(lines[index - 1]?.split(' ')[1]);
      });
    }
    expect(await store.counts()).not.toHaveProperty(['work.ready']);
    const workersSeen = new Set(
      (await store.journal({ kind: 'test.done', limit: 9_999 })).map(({ detail }) => detail['worker']),
    );
    expect(workersSeen.size).toBeGreaterThan(1);
  }, 120_000);

  it('lose and double nothing when one is killed and the connections of another are cut', async () => {
    const address = await server.database();
    const workers = await started(3, address);
    const store = await filled(address);
    for (const child of workers) child.stdin?.write('go\n');
    const done = async () => (await store.counts())['journal.test.done'] ?? 0;
    while ((await done()) < LANES * 3) await new Promise((resolve) => setTimeout(resolve, 20));
    workers[0]?.kill('SIGKILL');
    const others =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    for (let round = 0; round < 5; round += 1) {
      await asking(address, others);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await Promise.all(workers.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));

    expect(workers.slice(1).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    for (const [lane, lines] of await told(store)) {
      expect(lines.filter((line) => line.startsWith('test.done'))).toEqual(expectedDone(lane));
    }
    expect(await store.counts()).toMatchObject({ 'journal.test.done': LANES * EACH });
    expect(await store.nextWorkAt()).toBeUndefined();
  }, 120_000);
});
