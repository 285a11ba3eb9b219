import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { bundleEngine } from '../../../../bench/loop/bundled-engine.ts';
import { cpuMsOf, residentOf, startServe } from '../../../../bench/loop/serve-process.ts';
import { writeTown } from '../../../../bench/loop/town.ts';

const directory = mkdtempSync(join(tmpdir(), 'hearback-bench-bundle-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('the bundled engine serves, is alive, and costs something', async () => {
  const bundle = bundleEngine();
  const config = writeTown({
    directory,
    record: { kind: 'sqlite', file: join(directory, 'record.db') },
    gp: 'http://127.0.0.1:9/fhir',
    platform: { kind: 'webhook', url: 'http://127.0.0.1:9/referrals' },
  });
  const engine = await startServe(bundle.entry, config);
  try {
    expect((await fetch(`${engine.url}/health/live`)).status).toBe(200);
    expect(cpuMsOf(engine.pid)).toBeGreaterThan(0);
    expect(residentOf(engine.pid)).toBeGreaterThan(10_000_000);
  } finally {
    await engine.stop();
    bundle.remove();
  }
}, 180_000);

it('what keeps an engine from serving is said', async () => {
  const bundle = bundleEngine();
  await expect(startServe(bundle.entry, join(directory, 'nothing.yaml'))).rejects.toThrow(/nothing\.yaml/);
  bundle.remove();
}, 180_000);
