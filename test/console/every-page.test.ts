import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { CONSOLE_ROLES } from '../../src/ports-console.ts';
import { describeInChromium } from '../fixtures/console/chromium.ts';
import { type ConsoleDoor, openConsoleDoor } from '../fixtures/console/console-door.ts';
import { FILE_ROUTES, fillForPages, PAGE_ROUTES, PAGE_SAMPLES } from '../fixtures/console/page-samples.ts';
import { until } from '../fixtures/town/until.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const NARROW = { width: 320, height: 640 };
/** What is too wide after so long stays so. */
const SETTLE_MS = 3_000;
/** Pages that a browser shows. */
const SHOWN = PAGE_ROUTES.filter((name) => !FILE_ROUTES.includes(name));

describeInChromium('every page of the console', (browser) => {
  let door: ConsoleDoor;
  let context: BrowserContext;
  let plain: BrowserContext;
  const elsewhere: string[] = [];

  const contextOf = async (javaScriptEnabled: boolean) => {
    const made = await browser().newContext({ javaScriptEnabled, bypassCSP: false });
    made.on('request', (request) => {
      if (!request.url().startsWith(door.url)) elsewhere.push(request.url());
    });
    const signedIn = await door.signedIn('everybody', { roles: CONSOLE_ROLES });
    await made.addCookies([...signedIn.cookies].map(([name, value]) => ({ name, value, url: door.url })));
    return made;
  };

  beforeAll(async () => {
    door = await openConsoleDoor();
    await fillForPages(door);
    context = await contextOf(true);
    plain = await contextOf(false);
  });
  afterAll(() => door.stop());

  const open = async (name: (typeof SHOWN)[number], page: Page): Promise<void> => {
    const answer = await page.goto(`${door.url}${PAGE_SAMPLES[name](door)}`);
    expect([name, answer?.status()]).toEqual([name, 200]);
  };

  it.each(SHOWN)(
    '%s: axe finds nothing, the browser complains of nothing, and 320 pixels are wide enough',
    async (name) => {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (line) => complaints.push(line.text()));
      page.on('pageerror', (fault) => complaints.push(String(fault)));
      await open(name, page);
      await until('the scripts of the page have run', () =>
        page.evaluate<boolean>("document.body.classList.contains('js-enabled')"),
      );
      expect(await violationsOn(page)).toEqual([]);
      await page.setViewportSize(NARROW);
      expect(await widthOf(page)).toBeLessThanOrEqual(NARROW.width);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it.each(SHOWN)('%s: 320 pixels are wide enough without JavaScript', async (name) => {
    const page = await plain.newPage();
    await page.setViewportSize(NARROW);
    await open(name, page);
    expect(await widthOf(page)).toBeLessThanOrEqual(NARROW.width);
    await page.close();
  });

  it('axe finds nothing on pages that refuse, on a form with what is wrong, and under a word of what was done', async () => {
    const page = await context.newPage();
    await page.goto(`${door.url}/console/nowhere`);
    expect(await violationsOn(page)).toEqual([]);
    await page.goto(`${door.url}/console/sign-in`);
    await page.fill('#name', 'nobody');
    await page.click('main button');
    await page.locator('.nhsuk-error-summary').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    const keeper = await door.signedIn('everybody', { roles: CONSOLE_ROLES });
    await context.addCookies([...keeper.cookies].map(([name, value]) => ({ name, value, url: door.url })));
    await keeper.post('/console/loops/r00001/unmask', { back: '/console' });
    await page.goto(`${door.url}/console`);
    await page.locator('.nhsuk-notification-banner').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.close();
  });

  it('asks nobody else for anything', () => {
    expect(elsewhere).toEqual([]);
  });

  it('would see what it looks for: a picture without words, a page that is too wide', async () => {
    const page = await context.newPage();
    await page.setContent('<html><body><img src="x"><div style="width:900px">wide</div></body></html>');
    await page.setViewportSize(NARROW);
    expect(await violationsOn(page)).toContainEqual(expect.stringContaining('image-alt'));
    expect(await widthOf(page)).toBeGreaterThan(NARROW.width);
    await page.close();
  });
});

async function violationsOn(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's content policy does not bind: what the page itself loads it still binds.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  return found;
}

/**
 * How wide the page is once it has settled: the script of the header folds its menu some time after the window was made narrow. Without
 * scripts of the page, a script of ours still runs in it.
 */
async function widthOf(page: Page): Promise<number> {
  /* Asked by the debugger each time: a function that waits in the page itself breaks the page's content policy. */
  const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
  const fits = async () => (await width()) <= NARROW.width;
  await until('the page is narrow enough', fits, SETTLE_MS).catch(() => undefined);
  return width();
}
