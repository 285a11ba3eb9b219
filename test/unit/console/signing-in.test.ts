import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { disableAccount, resetAccount } from '../../../src/console/accounts.ts';
import { unfitWords } from '../../../src/core/audit/detail-words.ts';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../../fixtures/console/console-door.ts';

const MINUTE = 60_000;

describe('signing in', () => {
  let door: ConsoleDoor;

  beforeAll(async () => {
    door = await openConsoleDoor();
    for (const name of ['anna', 'ben', 'carl', 'dora', 'erin']) await door.account(name, { roles: ['auditor'] });
  });
  // All of it comes from one address: what one test did wrong must be forgotten before the next.
  beforeEach(() => door.clock.pass(25 * 60 * MINUTE));
  afterAll(() => door.stop());

  const entriesOf = async (kind: string) => door.record.journal({ kind, limit: 1_000 });

  it('leads to the page that was asked for first', async () => {
    const browser = door.visitor();
    const first = await browser.get('/console');
    expect([first.status, first.location]).toEqual([303, '/console/sign-in?next=%2Fconsole']);
    const signedIn = await browser.signIn(' Anna ', PASSWORD, '/console');
    expect([signedIn.status, signedIn.location]).toEqual([303, '/console']);
    const page = await browser.get('/console');
    expect([page.status, page.text.includes('anna (auditor)')]).toEqual([200, true]);
    expect(await entriesOf('user.signed-in')).toMatchObject([{ actor: 'user:anna', detail: { how: 'password' } }]);
  });

  it.each([
    ['https://evil.example/'],
    ['//evil.example/console'],
    ['/\\evil.example'],
    ['/console/../fhir/metadata'],
    ['/console/%2e%2e/fhir'],
    ['/console/loops/%2e%2E/x'],
    ['/console@evil.example'],
    ['/consolexyz'],
    ['javascript:alert(1)'],
    ['/console\r\nset-cookie: a=b'],
    ['/console/sign-in'],
    ['/console/nowhere'],
  ])('never leads elsewhere: %j', async (next) => {
    const signedIn = await door.visitor().signIn('anna', PASSWORD, next);
    expect([signedIn.status, signedIn.location]).toEqual([303, '/console']);
    expect(signedIn.headers.get('set-cookie')).not.toContain('a=b');
  });

  it('begins a session of its own: what the browser held before is worth nothing afterwards', async () => {
    const browser = door.visitor();
    const planted = 'A'.repeat(43);
    browser.cookies.set('hearback-session', planted);
    await browser.signIn('anna', PASSWORD);
    const held = browser.cookies.get('hearback-session');
    expect(held).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(held).not.toBe(planted);
    const other = door.visitor();
    other.cookies.set('hearback-session', planted);
    expect((await other.get('/console')).status).toBe(303);
  });

  it('says the same of a wrong password, an unknown name and a disabled account', async () => {
    await disableAccount('dora', { record: door.record, by: 'user:test', now: door.clock.now() });
    const tries = [
      ['ben', 'wrong-password-entirely'],
      ['nobody-at-all', PASSWORD],
      ['dora', PASSWORD],
      ["' or 1=1 --", ''],
    ] as const;
    const told = [];
    for (const [name, password] of tries) {
      const page = await door.visitor().signIn(name, password);
      told.push([page.status, page.text.replace(/name="form" value="[^"]*"|nonce="[^"]*"/g, ''), page.location]);
    }
    for (const one of told) expect(one).toEqual(told[0]);
    expect(told[0]?.[0]).toBe(422);
    const failed = await entriesOf('user.sign-in-failed');
    expect(failed.map(({ actor, detail }) => [actor, detail['outcome']])).toEqual([
      ['user:ben', 'wrong-password'],
      ['hearback', 'unknown-name'],
      ['user:dora', 'disabled'],
      ['hearback', 'unknown-name'],
    ]);
    expect(JSON.stringify(failed)).not.toContain('nobody-at-all');
  });

  it('waits longer and longer after five failures, for names that nobody has as well, and is forgiven when it succeeds', async () => {
    for (const name of ['carl', 'no-such-name']) {
      const browser = door.visitor();
      for (let tries = 1; tries <= 5; tries += 1) {
        expect([name, tries, (await browser.signIn(name, `wrong-${tries}`)).status]).toEqual([name, tries, 422]);
      }
      const locked = await browser.signIn(name, PASSWORD);
      expect([name, locked.status, /Try again in [^.]*/.exec(locked.text)?.[0]]).toEqual([
        name,
        429,
        'Try again in 30 seconds',
      ]);
      door.clock.pass(31_000);
      expect((await browser.signIn(name, 'wrong-6')).status).toBe(422);
      expect((await browser.signIn(name, PASSWORD)).text).toContain('Try again in 1 minute');
      door.clock.pass(MINUTE + 1);
    }
    const browser = door.visitor();
    expect((await browser.signIn('carl', PASSWORD)).status).toBe(303);
    expect((await browser.signIn('carl', 'wrong')).status).toBe(422);
    expect((await browser.signIn('carl', PASSWORD)).status).toBe(303);
    const locks = await entriesOf('user.locked-out');
    expect(locks.map(({ actor, detail }) => [actor, detail['kind']])).toEqual([
      ['user:carl', 'name'],
      ['user:carl', 'name'],
      ['hearback', 'name'],
      ['hearback', 'name'],
    ]);
  });

  it('counts attempts that are made all at once', async () => {
    const browsers = await Promise.all(
      Array.from({ length: 12 }, async (_, number) => {
        const browser = door.visitor();
        await browser.get('/console/sign-in');
        return () => browser.post('/console/sign-in', { name: 'erin', password: `wrong-${number}` });
      }),
    );
    const answers = (await Promise.all(browsers.map((attempt) => attempt()))).map(({ status }) => status);
    const looked = (await entriesOf('user.sign-in-failed')).filter(({ actor }) => actor === 'user:erin');
    expect(looked.length).toBeLessThanOrEqual(5);
    expect(answers.filter((status) => status === 422)).toHaveLength(looked.length);
    expect(answers.filter((status) => status !== 422 && status !== 429 && status !== 503)).toEqual([]);
  });

  it('is made to wait by address as well, whatever names are tried', async () => {
    const own = await openConsoleDoor();
    try {
      const browser = own.visitor();
      const statuses: number[] = [];
      for (let tries = 0; tries < 22; tries += 1) statuses.push((await browser.signIn(`name-${tries}`, 'x')).status);
      expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 422));
      expect(statuses.slice(20)).toEqual([429, 429]);
    } finally {
      await own.stop();
    }
  });

  it('ends when it is told to, and the old cookie opens nothing', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    const held = browser.cookies.get('hearback-session') ?? '';
    const out = await browser.post('/console/sign-out');
    expect([out.status, out.location, browser.cookies.has('hearback-session')]).toEqual([
      303,
      '/console/sign-in',
      false,
    ]);
    browser.cookies.set('hearback-session', held);
    expect((await browser.get('/console')).status).toBe(303);
  });

  it('lasts while it is used, ends after a quarter of an hour without, and after ten hours in any case', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    for (let passed = 0; passed < 10 * 60 - 14; passed += 14) {
      door.clock.pass(14 * MINUTE);
      expect([passed, (await browser.get('/console')).status]).toEqual([passed, 200]);
    }
    door.clock.pass(14 * MINUTE);
    expect((await browser.get('/console')).status).toBe(303);
    const again = await door.signedIn('anna', { roles: ['auditor'] });
    door.clock.pass(15 * MINUTE + 1);
    expect((await again.get('/console')).status).toBe(303);
    const ends = (await entriesOf('user.signed-out')).map(({ detail }) => detail['how']);
    expect(ends.slice(-2)).toEqual(['limit', 'idle']);
  });

  it('is over when the account is changed', async () => {
    const change = { record: door.record, by: 'user:test', now: door.clock.now() };
    const [one, other] = [
      await door.signedIn('ben', { roles: ['auditor'] }),
      await door.signedIn('anna', { roles: ['auditor'] }),
    ];
    await resetAccount('ben', 'another-long-enough-one', change);
    expect((await one.get('/console')).status).toBe(303);
    expect((await other.get('/console')).status).toBe(200);
    expect((await door.visitor().signIn('ben', PASSWORD)).status).toBe(422);
    expect((await door.visitor().signIn('ben', 'another-long-enough-one')).status).toBe(303);
  });

  it('leaves in the record nothing that would let anybody in, and in the log nothing but ids and codes', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    const held = browser.cookies.get('hearback-session') ?? '';
    const entries = await door.record.journal({ limit: 10_000 });
    const accounts = await door.record.consoleAccounts();
    const all = JSON.stringify([entries, accounts, door.logged]);
    for (const secret of [held, PASSWORD]) expect(all).not.toContain(secret);
    expect(await door.record.consoleSession(held)).toBeUndefined();
    for (const { password } of accounts) expect(password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(
      entries.flatMap(({ actor, kind, detail }) => unfitWords(actor, detail).map((word) => `${kind} ${word}`)),
    ).toEqual([]);
  });
});
