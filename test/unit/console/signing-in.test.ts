import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConsoleDoor, openConsoleDoor, PASSWORD } from '../../fixtures/console/console-door.ts';

describe('signing in', () => {
  let door: ConsoleDoor;

  beforeAll(async () => {
    door = await openConsoleDoor();
    await door.account('anna', { roles: ['auditor'] });
  });
  afterAll(() => door.stop());

  it('leads to the page that was asked for first', async () => {
    const browser = door.visitor();
    const first = await browser.get('/console');
    expect([first.status, first.location]).toEqual([303, '/console/sign-in?next=%2Fconsole']);
    const signedIn = await browser.signIn('anna', PASSWORD, '/console');
    expect([signedIn.status, signedIn.location]).toEqual([303, '/console']);
    const page = await browser.get('/console');
    expect(page.status).toBe(200);
    expect(page.text).toContain('anna (auditor)');
    expect(page.text).toContain('Riverside Surgery');
  });
});
