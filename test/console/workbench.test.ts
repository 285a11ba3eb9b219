import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLibrary } from '../../src/cli/read-library.ts';
import { tryMapping } from '../../src/cli/try-mapping.ts';
import { diskIo } from '../../src/config/disk.ts';
import { viewTried } from '../../src/console/mappings/view-tried.ts';
import { type Frame, renderPage } from '../../src/console/render.ts';
import { changes, message } from '../contract/store/samples.ts';
import { ATTACK, attacked, worksIn } from '../fixtures/console/attacked.ts';
import { describeInChromium } from '../fixtures/console/chromium.ts';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../fixtures/console/console-door.ts';

const DIRECTORIES = { mappings: 'mappings', terminology: 'terminology' };
const NAME = 'casework/report';
const SHOTS = process.env['HEARBACK_TEST_SCREENSHOTS'];

let door: ConsoleDoor;
let sample = '';
beforeAll(async () => {
  const read = await readLibrary(DIRECTORIES, diskIo({}), { names: new Set([NAME]) });
  if (read === undefined) throw new Error('the shipped mappings are there');
  const [one] = read.library.files.filter(
    ({ file }) => file.startsWith('casework/report.') && file.endsWith('.case.yaml'),
  );
  expect(one).toBeDefined();
  door = await openConsoleDoor({ library: read.library });
  sample = JSON.stringify({ event: 'nothing that is known', note: ATTACK });
});
afterAll(() => door.stop());

describe('trying a mapping', () => {
  const trying = (text: string, limits = {}) => tryMapping({ directories: DIRECTORIES, name: NAME, text }, limits);

  it('gives result, receipt and issues; says where a text cannot be read; and ends what takes too long', async () => {
    const [run, broken, none, late] = await Promise.all([
      trying(sample),
      trying('{ "a": \n  oops }'),
      tryMapping({ directories: DIRECTORIES, name: 'no/such', text: '{}' }),
      trying('{}', { readMs: 1 }),
    ]);
    expect(run).toMatchObject({
      kind: 'run',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      receipt: { mapping: { name: NAME } },
    });
    expect(broken).toMatchObject({ kind: 'unreadable', findings: [{ place: { line: 2 } }] });
    expect(none).toMatchObject({ kind: 'no-mapping' });
    expect(late).toEqual({ kind: 'too-long' });
  }, 120_000);
});

describe('pages of mappings', () => {
  it('list what is in use, with versions and what the cases show', async () => {
    const browser = await door.signedIn('eve', { roles: ['engineer'] });
    expect((await browser.get('/console/mappings')).text).toContain('/console/mappings/casework%2Freport');
    const page = await browser.get('/console/mappings/casework%2Freport');
    expect(page.text).toMatch(/What its cases show: \d+ of \d+ parts/);
    expect((await browser.get('/console/mappings/no%2Fsuch')).status).toBe(404);
  });

  it('take a recorded message only once this session has asked to see it, and the look is an entry', async () => {
    await door.record.receive(message('m9', { body: new TextEncoder().encode(`{"note":"Mary"}`) }), changes());
    const browser = await door.signedIn('eve', { roles: ['engineer'] });
    expect((await browser.get('/console/workbench?message=m9')).text).not.toContain('Mary');
    await browser.get('/console/messages/m9');
    await browser.post('/console/messages/m9/unmask', { reason: 'incident', note: '', back: '/console/messages/m9' });
    expect((await browser.get('/console/workbench?message=m9')).text).toContain('Mary');
    const looks = await door.record.journal({ kind: 'message.read', limit: 10 });
    expect(looks.at(-1)).toMatchObject({ actor: 'user:eve', message: 'm9', detail: { page: 'workbench' } });
  });

  it('refuse what is too long, nothing, or for no mapping', async () => {
    const browser = await door.signedIn('eve', { roles: ['engineer'] });
    await browser.get('/console/workbench');
    const ask = async (fields: Record<string, string>) => (await browser.post('/console/workbench', fields)).status;
    expect(await ask({ mapping: NAME, text: 'x'.repeat(262_145) })).toBe(422);
    expect(await ask({ mapping: NAME, text: ' ' })).toBe(422);
    expect(await ask({ mapping: '../../etc/passwd', text: '{}' })).toBe(422);
    expect(await ask({ mapping: NAME, text: 'x'.repeat(1_100_000) })).toBe(413);
  });

  it('show nothing as markup', () => {
    const frame: Frame = {
      ...{ nonce: 'n', assets: '/x/', navigation: [], formToken: 't', here: '/console' },
      madeAt: '2026-11-26T08:00:00.000Z',
    };
    const rule = { file: 'f', line: 1, column: 2, written: 'w' };
    const tried = viewTried({
      ...{ kind: 'run', version: 1, digest: 'd', unmapped: [{ map: 'm', system: 's', code: 'c', element: 'e' }] },
      findings: [{ severity: 'error', rule: 'r', place: { file: 'f', expression: 'e' }, message: 'm', remedy: 'r' }],
      result: [{ contentType: 'application/json', text: '{"a":1}' }],
      receipt: {
        mapping: { name: 'n', version: 1, digest: 'd' },
        input: [
          {
            element: 'e',
            fate: 'kept',
            to: [{ pointer: 'p', fate: 'kept', rule }],
            translations: [{ map: 'm', equivalence: 'e' }],
          },
        ],
        result: [{ pointer: 'p', from: [], rule }],
        totals: { kept: 1, renamed: 0, translated: 0, narrowed: 0, decided: 0, dropped: 0, invented: 1 },
      },
    });
    const shown = [
      ['workbench', { mappings: [{ value: 'v', text: 't' }], text: 't', problems: [], tried }],
      ['mappings', { mappings: [{ name: 'n', href: 'h', version: 'v', from: 'f', to: 't', discloses: ['d'] }] }],
      [
        'mapping',
        {
          found: { version: 'v', digest: 'd', discloses: ['d'] },
          versions: [{ version: 'v', digest: 'd' }],
          coverage: { neverMade: [{ at: 'a', written: 'w' }], neverRead: ['n'] },
        },
      ],
    ] as const;
    for (const [view, model] of shown) {
      const html = renderPage({ view, title: 'x', model: attacked(model) }, frame);
      expect(html).toContain('&lt;script&gt;');
      expect(worksIn(html)).toEqual([]);
    }
  });
});

describeInChromium('an engineer who tries a mapping', (browser) => {
  it.each([
    ['with JavaScript', true],
    ['without', false],
  ])(
    'does it %s',
    async (_, javaScriptEnabled) => {
      await door.account('eve', { roles: ['engineer'] });
      const context = await browser().newContext({ javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(`${door.url}/console`);
      await page.getByLabel('Name').fill('eve');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Mappings', exact: true }).click();
      await page.getByRole('link', { name: 'Try a mapping on a message' }).click();
      await page.getByLabel('Mapping', { exact: true }).selectOption(NAME);
      await page.getByLabel('Message', { exact: true }).fill(sample);
      await page.getByRole('button', { name: 'Try it' }).click({ timeout: 60_000 });
      await page.getByText('Receipt:').waitFor({ timeout: 60_000 });
      expect(await page.getByText('the one in use').count()).toBe(1);
      expect(await page.title()).toContain('Workbench');
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `workbench-${javaScriptEnabled}.png`), fullPage: true });
      }
      expect(JSON.stringify(await door.record.journal({ limit: 1_000 }))).not.toContain('nothing that is known');
      await context.close();
    },
    120_000,
  );
});
