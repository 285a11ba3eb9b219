import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeInChromium } from '../fixtures/console/chromium.ts';
import { PASSWORD } from '../fixtures/console/console-door.ts';
import { townAccount, WITH_CONSOLE } from '../fixtures/console/town-account.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilLoop } from '../fixtures/town/look.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
let loop: string;
beforeAll(async () => {
  town = await startTown({ engine: [...WITH_CONSOLE, '  deadlines: { decide: 1s }'] });
  await townAccount(town, 'olga', { roles: ['operator'] });
  const { task } = await town.gp.refer(transactionReferral());
  loop = (await untilLoop(town, task, 'it is late', ({ late }) => late.length > 0)).id;
});
afterAll(() => town.stop());

describeInChromium('an operator at the console', (browser) => {
  it.each([true, false])(
    'finds the late loop of a patient by NHS number, and reads who owes what (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const context = await browser().newContext({ javaScriptEnabled });
      const page = await context.newPage();
      const addresses: string[] = [];
      page.on('request', (request) => addresses.push(request.url()));
      await page.goto(`${town.url}/console/loops`);
      await page.getByLabel('Name', { exact: true }).fill('olga');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.keyboard.press('Enter');

      await page.getByLabel('NHS number').fill(NHS_NUMBER);
      await page.getByLabel('Open or closed').selectOption('late');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText(/Found by: NHS number ends in \d{3}, late/).waitFor();
      await page.getByRole('link', { name: loop }).click();
      const owed = page.getByRole('listitem').filter({ hasText: 'owes a decision since' });
      expect(await owed.first().innerText()).toMatch(/^Late .+ owes a decision since .+ UTC, late by /i);
      expect(await page.content()).not.toContain(NHS_NUMBER);
      expect(addresses.filter((address) => address.includes(NHS_NUMBER))).toEqual([]);

      await page.getByText('Show who the patient is').click();
      await page.getByLabel('Chasing this referral').check();
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByText(NHS_NUMBER).waitFor();
      expect(await page.title()).not.toContain(NHS_NUMBER);
      await context.close();
      const his = (await town.store.journal({ referral: loop, limit: 1_000 })).filter(
        ({ actor }) => actor === 'user:olga',
      );
      expect(his.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['patient.unmasked', 'patient.read']));
    },
    180_000,
  );
});
