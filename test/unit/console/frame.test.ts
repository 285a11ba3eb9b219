import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Asked, Handlers } from '../../../src/console/page.ts';
import { ALL_PAGES } from '../../../src/console/pages/all-pages.ts';
import type { Browser } from '../../fixtures/console/browser-by-hand.ts';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../../fixtures/console/console-door.ts';
import { fillForPages } from '../../fixtures/console/page-samples.ts';

describe('the frame around every page', () => {
  let door: ConsoleDoor;
  let anna: Browser;

  beforeAll(async () => {
    door = await openConsoleDoor();
    await fillForPages(door);
    anna = await door.signedIn('anna', { roles: ['auditor', 'operator'] });
  });
  afterAll(() => door.stop());

  it('lets nothing be kept, framed, sniffed or loaded from elsewhere', async () => {
    for (const path of ['/console', '/console/sign-in', '/console/nowhere']) {
      const { headers } = await anna.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
  });

  it('gives a new nonce with each answer, and the one inline script that one', async () => {
    const [one, other] = [await anna.get('/console'), await anna.get('/console')];
    const nonceOf = (page: typeof one) =>
      /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1];
    expect(nonceOf(one)).not.toBe(nonceOf(other));
    expect(one.text).toContain(`nonce="${nonceOf(one)}"`);
  });

  describe('cookies', () => {
    it('are for the server alone, for this site alone, and gone with the browser', async () => {
      const page = await door.visitor().signIn('anna', PASSWORD);
      const line = page.setCookies.find((one) => one.startsWith('hearback-session=')) ?? '';
      expect(line.replace(/=[A-Za-z0-9_-]{43};/, '=…;')).toBe('hearback-session=…; Path=/; HttpOnly; SameSite=Strict');
    });

    it('are bound to TLS and this host where the browser speaks TLS', async () => {
      const own = await openConsoleDoor({ rules: { secure: true } });
      try {
        await own.account('anna', { roles: ['auditor'] });
        const page = await own.visitor().signIn('anna', PASSWORD);
        const line = page.setCookies.find((one) => one.includes('session=')) ?? '';
        expect(line.replace(/=[A-Za-z0-9_-]{43};/, '=…;')).toBe(
          '__Host-hearback-session=…; Path=/; HttpOnly; Secure; SameSite=Strict',
        );
      } finally {
        await own.stop();
      }
    });
  });

  describe('a form', () => {
    const unmask = (
      browser: Browser,
      fields: Readonly<Record<string, string>>,
      headers: Readonly<Record<string, string>> = {},
    ) => browser.post('/console/loops/r00001/unmask', { reason: 'audit', back: '/console', ...fields }, headers);

    it('from a page of ours does what it says', async () => {
      expect((await unmask(anna, {})).status).toBe(303);
    });

    it('without its token, or with that of another session, does nothing', async () => {
      const before = (await door.record.journal({ kind: 'patient.unmasked', limit: 99 })).length;
      const other = await door.signedIn('ben', { roles: ['auditor'] });
      const foreign = /name="form" value="([^"]+)"/.exec((await other.get('/console')).text)?.[1] ?? '';
      for (const form of ['', 'x', foreign, `${foreign}x`, 'A'.repeat(43)]) {
        expect([form, (await unmask(anna, { form })).status]).toEqual([form, 403]);
      }
      expect(await door.record.journal({ kind: 'patient.unmasked', limit: 99 })).toHaveLength(before);
    });

    it.each([
      ['another origin', { origin: 'https://evil.example' }],
      ['no origin that it may say', { origin: 'null' }],
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['a neighbour on the same site', { 'sec-fetch-site': 'same-site' }],
      ['nowhere that it may say', { 'sec-fetch-site': 'none' }],
    ])('from %s does nothing, even with its token', async (_what, headers) => {
      await anna.get('/console');
      expect((await unmask(anna, {}, headers)).status).toBe(403);
    });

    it('is ours behind a proxy as well, where the proxy says what the browser asked for', async () => {
      const own = await openConsoleDoor({ rules: { secure: true } });
      try {
        await own.account('anna', { roles: ['auditor'] });
        const browser = own.visitor();
        const signIn = async (headers: Readonly<Record<string, string>>) => {
          await browser.get('/console/sign-in');
          const fields = { name: 'anna', password: PASSWORD };
          return (await browser.post('/console/sign-in', fields, { origin: 'https://hearback.example', ...headers }))
            .status;
        };
        expect(await signIn({})).toBe(403);
        expect(await signIn({ 'x-forwarded-host': 'evil.example' })).toBe(403);
        expect(await signIn({ 'x-forwarded-host': 'hearback.example' })).toBe(303);
      } finally {
        await own.stop();
      }
    });

    it('to sign in is bound to a cookie too: nobody is signed in by somebody else’s page', async () => {
      const attacker = door.visitor();
      const token = /name="form" value="([^"]+)"/.exec((await attacker.get('/console/sign-in')).text)?.[1] ?? '';
      const victim = door.visitor();
      const page = await victim.post('/console/sign-in', { name: 'anna', password: PASSWORD, form: token });
      expect([page.status, victim.cookies.has('hearback-session')]).toEqual([403, false]);
    });

    it('of another kind than a form is none', async () => {
      await anna.get('/console');
      expect((await unmask(anna, {}, { 'content-type': 'application/json' })).status).toBe(403);
    });

    it('that is too long is refused before it is read', async () => {
      expect((await unmask(anna, { note: 'x'.repeat(70_000) })).status).toBe(413);
    });
  });

  describe('unmasking', () => {
    it('needs a reason, is written down with it, and ends after a quarter of an hour', async () => {
      const browser = await door.signedIn('clara', { roles: ['operator'] });
      await browser.post('/console/loops/r00002/unmask', { back: '/console' });
      expect((await browser.get('/console')).text).toContain('Choose a reason');
      // Said once.
      expect((await browser.get('/console')).text).not.toContain('Choose a reason');
      await browser.post('/console/loops/r00002/unmask', {
        reason: 'chasing',
        note: 'rang them',
        back: '//evil.example',
      });
      const entries = await door.record.journal({ kind: 'patient.unmasked', referral: 'r00002', limit: 9 });
      expect(entries).toMatchObject([{ actor: 'user:clara', detail: { purpose: 'chasing', reason: 'rang them' } }]);
      expect(door.logged.join()).not.toContain('rang them');
    });

    it('says of a loop that is somebody else’s what it says of one that is not there', async () => {
      const limited = await door.signedIn('dan', { roles: ['operator'], partners: ['riverside'] });
      const answers = [];
      for (const id of ['r00001', 'r99999']) {
        const page = await limited.post(`/console/loops/${id}/unmask`, { reason: 'audit' });
        answers.push([page.status, page.text.replace(/"[^"]*"/g, '')]);
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]?.[0]).toBe(404);
    });
  });

  describe('static files', () => {
    it('are served by their names, to be kept', async () => {
      const page = await anna.get(door.files.pathOf('nhsuk-frontend.css'));
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
      expect(page.headers.get('cache-control')).toContain('immutable');
      expect(page.text).not.toMatch(/https?:\/\/assets/);
      const icon = /url\((\/console\/static\/[^)]+)\)/.exec(page.text)?.[1] ?? '';
      expect([icon, (await anna.get(icon)).status]).toEqual([icon, 200]);
    });

    it.each([
      '../../package.json',
      '..%2f..%2fpackage.json',
      '..%5c..%5cpackage.json',
      '%2e%2e/%2e%2e/package.json',
      'images/../../../package.json',
      '/etc/passwd',
      '%00',
      'console.css%00.txt',
      'constructor',
      '__proto__',
      'images',
    ])('are no way to any other file: %s', async (path) => {
      const base = door.files.pathOf('x').slice(0, -1);
      const { status, text } = await raw(`${door.url}`, `${base}${path}`);
      expect([path, status === 404 || status === 400, text.includes('"version"')]).toEqual([path, true, false]);
    });
  });

  it('says nothing of a fault of ours but an id, which the log has too, and no message of it', async () => {
    const pages: Handlers = { ...ALL_PAGES, overview: failing };
    const own = await openConsoleDoor({ pages });
    try {
      const browser = await own.signedIn('anna', { roles: ['auditor'] });
      const page = await browser.get('/console');
      expect(page.status).toBe(500);
      const id = /<code>([^<]+)<\/code>/.exec(page.text)?.[1] ?? '';
      expect(id).not.toBe('');
      expect(own.logged.join()).toContain(id);
      for (const text of [page.text, own.logged.join()]) expect(text).not.toContain('9990000018');
      expect(page.text).not.toContain('.ts');
    } finally {
      await own.stop();
    }
  });

  it('shows no patient without an entry, whatever a page forgets', async () => {
    const looks = [{ kind: 'patient.read', referral: 'r00001' }] as const;
    const show = (more: object) => () =>
      ({ kind: 'page', view: 'refused', title: 'x', model: { text: 'Amira' }, ...more }) as const;
    const own = await openConsoleDoor({ pages: { ...ALL_PAGES, overview: show({ looks }) } });
    try {
      // Its entry in the table says that the overview shows codes and no patients.
      const page = await (await own.signedIn('anna', { roles: ['auditor'] })).get('/console');
      expect([page.status, page.text.includes('Amira')]).toEqual([500, false]);
    } finally {
      await own.stop();
    }
  });

  it('puts nothing that came with a request into a header', async () => {
    for (const path of ['/console/x%0d%0aset-cookie:%20a=b', '/console/loops/%0d%0aset-cookie:a=b/unmask']) {
      const page = await door.visitor().get(path);
      expect(page.setCookies.join()).not.toContain('a=b');
      expect(page.location ?? '').not.toMatch(/[\r\n]/);
    }
  });

  it('answers an address that does not decode with a page', async () => {
    const { status, text } = await raw(door.url, '/console/loops/%ff/unmask');
    expect([status, text.includes('cannot be read'), text.includes('%ff')]).toEqual([400, true, false]);
  });
});

function failing(_asked: Asked): never {
  throw new Error('the NHS number 9990000018 cannot be shown');
}

/** As it is written: `fetch` would take the dots out of a path before it asks. */
function raw(url: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asking.on('error', reject).end();
  });
}
