import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessOf, judgeAccess, ROUTE_NAMES, type RouteAccess, type RouteName } from '../../../src/console/access.ts';
import { ALL_PAGES } from '../../../src/console/pages/all-pages.ts';
import { CONSOLE_ROLES, type Standing } from '../../../src/ports-console.ts';
import type { Browser, Page } from '../../fixtures/console/browser-by-hand.ts';
import { type ConsoleDoor, openConsoleDoor } from '../../fixtures/console/console-door.ts';
import { fillForPages, PAGE_ROUTES, PAGE_SAMPLES } from '../../fixtures/console/page-samples.ts';
import { plainPages, somePath } from '../../fixtures/console/plain-pages.ts';

/** Everybody who may stand before the console: every role by itself, with and without limits, no role, and all. */
const STANDINGS: Readonly<Record<string, Standing>> = {
  ...Object.fromEntries(CONSOLE_ROLES.map((role) => [`the-${role}`, { roles: [role] }])),
  ...Object.fromEntries(CONSOLE_ROLES.map((role) => [`limited-${role}`, { roles: [role], partners: ['riverside'] }])),
  everything: { roles: CONSOLE_ROLES },
};

describe('every route of the table, as everybody', () => {
  let door: ConsoleDoor;
  const reached: string[] = [];
  const browsers = new Map<string, Browser>();

  beforeAll(async () => {
    door = await openConsoleDoor({ pages: { ...plainPages(reached), ...signInOnly() } });
    for (const [name, standing] of Object.entries(STANDINGS)) browsers.set(name, await door.signedIn(name, standing));
  });
  afterAll(() => door.stop());

  const ask = async (browser: Browser, name: RouteName, headers: Readonly<Record<string, string>> = {}) => {
    reached.length = 0;
    const { method } = accessOf(name);
    return method === 'GET' ? browser.get(somePath(name), headers) : browser.post(somePath(name), {}, headers);
  };
  const behindSignIn = ROUTE_NAMES.filter((name) => accessOf(name).roles !== 'anyone' && name !== 'signOut');

  it.each(behindSignIn)('%s: as its entry says, and for nobody else', async (name) => {
    for (const [who, standing] of Object.entries(STANDINGS)) {
      const browser = browsers.get(who);
      if (browser === undefined) throw new Error(who);
      const page = await ask(browser, name);
      const isAllowed = judgeAccess(accessOf(name), standing) === 'allowed';
      expect([who, name, outcomeOf(page, name), [...reached]]).toEqual([
        who,
        name,
        isAllowed ? 'reached' : 'forbidden',
        isAllowed ? [name] : [],
      ]);
    }
  });

  it.each(behindSignIn)(
    '%s: not for a stranger, nor with a partner’s token, nor with a cookie that was made up',
    async (name) => {
      const strangers: readonly Readonly<Record<string, string>>[] = [
        {},
        { authorization: 'Bearer riverside-token-for-tests-0123456789' },
        { authorization: `Basic ${Buffer.from('the-auditor:x').toString('base64')}` },
        { cookie: `hearback-session=${'A'.repeat(43)}` },
        { cookie: 'hearback-session=the-auditor; hearback-session=' },
      ];
      for (const headers of strangers) {
        const page = await ask(door.visitor(), name, headers);
        expect([name, headers, outcomeOf(page, name), [...reached]]).toEqual([name, headers, 'sign in first', []]);
      }
    },
  );

  it('writes down who asked for what is not theirs', async () => {
    const refused = await door.record.journal({ kind: 'user.refused', limit: 1_000 });
    const expected = behindSignIn.flatMap((name) =>
      Object.entries(STANDINGS).flatMap(([who, standing]) =>
        judgeAccess(accessOf(name), standing) === 'forbidden' ? [`user:${who} ${name}`] : [],
      ),
    );
    expect(refused.map(({ actor, detail }) => `${actor} ${detail['page']}`).sort()).toEqual(expected.sort());
  });
});

describe('the table', () => {
  const entries: readonly (readonly [RouteName, RouteAccess])[] = ROUTE_NAMES.map((name) => [name, accessOf(name)]);

  it('lets no auditor change anything but their own session', () => {
    const changing = entries.filter(([, { changes }]) => changes === 'road');
    for (const [name, { roles }] of changing) {
      expect([name, Array.isArray(roles) && !roles.includes('auditor')]).toEqual([name, true]);
    }
  });

  it('opens to everybody only what is needed to sign in', () => {
    const open = entries.filter(([, { roles }]) => roles === 'anyone');
    expect(open.map(([name, { shows }]) => [name, shows])).toEqual(open.map(([name]) => [name, 'nothing']));
    const OPEN = ['asset', 'signIn', 'trySignIn', 'openIdStart', 'openIdReturn'];
    expect(open.map(([name]) => name).filter((name) => !OPEN.includes(name))).toEqual([]);
  });

  it('has no two routes for one address', () => {
    const addresses = entries.map(([, { method, path }]) => `${method} ${path.replace(/:[a-z]+/gi, ':')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('puts no patient data on a page that anybody but a signed-in user sees', () => {
    for (const [name, { shows, roles }] of entries) {
      if (shows !== 'nothing') expect([name, roles === 'anyone']).toEqual([name, false]);
    }
  });
});

describe('an account that is limited to partners', () => {
  let door: ConsoleDoor;
  let stranger: Browser;

  beforeAll(async () => {
    door = await openConsoleDoor();
    await fillForPages(door);
    stranger = await door.signedIn('stranger', { roles: CONSOLE_ROLES, partners: ['riverside'] });
  });
  afterAll(() => door.stop());

  it.each(PAGE_ROUTES.filter((name) => name !== 'asset'))('%s: shows nothing of anybody else’s', async (name) => {
    const path = PAGE_SAMPLES[name](door);
    const page = await stranger.get(path);
    const { limited } = accessOf(name);
    if (limited === 'closed') expect([name, page.status]).toEqual([name, 403]);
    // Its own address is what was asked for: that is no news.
    const told = page.text.replaceAll(path, '');
    expect([name, /\b(?:[a-z]+2?-)?r000\d\d\b/.exec(told)?.[0], /elm-tree|Elm Tree/.exec(told)?.[0]]).toEqual([
      name,
      undefined,
      undefined,
    ]);
  });
});

function outcomeOf(page: Page, name: RouteName): string {
  if (page.status === 200 && page.text.includes(`reached ${name}`)) return 'reached';
  if (page.status === 403 && !page.text.includes('reached')) return 'forbidden';
  if (page.status === 303 && page.location?.startsWith('/console/sign-in')) return 'sign in first';
  return `${page.status} ${page.location}`;
}

function signInOnly() {
  const { signIn, trySignIn } = ALL_PAGES;
  return { signIn, trySignIn };
}
