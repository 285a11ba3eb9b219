import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { ServiceRequest } from 'fhir/r4.js';
import type { Page } from 'playwright-core';
import { readSetup } from '../../src/cli/read-setup.ts';
import { reloadOnChange } from '../../src/cli/reload.ts';
import { diskIo } from '../../src/config/disk.ts';
import { describeInChromium } from '../fixtures/console/chromium.ts';
import { PASSWORD } from '../fixtures/console/console-door.ts';
import { townAccount, WITH_CONSOLE } from '../fixtures/console/town-account.ts';
import { loopOf, untilLoop } from '../fixtures/town/look.ts';
import { copyTerminology, type OwnTerminology } from '../fixtures/town/own-terminology.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { SILENT, startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const EMIS = 'https://fhir.hl7.org.uk/Id/egton-codes';

let town: Town;
let terminology: OwnTerminology;
let stopReloading: () => void;
beforeEach(async () => {
  terminology = copyTerminology();
  town = await startTown({ terminology: terminology.directory, engine: WITH_CONSOLE });
  await townAccount(town, 'erik', { roles: ['engineer'] });
  const { setup } = await readSetup(town.configFile, diskIo(process.env));
  if (setup === undefined) throw new Error("the town's configuration is wrong");
  // As `hearback serve` does.
  const given = { engine: town.engine(), setup, file: town.configFile, io: diskIo(process.env), log: SILENT };
  stopReloading = reloadOnChange(given).stop;
});
afterEach(async () => {
  stopReloading();
  await town.stop();
  terminology.remove();
});

/** A referral for a need that no map knows. */
function withUnknownNeed() {
  const bundle = referralOf({ number: 1 });
  const change = (request: ServiceRequest): ServiceRequest => ({
    ...request,
    reasonCode: [{ coding: [{ system: EMIS, code: 'EMISNQXX1' }] }],
  });
  const entry = bundle.entry?.map((one) =>
    one.resource?.resourceType === 'ServiceRequest' ? { ...one, resource: change(one.resource) } : one,
  );
  return { ...bundle, ...(entry && { entry }) };
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${town.url}/console/holds`);
  await page.getByLabel('Name', { exact: true }).fill('erik');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A busy engine may read its maps for longer than the page waits: it then says what to do, and this does it. */
async function tryAgainWhenTaken(page: Page): Promise<void> {
  await until('the engine has taken it', async () => {
    return (await town.store.journal({ kind: 'terminology.loaded', limit: 9 })).length > 1;
  });
  await page.getByRole('radio', { name: 'Try again' }).check();
  await page.getByLabel('Why').fill('asked the practice');
  await page.getByRole('button', { name: 'Decide' }).click();
}

describeInChromium('an engineer at the console', (browser) => {
  it.each([true, false])(
    'says what a code means, so that the referral goes on; reads the delivery beside what it was made of; sends it again (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const { task } = await town.gp.refer(withUnknownNeed());
      await untilLoop(town, task, 'it is held', ({ holds }) => holds.length > 0);
      const context = await browser().newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await signIn(page);

      await page.getByRole('link', { name: /what a code means\s*, since/ }).click();
      await page.getByText(`${EMIS}|EMISNQXX1`).first().waitFor();
      await page.getByLabel('It means this code').check();
      await page.getByLabel('Code', { exact: true }).fill('81877007');
      await page.getByLabel('The code that you give is').selectOption('wider');
      await page.getByLabel('Why').fill('asked the practice');
      await page.getByRole('button', { name: 'Decide' }).click();
      const resolved = page.getByText('The hold is resolved.');
      const written = page.getByText('the engine has not taken it yet');
      await resolved.or(written).first().waitFor();
      if (await written.isVisible()) await tryAgainWhenTaken(page);
      await resolved.waitFor();
      await until('it has arrived', () => town.casework.cases().length === 1);
      const { id } = await untilLoop(town, task, 'it is acknowledged', ({ acknowledged }) => acknowledged.length > 0);

      await page.goto(`${town.url}/console/loops/${id}`);
      await page.getByRole('link', { name: /^What was sent, and its receipt\s+of Referral/ }).click();
      await page.getByText('Show who the patient is').click();
      await page.getByLabel('A code, a name or a number').check();
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      const made = page.getByRole('region', { name: 'The message' });
      const need = made.getByRole('listitem').filter({ hasText: /needs/ }).first();
      expect(await need.innerText()).toMatch(/casework\/case\.part\.yaml:\d+/);
      const source = need.getByRole('link').first();
      const target = (await source.getAttribute('href')) ?? '';
      await source.focus();
      const other = page.locator(`[id="${target.slice(1)}"]`);
      const marked = await other.evaluate((row) => row.classList.contains('hb-tree__row--linked'));
      expect(marked).toBe(javaScriptEnabled);
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe(target);
      expect(await other.evaluate((row) => row.matches(':target'))).toBe(true);

      await page.getByRole('link', { name: /^Do it again/ }).click();
      await page.getByLabel('Why').fill('they restored an old copy');
      await page.getByRole('button', { name: 'Do it again' }).click();
      await page.getByText('It is done again.').waitFor();
      await until('it was sent again', async () => {
        const [leg] = (await town.store.legs(id)).filter(({ purpose }) => purpose === 'referral');
        return leg?.status === 'acknowledged' && leg.attempts === 2;
      });
      expect(town.casework.cases()).toHaveLength(1);
      await context.close();

      const journal = await town.store.journal({ limit: 10_000 });
      const his = journal.filter(({ actor }) => actor === 'user:erik').map(({ kind }) => kind);
      for (const kind of ['code.decided', 'hold.resolved', 'patient.unmasked', 'message.read', 'message.replayed'])
        expect(his).toContain(kind);
      expect((await loopOf(town, task)).holds.every(({ resolvedAt }) => resolvedAt !== undefined)).toBe(true);
    },
    180_000,
  );
});
