import { describe, expect, it } from '@jest/globals';
import type { ConsoleChanges, ConsoleProposal, SignInAttempts } from '../../../src/ports-console.ts';
import { freshStores, type MakePlace } from './place.ts';
import { at, consoleAccount, consoleProposal, consoleSession, entry } from './samples.ts';

const changed = (changes: Partial<ConsoleChanges>): ConsoleChanges => ({ journal: [], ...changes });

function attempts(key: string, given: Partial<SignInAttempts> = {}): SignInAttempts {
  return { key, version: 1, failures: 1, forgetAt: at(60), ...given };
}

/** Accounts, sessions and attempts to sign in. */
export function consoleContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('accounts of the console', () => {
    it('are kept as they were given, by name, and lasting', async () => {
      const { store, reopened } = await fresh();
      const zoe = consoleAccount('zoe', { roles: ['engineer', 'operator'], partners: ['riverside'] });
      const anna = consoleAccount('anna', { disabled: true });
      for (const next of [zoe, anna]) await store.changeConsole(changed({ account: { ifVersion: 'new', next } }));
      const again = await reopened();
      expect(await again.consoleAccounts()).toEqual([anna, zoe]);
      expect(await again.consoleAccount('zoe')).toEqual(zoe);
      expect(await again.consoleAccount('nobody')).toBeUndefined();
    });

    it('change only from the version that was seen, with their entry, or not at all', async () => {
      const { store } = await fresh();
      const anna = consoleAccount('anna');
      await store.changeConsole(changed({ account: { ifVersion: 'new', next: anna } }));
      const next = { ...anna, version: 2, roles: ['operator'] as const };
      const change = (ifVersion: number | 'new') =>
        store.changeConsole({ account: { ifVersion, next }, journal: [entry('account.reset')] });
      expect(await change('new')).toBe('stale');
      expect(await change(2)).toBe('stale');
      expect(await store.consoleAccount('anna')).toEqual(anna);
      expect(await store.journal({ limit: 9 })).toEqual([]);
      expect(await change(1)).toBe('committed');
      expect(await store.consoleAccount('anna')).toEqual(next);
      expect(await store.journal({ limit: 9 })).toMatchObject([{ kind: 'account.reset' }]);
    });

    it('are made once, whoever makes them at the same time', async () => {
      const { store, beside } = await fresh();
      const stores = [store, await beside()];
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, number) =>
          stores[number % 2]?.changeConsole(changed({ account: { ifVersion: 'new', next: consoleAccount('anna') } })),
        ),
      );
      expect(made.filter((answer) => answer === 'committed')).toHaveLength(1);
    });
  });

  describe('decisions that wait for a second person', () => {
    const open = consoleProposal;
    const put = (next: ConsoleProposal, ifVersion: number | 'new' = 'new') =>
      changed({ proposal: { ifVersion, next } });

    it('are kept as they were given, the open ones in their order, and lasting', async () => {
      const { store, reopened } = await fresh();
      await store.changeConsole(put(open('hold|b', { proposedAt: at(2) })));
      await store.changeConsole(put(open('hold|a', { proposedAt: at(1) })));
      const done = open('replay|m', { state: 'withdrawn', decidedBy: 'anna', decidedAt: at(3) });
      await store.changeConsole(put(done));
      const again = await reopened();
      expect((await again.openProposals()).map(({ subject }) => subject)).toEqual(['hold|a', 'hold|b']);
      expect(await again.consoleProposal('hold|a')).toEqual(open('hold|a', { proposedAt: at(1) }));
      expect(await again.consoleProposal('replay|m')).toEqual(done);
      expect(await again.consoleProposal('hold|none')).toBeUndefined();
    });

    it('are confirmed once, whoever confirms at the same time, with one entry', async () => {
      const { store, beside } = await fresh();
      const stores = [store, await beside()];
      await store.changeConsole(put(open('hold|a')));
      const confirm = (name: string) => ({
        ...put(open('hold|a', { version: 2, state: 'confirmed', decidedBy: name, decidedAt: at(1) }), 1),
        journal: [entry('decision.confirmed', { actor: `user:${name}` })],
      });
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, number) => stores[number % 2]?.changeConsole(confirm(`user-${number}`))),
      );
      expect(answers.filter((answer) => answer === 'committed')).toHaveLength(1);
      expect(await store.journal({ kind: 'decision.confirmed', limit: 9 })).toHaveLength(1);
      expect(await store.openProposals()).toEqual([]);
    });

    it('are confirmed by nobody who proposed them: the record itself holds no such row', async () => {
      const { store } = await fresh();
      await store.changeConsole(put(open('hold|a')));
      const own = put(open('hold|a', { version: 2, state: 'confirmed', decidedBy: 'anna', decidedAt: at(1) }), 1);
      await expect(store.changeConsole({ ...own, journal: [entry('decision.confirmed')] })).rejects.toThrow();
      expect(await store.consoleProposal('hold|a')).toEqual(open('hold|a'));
      expect(await store.journal({ limit: 9 })).toEqual([]);
    });
  });

  describe('sessions of the console', () => {
    it('are opened, seen and ended; what they kept goes with them', async () => {
      const { store } = await fresh();
      const session = consoleSession('s1', { partners: ['riverside'] });
      await store.changeConsole(changed({ opened: session }));
      expect(await store.consoleSession('s1')).toEqual(session);
      const kept = {
        session: 's1',
        key: 'search:1',
        value: { nhsNumber: '999 000 0018', list: [1, null] },
        until: at(9),
      };
      await store.changeConsole(changed({ seen: { session: 's1', at: at(5) }, kept: [kept] }));
      expect(await store.consoleSession('s1')).toEqual({ ...session, seenAt: at(5) });
      expect(await store.keptInSession('s1')).toEqual([kept]);
      await store.changeConsole(changed({ ended: ['s1'] }));
      expect(await store.consoleSession('s1')).toBeUndefined();
      expect(await store.keptInSession('s1')).toEqual([]);
    });

    it('do not come back when they are seen, or something is kept, after their end', async () => {
      const { store } = await fresh();
      const kept = [{ session: 's1', key: 'flash', value: 'x', until: at(9) }];
      await store.changeConsole(changed({ seen: { session: 's1', at: at(5) }, kept }));
      expect(await store.consoleSession('s1')).toBeUndefined();
      expect(await store.keptInSession('s1')).toEqual([]);
    });

    it('keep by key, the last value, until it is forgotten', async () => {
      const { store } = await fresh();
      await store.changeConsole(changed({ opened: consoleSession('s1') }));
      const keep = (key: string, value: unknown) =>
        store.changeConsole(changed({ kept: [{ session: 's1', key, value, until: at(9) }] }));
      await keep('b', 1);
      await keep('a', 'x');
      await keep('b', 2);
      expect((await store.keptInSession('s1')).map(({ key, value }) => [key, value])).toEqual([
        ['a', 'x'],
        ['b', 2],
      ]);
      await store.changeConsole(changed({ forgotten: [{ session: 's1', key: 'a' }] }));
      expect((await store.keptInSession('s1')).map(({ key }) => key)).toEqual(['b']);
    });

    it('end together when their user must sign in anew, and those of others do not', async () => {
      const { store } = await fresh();
      for (const [id, user] of [
        ['s1', 'anna'],
        ['s2', 'anna'],
        ['s3', 'ben'],
      ] as const) {
        await store.changeConsole(changed({ opened: consoleSession(id, { user }) }));
      }
      await store.changeConsole(changed({ endedOf: 'anna' }));
      const left = await Promise.all(['s1', 's2', 's3'].map((id) => store.consoleSession(id)));
      expect(left.map((session) => session?.user)).toEqual([undefined, undefined, 'ben']);
    });

    it('say where another service signed the user in: there is no account', async () => {
      const { store } = await fresh();
      const { account: _none, ...elsewhere } = consoleSession('s1');
      await store.changeConsole(changed({ opened: elsewhere }));
      expect(await store.consoleSession('s1')).toEqual(elsewhere);
    });
  });

  describe('attempts to sign in', () => {
    it('count up only from what was seen: of two at once one must look again', async () => {
      const { store, beside } = await fresh();
      const stores = [store, await beside()];
      const count = (next: SignInAttempts, ifVersion: number | 'new') =>
        stores.map((one) => one.changeConsole(changed({ attempts: [{ ifVersion, next }] })));
      expect((await Promise.all(count(attempts('name:a'), 'new'))).sort()).toEqual(['committed', 'stale']);
      const locked = attempts('name:a', { version: 2, failures: 2, lockedUntil: at(1) });
      expect((await Promise.all(count(locked, 1))).sort()).toEqual(['committed', 'stale']);
      expect(await store.signInAttempts('name:a')).toEqual(locked);
      expect(await store.signInAttempts('name:b')).toBeUndefined();
    });

    it('are all counted or none', async () => {
      const { store } = await fresh();
      await store.changeConsole(changed({ attempts: [{ ifVersion: 'new', next: attempts('a') }] }));
      const both = ['a', 'b'].map((key) => ({ ifVersion: 'new' as const, next: attempts(key) }));
      expect(await store.changeConsole(changed({ attempts: both }))).toBe('stale');
      expect(await store.signInAttempts('b')).toBeUndefined();
    });
  });

  it('sweeps what is over, and nothing else', async () => {
    const { store } = await fresh();
    const over = { endsAt: at(1) };
    await store.changeConsole(changed({ opened: consoleSession('old', over) }));
    await store.changeConsole(changed({ opened: consoleSession('new') }));
    const kept = [
      { session: 'new', key: 'old', value: 1, until: at(1) },
      { session: 'new', key: 'new', value: 1, until: at(3) },
    ];
    const tried = [attempts('old', { forgetAt: at(1) }), attempts('new', { forgetAt: at(3) })];
    await store.changeConsole(changed({ kept, attempts: tried.map((next) => ({ ifVersion: 'new', next })) }));
    await store.changeConsole(changed({ sweep: at(2) }));
    expect(await store.consoleSession('old')).toBeUndefined();
    expect(await store.consoleSession('new')).toBeDefined();
    expect((await store.keptInSession('new')).map(({ key }) => key)).toEqual(['new']);
    expect(await store.signInAttempts('old')).toBeUndefined();
    expect(await store.signInAttempts('new')).toBeDefined();
  });
}
