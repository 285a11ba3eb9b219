import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changes, claim, hold, message, newReferral, work } from '../contract/store/samples.ts';
import type { Browser } from '../fixtures/console/browser-by-hand.ts';
import { type ConsoleDoor, openConsoleDoor } from '../fixtures/console/console-door.ts';

let door: ConsoleDoor;
let replayed: string[];
const previewed: (string | undefined)[] = [];
const CHOSEN = 'a'.repeat(64);
let [erik, elsa, eva]: Browser[] = [];

beforeAll(async () => {
  replayed = [];
  door = await openConsoleDoor({
    rules: { fourEyes: true },
    desk: {
      preview: async (_message, mapping) => {
        previewed.push(mapping);
        return { plan: { kind: 'onward' } };
      },
      replay: async ({ message: id, reason }, by) => {
        replayed.push(`${id} ${reason} ${by}`);
        return { kind: 'done' };
      },
    },
  });
  await door.record.apply(changes({ referral: newReferral('r1'), messages: [message('m1', { referral: 'r1' })] }));
  for (const id of ['h1', 'h2']) {
    await door.record.apply(changes({ work: [work(`in/${id}`, `m-${id}`, { kind: 'onward' })] }));
    const [claimed] = await door.record.claim(claim({ limit: 1 }));
    if (claimed === undefined) throw new Error('nothing to claim');
    const opened = hold(id, { referral: 'r1', key: id, kind: 'ambiguous-delivery' });
    await door.record.commit(claimed, { kind: 'held', hold: id }, changes({ holds: [opened] }));
  }
  const engineer = (name: string) => door.signedIn(name, { roles: ['engineer'] });
  [erik, elsa, eva] = [await engineer('erik'), await engineer('elsa'), await engineer('eva')];
});
afterAll(() => door.stop());

const browsers = (): [Browser, Browser, Browser] => {
  if (erik === undefined || elsa === undefined || eva === undefined) throw new Error('nobody is signed in');
  return [erik, elsa, eva];
};
const versionOn = (text: string) => /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
const openHolds = async () => (await door.record.holds({ open: true })).map(({ id }) => id);

describe('a decision where two people decide', () => {
  it('is only proposed by the first: nothing is done, and everybody sees what waits', async () => {
    const [first, second] = browsers();
    await first.get('/console/holds/h1');
    await first.post('/console/holds/h1', { choice: 'retry', reason: 'Casework lost it' });
    expect(await openHolds()).toEqual(['h1', 'h2']);
    const own = (await first.get('/console/holds/h1')).text;
    expect(own).toContain('Somebody else has to confirm it.');
    expect(own).not.toContain('/console/holds/h1/confirm');
    expect(own).not.toContain('name="reason"');
    const other = (await second.get('/console/holds/h1')).text;
    expect(other).toContain('Why: Casework lost it');
    expect(other).toContain('/console/holds/h1/confirm');
    expect((await second.get('/console/holds')).text).toContain('Waits for a second person');
  });

  it('cannot be confirmed by who proposed it, with whatever form', async () => {
    const [first, second] = browsers();
    const version = versionOn((await second.get('/console/holds/h1')).text);
    await first.get('/console/holds/h1');
    await first.post('/console/holds/h1/confirm', { version });
    expect((await first.get('/console/holds/h1')).text).toContain('You proposed it: another person has to confirm it.');
    expect(await openHolds()).toContain('h1');
  });

  it('is proposed by nobody else meanwhile', async () => {
    const [, second] = browsers();
    await second.get('/console/holds/h1');
    await second.post('/console/holds/h1', { choice: 'abandon', reason: 'no' });
    const { text } = await second.get('/console/holds/h1');
    expect(text).toContain('Somebody else has proposed a decision meanwhile');
    expect(text).toContain('Why: Casework lost it');
  });

  it('is done once, by one of all who confirm it at the same time, and no other proposal than the one they saw', async () => {
    const [, second, third] = browsers();
    const version = versionOn((await second.get('/console/holds/h1')).text);
    await third.get('/console/holds/h1');
    await third.post('/console/holds/h1/confirm', { version: String(Number(version) + 1) });
    expect(await openHolds()).toContain('h1');
    await Promise.all([second, third].map((one) => one.post('/console/holds/h1/confirm', { version })));
    expect(await openHolds()).toEqual(['h2']);
    const kinds = (await door.record.journal({ limit: 999 })).filter(({ kind }) => /^decision|^hold\.res/.test(kind));
    expect(kinds.map(({ kind }) => kind)).toEqual(['decision.proposed', 'decision.confirmed', 'hold.resolved']);
    expect(kinds.map(({ actor }) => actor)[0]).toBe('user:erik');
    expect(kinds[1]?.actor).toMatch(/^user:(elsa|eva)$/);
    expect(kinds[2]?.actor).toBe(kinds[1]?.actor);
    expect(kinds[0]?.detail).toMatchObject({ hold: 'h1', then: 'retry', reason: 'Casework lost it' });
    expect(kinds[1]?.detail).toMatchObject({ hold: 'h1', user: 'erik' });
  });

  it('can be rejected, and then be proposed by the other, who cannot confirm it in turn', async () => {
    const [first, second] = browsers();
    await first.get('/console/holds/h2');
    await first.post('/console/holds/h2', { choice: 'retry', reason: 'again' });
    const seen = versionOn((await second.get('/console/holds/h2')).text);
    await second.post('/console/holds/h2/withdraw', { version: seen });
    await second.get('/console/holds/h2');
    await second.post('/console/holds/h2', { choice: 'abandon', reason: 'they have it' });
    const version = versionOn((await first.get('/console/holds/h2')).text);
    await second.get('/console/holds/h2');
    await second.post('/console/holds/h2/confirm', { version });
    // The form of the proposal that was rejected confirms nothing.
    await first.post('/console/holds/h2/confirm', { version: seen });
    expect(await openHolds()).toEqual(['h2']);
    await first.post('/console/holds/h2/confirm', { version });
    const [resolved] = await door.record
      .holds({ open: false, referral: 'r1' })
      .then((all) => all.filter(({ id }) => id === 'h2'));
    expect([resolved?.resolvedBy, resolved?.resolution]).toEqual(['user:erik', 'they have it']);
  });

  it('is so with a replay as well', async () => {
    const [first, second] = browsers();
    await first.get('/console/messages/m1/replay');
    await first.post('/console/messages/m1/replay', { reason: 'they lost it', with: CHOSEN });
    expect(replayed).toEqual([]);
    const { text } = await second.get('/console/messages/m1/replay');
    expect(text).toContain('Why: they lost it');
    // What would differ is shown with the version that was proposed.
    expect(previewed.at(-1)).toBe(CHOSEN);
    await second.post('/console/messages/m1/replay/confirm', { version: versionOn(text) });
    expect(replayed).toEqual(['m1 they lost it user:elsa']);
    const [proposed] = (await door.record.journal({ kind: 'decision.proposed', limit: 99 })).filter(
      ({ message: id }) => id === 'm1',
    );
    expect(proposed).toMatchObject({ actor: 'user:erik', referral: 'r1', detail: { reason: 'they lost it' } });
  });
});
