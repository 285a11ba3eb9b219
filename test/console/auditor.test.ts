import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import type { Page } from 'playwright-core';
import { logVerifyCommand } from '../../src/cli/log-verify.ts';
import { indexOf } from '../../src/core/fhir/search-index.ts';
import { NHS_NUMBER_SYSTEM } from '../../src/core/referral.ts';
import { publicText } from '../../src/core/seal/note-key.ts';
import { changes, entry, message, newReferral, task } from '../contract/store/samples.ts';
import { describeInChromium } from '../fixtures/console/chromium.ts';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../fixtures/console/console-door.ts';
import { testKey } from '../fixtures/journal/log-keys.ts';
import { sealAll } from '../fixtures/journal/seal-all.ts';
import { until } from '../fixtures/town/until.ts';

const NHS_NUMBER = '9990000018';
/** Where somebody wants to see what the walk saw: a directory. */
const SHOTS = process.env['HEARBACK_TEST_SCREENSHOTS'];

/** One referral's way, as the engine writes it, ending with what the GP's record was found to hold. */
async function oneReferral({ record }: ConsoleDoor): Promise<void> {
  const patient: Patient = {
    ...{ resourceType: 'Patient', id: 'p1' },
    identifier: [{ system: NHS_NUMBER_SYSTEM, value: NHS_NUMBER }],
  };
  const stored = { ...task('p1', 1, { referral: 'r1' }), type: 'Patient', resource: patient, index: indexOf(patient) };
  const about = (kind: string, detail: Readonly<Record<string, string>>) => entry(kind, { referral: 'r1', detail });
  await record.receive(
    message('m1', { referral: 'r1' }),
    changes({
      referral: newReferral('r1'),
      resources: [stored],
      journal: [
        about('event.recorded', { event: 'e1', kind: 'outcome-recorded' }),
        about('leg.acknowledged', { leg: 'l1', purpose: 'write-back', level: 'business' }),
        about('leg.read-back', { leg: 'l1', is: 'kept' }),
        about('loop.closed', {}),
      ],
    }),
  );
  await record.apply(changes({ referral: newReferral('r2'), journal: [entry('loop.closed', { referral: 'r2' })] }));
}

describeInChromium('an auditor who proves that an outcome reached the GP', (browser) => {
  let door: ConsoleDoor;
  const directory = mkdtempSync(join(tmpdir(), 'hearback-auditor-'));
  beforeAll(async () => {
    door = await openConsoleDoor();
    await oneReferral(door);
    await door.account('ada', { roles: ['auditor'] });
    await sealAll(door.record);
  });
  afterAll(async () => {
    await door.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const shot = async (page: Page, name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  };

  it.each([
    ['with JavaScript', true],
    ['without', false],
  ])('does it %s', async (_, javaScriptEnabled) => {
    const context = await browser().newContext({ javaScriptEnabled, acceptDownloads: true });
    const page = await context.newPage();
    await page.goto(`${door.url}/console`);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Log', exact: true }).click();

    // The patient's number is asked for in a form, and stands in no address.
    await page.getByLabel('NHS number').fill(NHS_NUMBER);
    await page.getByRole('button', { name: 'Search' }).click();
    expect(page.url()).not.toContain(NHS_NUMBER);
    await page.getByText('loop.closed').first().waitFor();
    expect(await page.getByText('loop.closed').count()).toBe(1);
    await shot(page, `log-${javaScriptEnabled}`);

    await page
      .getByRole('row', { name: /leg\.read-back/ })
      .getByRole('link')
      .first()
      .click();
    await page.getByText('Proved', { exact: true }).waitFor();
    expect(await page.getByText('kept', { exact: true }).count()).toBe(1);
    expect(await page.getByText('Proved', { exact: true }).count()).toBe(1);
    await shot(page, `entry-${javaScriptEnabled}`);
    const proof = await kept(page, 'Keep the proof as a file', 'link');

    await page.getByRole('link', { name: 'Back to the log' }).click();
    await page.getByRole('button', { name: 'Verify the log now' }).click();
    await page.waitForURL(/\/console\/log\/verify\//);
    await until('it is verified', async () => {
      await page.reload();
      return (await page.getByText('Whole', { exact: true }).count()) > 0;
    });
    expect(await page.getByText('Whole', { exact: true }).count()).toBe(1);
    await shot(page, `verified-${javaScriptEnabled}`);

    await page.getByRole('link', { name: 'Back to the log' }).click();
    const log = await kept(page, 'Export', 'button');
    for (const text of [proof, log]) expect(await verified(text)).toBe(0);
    expect(await verified(log.replace('"is":"kept"', '"is":"lost"'))).toBe(1);
    await context.close();
  });

  async function kept(page: Page, name: string, role: 'link' | 'button'): Promise<string> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole(role, { name, exact: true }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
  }

  /** The exit code of `hearback log verify FILE --key KEY`, which knows the file and the key alone. */
  async function verified(text: string): Promise<number> {
    const file = join(directory, 'kept');
    writeFileSync(file, text);
    const before = process.exitCode;
    const quiet = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await logVerifyCommand().parseAsync(['node', 'verify', file, '--key', publicText(testKey())]);
      return Number(process.exitCode);
    } finally {
      process.exitCode = before;
      quiet.mockRestore();
    }
  }
});
