import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { SILENT, startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
afterEach(() => town.stop());

/** The file that the engine made beside its record. */
function keyFile(): string {
  const directory = dirname(town.configFile);
  const name = readdirSync(directory).find((one) => one.endsWith('.log-key'));
  if (name === undefined) throw new Error('the engine made a key beside its record');
  return join(directory, name);
}

async function ready(): Promise<readonly [status: number, body: unknown]> {
  const response = await fetch(`${town.url}/health/ready`);
  return [response.status, await response.json()];
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(town.engine().metrics ?? '')).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1),
  );
}

const NOT_WHOLE = 'hearback_log_faults_total{fault="not-whole"}';
const WAITS = 'hearback_log_unsealed_oldest_seconds';

it('an engine with a key that is not the log’s goes on with referrals, and whoever watches sees that nothing is sealed', async () => {
  const engine = ['  metrics: { port: 0 }'];
  town = await startTown({ engine });
  await until('all is sealed', async () => (await town.store.logHead()).size > 0 && (await metric(WAITS)) === 0);
  expect(await ready()).toEqual([200, { status: 'ready' }]);
  expect(await metric(NOT_WHOLE)).toBe(0);

  // As after a move under a new key: the engine makes one, and the last checkpoint is not signed by it.
  await town.stopEngine();
  const file = keyFile();
  renameSync(file, `${file}.old`);
  await town.startEngine({ engine, log: SILENT });
  const sealed = (await town.store.logHead()).size;
  await town.gp.refer(transactionReferral());
  await until('it is counted', async () => (await metric(NOT_WHOLE)) > 0);
  await until('the log is seen to wait', async () => (await metric(WAITS)) > 1);
  expect(await ready()).toEqual([200, { status: 'ready', log: 'not-whole: not-signed' }]);
  expect((await town.store.logHead()).size).toBe(sealed);

  // With the right one all of it is sealed, also what was written meanwhile.
  await town.stopEngine();
  expect(existsSync(`${file}.old`)).toBe(true);
  rmSync(file);
  renameSync(`${file}.old`, file);
  await town.startEngine({ engine });
  await until('all is sealed again', async () => (await metric(WAITS)) === 0);
  expect((await town.store.logHead()).size).toBeGreaterThan(sealed);
  expect(await ready()).toEqual([200, { status: 'ready' }]);
});
