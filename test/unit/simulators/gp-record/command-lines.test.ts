import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sendOneMessage } from '../../../../src/cli/hl7-client.ts';
import { NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { fhirDoor, score, TOKEN } from '../../../fixtures/simulators/fhir-door.ts';
import { result } from '../../../fixtures/simulators/hl7-results.ts';
import { until } from '../../../fixtures/town/until.ts';

jest.setTimeout(180_000);

const PROJECT = join(import.meta.dirname, '../../../..');
const directory = mkdtempSync(join(tmpdir(), 'hearback-simulators-'));
const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
    }),
  );
  rmSync(directory, { recursive: true, force: true });
});

const main = (name: string) => ['--import', 'tsx', `docker/simulators/${name}/main.ts`];

/** Starts a simulator as a process of its own and gives what it says when it is ready. */
async function start(name: string, env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const child = spawn(process.execPath, main(name), { cwd: PROJECT, env: { ...process.env, ...env } });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(line);
}

describe('the simulators as processes', () => {
  it('are arranged by environment, and their records print side by side', async () => {
    const tokenFile = join(directory, 'token');
    writeFileSync(tokenFile, `${TOKEN}\n`);
    const patients = join(PROJECT, 'docker/simulators/gp-record/patients.json');
    const emis = await start('gp-emis-style', { SIMULATOR_TOKEN_FILE: tokenFile, SIMULATOR_PATIENTS_FILE: patients });
    const systmone = await start('gp-systmone-style', { SIMULATOR_PATIENTS_FILE: patients, SIMULATOR_AUTO_FILE: '1' });

    const declined = { coding: [{ system: 'http://snomed.info/sct', code: '871711000000103' }], text: 'Declined' };
    const door = fhirDoor(emis['fhir'] ?? '');
    expect((await door.write(score('one'), score('two', { code: declined }))).status).toBe(200);
    const { hostname: host, port } = new URL(systmone['mllp'] ?? '');
    await sendOneMessage(result({ id: 'M1' }), { host, port: Number(port), timeoutMs: 10_000 });
    const both = [emis['url'] ?? '', systmone['url'] ?? ''];
    const printed = await until('both have filed', async () => {
      const args = [...main('gp-record'), ...both, '--nhs-number', NHS_NUMBER];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT });
      return !/Waits|nothing filed/.test(stdout) && stdout;
    });
    expect(printed).toContain('EMIS-style record of Marigold Thistlewood');
    expect(printed).toMatch(/718466001 SNOMED +SWEMWBS score = 19 score/);
    expect(printed).toMatch(/text +Declined = 19 score/);
    expect(printed).toContain('SystmOne-style record of Marigold Thistlewood');
    expect(printed).toContain('Author: Sam Okoro');
  });
});
