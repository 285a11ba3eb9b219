import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../../docker/simulators/free-port.ts';
import { openIdConnect } from '../../../src/console/sign-in/open-id.ts';
import type { Browser } from '../../fixtures/console/browser-by-hand.ts';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../../fixtures/console/console-door.ts';
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../../fixtures/console/identity-provider.ts';

const USERS = {
  ada: { preferred_username: 'ada@riverside.example', roles: ['hearback-readers', 'everybody'] },
  bea: { preferred_username: 'bea', roles: ['hearback-office'], practices: ['riverside'] },
  cid: { preferred_username: 'cid', roles: ['everybody'] },
  'sub-4711': { preferred_username: 'Dora <b>"D"</b>', roles: ['hearback-readers'] },
};
const ROLES = { auditor: ['hearback-readers'], engineer: [], operator: ['hearback-office'] };

describe('signing in at a service of OpenID Connect', () => {
  let provider: IdentityProvider;
  let door: ConsoleDoor;

  const settings = () => ({
    ...{ issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, local: true, roles: ROLES },
    ...{
      nameClaim: 'preferred_username',
      rolesClaim: 'roles',
      scope: 'openid profile',
      address: 'http://console.test/console',
    },
  });

  beforeAll(async () => {
    // It warns at length that it is not set up for real users.
    for (const name of ['warn', 'info'] as const) jest.spyOn(console, name).mockImplementation(() => undefined);
    provider = await startIdentityProvider(USERS, ['http://console.test/console/sign-in/return']);
    door = await openConsoleDoor({ parts: { openId: openIdConnect(settings()) } });
  });
  afterAll(async () => {
    await door.stop();
    await provider.stop();
    jest.restoreAllMocks();
  });

  /** Goes there, signs in as this user, and gives the way back with what the service answered. */
  const sentBack = async (browser: Browser, user: string, next = ''): Promise<string> => {
    const start = await browser.get(`/console/sign-in/start${next}`);
    expect(start.status).toBe(303);
    const url = new URL(await provider.walk(start.location ?? '', user));
    return `${url.pathname}${url.search}`;
  };
  const lastEntry = async (kind: string) => (await door.record.journal({ kind, limit: 99 })).at(-1);

  it('lets in whom the service names, with the roles that their groups give, at the page that was asked for', async () => {
    const browser = door.visitor();
    const first = await browser.get('/console/loops');
    const page = await browser.get(first.location ?? '');
    expect(page.text).not.toContain('name="password"');
    const href = /href="(\/console\/sign-in\/start[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(href).toBe('/console/sign-in/start?next=%2Fconsole%2Floops');
    const back = await browser.get(await sentBack(browser, 'ada', '?next=%2Fconsole%2Floops'));
    expect([back.status, back.location]).toEqual([303, '/console/loops']);
    expect((await browser.get('/console')).text).toContain('ada@riverside.example (auditor)');
    expect(await lastEntry('user.signed-in')).toMatchObject({
      actor: 'user:ada@riverside.example',
      detail: { how: 'open-id' },
    });
    const line = back.setCookies.find((one) => one.startsWith('hearback-session=')) ?? '';
    // Strict would not be shown to the page that the service sends the browser on to.
    expect(line.replace(/=[A-Za-z0-9_-]{43};/, '=…;')).toBe('hearback-session=…; Path=/; HttpOnly; SameSite=Lax');
    expect(browser.cookies.has('hearback-open-id')).toBe(false);
  });

  it('asks with PKCE, a nonce and a state', async () => {
    const url = new URL((await door.visitor().get('/console/sign-in/start')).location ?? '');
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', client_id: CLIENT.id });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]?.length).toBeGreaterThanOrEqual(43);
  });

  it('takes a name that could be anything for none: then the user is who the service numbers', async () => {
    const browser = door.visitor();
    await browser.get(await sentBack(browser, 'sub-4711'));
    expect((await browser.get('/console')).text).toContain('sub-4711 (auditor)');
  });

  it('turns away whom it knows without a role, and says so to them and the log', async () => {
    const browser = door.visitor();
    const page = await browser.get(await sentBack(browser, 'cid'));
    expect([page.status, page.text.includes('no role for this console')]).toEqual([403, true]);
    expect(browser.cookies.has('hearback-session')).toBe(false);
    expect(await lastEntry('user.sign-in-failed')).toMatchObject({ actor: 'user:cid', detail: { outcome: 'no-role' } });
  });

  it('turns away an answer that another browser fetched, an old one, a forged one and a refusal', async () => {
    const owner = door.visitor();
    const answer = await sentBack(owner, 'ada');
    const other = door.visitor();
    await other.get('/console/sign-in/start');
    const state = new URL(answer, 'http://x').searchParams.get('state');
    const forged = door.visitor();
    await sentBack(forged, 'ada');
    for (const [browser, path] of [
      [door.visitor(), answer],
      [other, answer],
      [owner, answer.replace(/code=[^&]+/, 'code=forged')],
      [owner, `/console/sign-in/return?error=access_denied&state=${state}`],
      [owner, '/console/sign-in/return'],
      [forged, `/console/sign-in/return?code=x&state=${Buffer.from('/console').toString('base64url')}`],
    ] as const) {
      const page = await browser.get(path);
      expect([path.slice(0, 40), page.status, browser.cookies.has('hearback-session')]).toEqual([
        path.slice(0, 40),
        403,
        false,
      ]);
    }
    const again = door.visitor();
    const once = await sentBack(again, 'ada');
    expect((await again.get(once)).status).toBe(303);
    expect((await again.get(once)).status).toBe(403);
  });

  it('never leads elsewhere afterwards', async () => {
    const browser = door.visitor();
    const back = await browser.get(await sentBack(browser, 'ada', '?next=https%3A%2F%2Fevil.example'));
    expect(back.location).toBe('/console');
  });

  it('leaves no second door: a password opens nothing', async () => {
    await door.account('eve', { roles: ['auditor'] });
    const browser = door.visitor();
    // The form token of a page that would have had the form.
    await browser.get('/console/sign-in');
    const page = await browser.post('/console/sign-in', { name: 'eve', password: PASSWORD });
    expect([page.status === 404 || page.status === 403, browser.cookies.has('hearback-session')]).toEqual([
      true,
      false,
    ]);
  });

  it('limits to partners whom the service says, and shows nothing to whom it names none', async () => {
    const own = await openConsoleDoor({
      parts: { openId: openIdConnect({ ...settings(), partnersClaim: 'practices' }) },
    });
    try {
      const partnersOf = async (user: string) => {
        const browser = own.visitor();
        const start = await browser.get('/console/sign-in/start');
        const url = new URL(await provider.walk(start.location ?? '', user));
        await browser.get(`${url.pathname}${url.search}`);
        return (await browser.get('/console')).text;
      };
      const bea = await partnersOf('bea');
      expect([bea.includes('Riverside Surgery'), bea.includes('Elm Tree')]).toEqual([true, false]);
      const ada = await partnersOf('ada');
      expect([
        ada.includes('ada@riverside.example'),
        ada.includes('Riverside Surgery'),
        ada.includes('Elm Tree'),
      ]).toEqual([true, false, false]);
    } finally {
      await own.stop();
    }
  });

  it('says that the service does not answer, and lets in again when it does', async () => {
    const openId = openIdConnect({ ...settings(), issuer: `http://127.0.0.1:${await freePort()}` });
    const own = await openConsoleDoor({ parts: { openId } });
    try {
      const page = await own.visitor().get('/console/sign-in/start');
      expect([page.status, page.text.includes('does not answer now')]).toEqual([503, true]);
    } finally {
      await own.stop();
    }
  });
});

describe('signing in elsewhere, where nothing is set up', () => {
  it('is no page', async () => {
    const door = await openConsoleDoor();
    try {
      for (const path of ['/console/sign-in/start', '/console/sign-in/return?code=x&state=y']) {
        expect([path, (await door.visitor().get(path)).status]).toEqual([path, 404]);
      }
    } finally {
      await door.stop();
    }
  });
});
