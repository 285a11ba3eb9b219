import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changes, claim, hold, newReferral, work } from '../contract/store/samples.ts';
import { type ConsoleDoor, openConsoleDoor } from '../fixtures/console/console-door.ts';

const ATTACK = `<svg onload="document.title='owned'">`;
let door: ConsoleDoor;

/** Holds with a piece of work behind each. */
async function held(id: string, more: Parameters<typeof hold>[1]): Promise<void> {
  await door.record.apply(changes({ work: [work(`in/${id}`, `m-${id}`, { kind: 'onward' })] }));
  const [claimed] = await door.record.claim(claim({ limit: 1 }));
  if (claimed === undefined) throw new Error('nothing to claim');
  const opened = hold(id, { referral: 'r1', key: `key-${id}`, ...more });
  await door.record.commit(claimed, { kind: 'held', hold: id }, changes({ holds: [opened] }));
}

beforeAll(async () => {
  door = await openConsoleDoor();
  await door.record.apply(changes({ referral: newReferral('r1') }));
  await held('h1', { kind: 'ambiguous-delivery', partner: 'casework' });
  await held('h2', {
    kind: 'unmapped-code',
    key: `casework|map${ATTACK}|urn:x${ATTACK}|code${ATTACK}`,
    findings: [
      {
        severity: 'error',
        rule: `rule${ATTACK}`,
        place: { file: `mapping${ATTACK}.yaml`, line: 3, expression: `/a${ATTACK}` },
        message: `message${ATTACK}`,
        remedy: `remedy${ATTACK}`,
      },
    ],
  });
});
afterAll(() => door.stop());

describe('the pages of holds', () => {
  it('list what waits, the oldest first, by kind', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    const { text } = await browser.get('/console/holds');
    expect(text).toContain('A delivery may have arrived, and nobody knows');
    expect(text).toContain('Nobody has decided what a code means');
    const some = await browser.get('/console/holds?kind=ambiguous-delivery');
    expect(some.text).not.toContain('/console/holds/h2"');
    expect(some.text).toContain('/console/holds/h1"');
  });

  it('show a hold with what waits, and to an auditor no way to decide it', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    const { text } = await browser.get('/console/holds/h1');
    expect(text).toContain('m-h1');
    expect(text).toContain('/console/loops/r1"');
    expect(text).not.toContain('name="reason"');
    expect((await browser.post('/console/holds/h1', { choice: 'retry', reason: 'x' })).status).toBe(403);
  });

  it('take nothing of a finding, a key or a name of a mapping for a part of the page', async () => {
    const browser = await door.signedIn('erik', { roles: ['engineer'] });
    for (const path of ['/console/holds', '/console/holds/h2', '/console/loops/r1']) {
      const { text } = await browser.get(path);
      expect(text).not.toContain('<svg onload');
    }
    expect((await browser.get('/console/holds/h2')).text).toContain('&lt;svg onload=');
  });

  it('show a decision again with what is missing, and change nothing', async () => {
    const browser = await door.signedIn('erik', { roles: ['engineer'] });
    await browser.get('/console/holds/h1');
    const page = await browser.post('/console/holds/h1', { choice: 'retry', reason: ' ' });
    expect([page.status, /Say why/.test(page.text)]).toEqual([422, true]);
    expect(page.text).toMatch(/value="retry"[^>]* checked/);
    expect((await door.record.holds({ open: true })).map(({ id }) => id)).toContain('h1');
  });

  it('resolve a hold once: who is second is told who was first', async () => {
    const [one, other] = [
      await door.signedIn('erik', { roles: ['engineer'] }),
      await door.signedIn('elsa', { roles: ['engineer'] }),
    ];
    await one.get('/console/holds/h1');
    await other.get('/console/holds/h1');
    const sent = await one.post('/console/holds/h1', { choice: 'abandon', reason: 'Casework has it' });
    expect(sent.location).toBe('/console/holds/h1');
    expect((await one.get('/console/holds/h1')).text).toContain('The hold is resolved. 1 piece of work waited on it.');
    await other.post('/console/holds/h1', { choice: 'retry', reason: 'send it' });
    const { text } = await other.get('/console/holds/h1');
    expect(text).toContain('Somebody has resolved this hold meanwhile');
    expect(text).toContain('by user:erik: Casework has it');
    const entries = await door.record.journal({ kind: 'hold.resolved', limit: 9 });
    expect(entries.map(({ actor, detail }) => [actor, detail['then']])).toEqual([['user:erik', 'abandon']]);
  });

  it('are closed to accounts that are limited to partners, and to operators', async () => {
    const limited = await door.signedIn('lea', { roles: ['engineer'], partners: ['casework'] });
    expect((await limited.get('/console/holds')).status).toBe(403);
    expect((await limited.get('/console/loops/r1')).text).not.toContain('/console/holds/');
    const operator = await door.signedIn('olga', { roles: ['operator'] });
    expect((await operator.get('/console/holds/h2')).status).toBe(403);
  });
});
