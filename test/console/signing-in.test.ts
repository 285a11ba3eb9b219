import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInChromium } from '../fixtures/console/chromium.ts';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../fixtures/console/console-door.ts';
import { fillForPages } from '../fixtures/console/page-samples.ts';

describeInChromium('somebody with a keyboard and no mouse', (browser) => {
  let door: ConsoleDoor;

  beforeAll(async () => {
    door = await openConsoleDoor();
    await fillForPages(door);
    await door.account('anna', { roles: ['auditor', 'operator'] });
  });
  afterAll(() => door.stop());

  describe.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', (_how, javaScriptEnabled) => {
    const opened = async (): Promise<Page> => {
      const context = await browser().newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(`${door.url}/console`);
      return page;
    };
    const focused = (page: Page) =>
      page.evaluate('(document.activeElement?.id || document.activeElement?.textContent || "").trim()');
    const typed = async (page: Page, ...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const signIn = async (page: Page, password: string) => {
      await page.locator('#name').focus();
      await page.keyboard.type('anna');
      await typed(page, 'Tab');
      await page.keyboard.type(password);
      await Promise.all([page.waitForLoadState('load'), page.keyboard.press('Enter')]);
    };

    it('comes to the form past the links, is told what is wrong, signs in, walks the navigation and signs out', async () => {
      const page = await opened();
      await typed(page, 'Tab');
      expect(await focused(page)).toBe('Skip to main content');
      await typed(page, 'Tab', 'Tab');
      expect(await focused(page)).toBe('name');
      await signIn(page, 'wrong-password-entirely');
      await page.locator('.nhsuk-error-summary').waitFor();
      // Scripts put the focus on what is wrong; without them it is the first thing in the page after the links.
      expect(await page.locator('.nhsuk-error-summary').innerText()).toContain(
        'The name or the password is not right.',
      );
      if (javaScriptEnabled) {
        expect(await page.evaluate('document.activeElement?.classList.contains("nhsuk-error-summary")')).toBe(true);
      }
      await signIn(page, PASSWORD);
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      await page.getByRole('link', { name: 'Overview', exact: true }).focus();
      await typed(page, 'Tab');
      expect(await focused(page)).toBe('Loops');
      await page.getByRole('button', { name: 'Sign out' }).focus();
      await Promise.all([page.waitForURL('**/console/sign-in'), page.keyboard.press('Enter')]);
      await page.goto(`${door.url}/console`);
      expect(page.url()).toContain('/console/sign-in?next=');
      await page.context().close();
    });

    it('sees at each step where the focus is, and can leave every part of the page again', async () => {
      const page = await opened();
      await signIn(page, PASSWORD);
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      const seen = new Set<string>();
      for (let steps = 0; steps < 60; steps += 1) {
        await typed(page, 'Tab');
        const at = String(
          await page.evaluate(`(() => {
            const one = document.activeElement;
            if (one === null || one === document.body) return 'out';
            const style = getComputedStyle(one);
            const isSeen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.backgroundColor !== 'rgba(0, 0, 0, 0)';
            return (isSeen ? 'seen ' : 'NOT SEEN ') + one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40);
          })()`),
        );
        if (at === 'out') break;
        seen.add(at);
      }
      expect([...seen].filter((one) => one.startsWith('NOT SEEN'))).toEqual([]);
      expect(seen.size).toBeGreaterThan(8);
      expect(seen.size).toBeLessThan(60);
      await page.context().close();
    });
  });
});
