import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSetup } from '../../src/cli/read-setup.ts';
import { diskIo } from '../../src/config/disk.ts';
import { addAccount } from '../../src/console/accounts.ts';
import { type Engine, startEngine } from '../../src/main.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { newBrowser } from '../fixtures/console/browser-by-hand.ts';
import { PASSWORD } from '../fixtures/console/console-door.ts';
import { SILENT } from '../fixtures/town/town.ts';

const TOKEN = 'riverside-token-for-tests-0123456789';
const PROJECT = join(import.meta.dirname, '../..');

describe('an engine', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-console-'));
  const engines: Engine[] = [];

  const started = async (name: string, section: string): Promise<Engine> => {
    const file = join(directory, `${name}.yaml`);
    writeFileSync(
      file,
      `
engine:
  listen: { port: 0 }
  store: sqlite:./${name}.db
  mappings: ${PROJECT}/mappings
  terminology: ${PROJECT}/terminology
  ${section}
partners:
  - id: riverside
    kind: gp-system
    organisation: { name: Riverside Surgery, ods: A81001 }
    inlets: [{ type: fhir, tokens: [{ sha256: ${createHash('sha256').update(TOKEN).digest('hex')} }] }]
`,
    );
    const { setup, findings } = await readSetup(file, diskIo({}));
    if (setup === undefined) throw new Error(JSON.stringify(findings));
    const engine = await startEngine(setup, SILENT);
    engines.push(engine);
    return engine;
  };

  let engine: Engine;
  beforeAll(async () => {
    engine = await started('with', 'console: {}');
  });
  afterAll(async () => {
    for (const one of engines) await one.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('serves the console beside its other doors, to accounts made while it runs', async () => {
    const record = await openSqliteStore({ file: join(directory, 'with.db'), worker: false });
    await addAccount(
      { name: 'anna', password: PASSWORD, roles: ['operator'] },
      { record, by: 'user:test', now: new Date() },
    );
    await record.close();
    const browser = newBrowser(engine.url);
    expect((await browser.signIn('anna', PASSWORD)).status).toBe(303);
    const page = await browser.get('/console');
    expect([page.status, page.text.includes('Riverside Surgery')]).toEqual([200, true]);
    expect((await browser.get('/health/live')).status).toBe(200);
  });

  it('opens no page of it to a partner’s token, and no door of a partner to a session of it', async () => {
    const browser = newBrowser(engine.url);
    const withToken = await browser.get('/console', { authorization: `Bearer ${TOKEN}` });
    expect([withToken.status, withToken.location?.split('?')[0]]).toEqual([303, '/console/sign-in']);
    await browser.signIn('anna', PASSWORD);
    expect((await browser.get('/fhir/Task')).status).toBe(401);
  });

  it('has none unless its configuration says so', async () => {
    const plain = await started('without', 'drainSeconds: 1');
    expect((await newBrowser(plain.url).get('/console')).status).toBe(404);
  });
});
