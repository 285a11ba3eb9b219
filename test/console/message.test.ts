import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changes, message, newReferral, sent } from '../contract/store/samples.ts';
import { type ConsoleDoor, openConsoleDoor } from '../fixtures/console/console-door.ts';

const ATTACK = `"><script>document.title='owned'</script>`;
const bytes = (text: string) => new TextEncoder().encode(text);

let door: ConsoleDoor;

beforeAll(async () => {
  door = await openConsoleDoor();
  const resource = { resourceType: 'Patient', id: 'p1', name: [{ family: `Examplar${ATTACK}` }] };
  const hl7v2 = `MSH|^~\\&|A|B|C|D|20261126080000||SIU^S12|${ATTACK}|P|2.5.1\rPID|1||9990000018||EXAMPLAR${ATTACK}^MARY\r`;
  await door.record.apply(
    changes({
      referral: newReferral('r1'),
      messages: [
        message('m1', { referral: 'r1', body: bytes(JSON.stringify(resource)) }),
        message('m2', { referral: 'r1', body: bytes(hl7v2), contentType: 'application/hl7-v2', channel: 'mllp' }),
        sent('m3', {
          referral: 'r1',
          body: bytes(JSON.stringify({ [`key${ATTACK}`]: `value${ATTACK}` })),
          contentType: 'application/json',
        }),
        message('m4', {
          verdict: 'refused',
          contentType: `text/plain${ATTACK}`,
          body: bytes(`no JSON ${ATTACK}`),
          findings: [
            {
              ...{ severity: 'error', rule: `rule${ATTACK}`, place: { expression: `Patient${ATTACK}` } },
              ...{ message: `words${ATTACK}`, remedy: `remedy${ATTACK}` },
            },
          ],
        }),
      ],
    }),
  );
});
afterAll(() => door.stop());

const opened = async (id: string, name = 'erik') => {
  const browser = await door.signedIn(name, { roles: ['engineer'] });
  await browser.get(`/console/messages/${id}`);
  await browser.post(`/console/messages/${id}/unmask`, { reason: 'data-quality', back: `/console/messages/${id}` });
  return browser;
};

describe('the page of a message', () => {
  it('shows the structure, and no content before it was asked for', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    const { text } = await browser.get('/console/messages/m1');
    expect(text).toContain('name[0].family');
    expect(text).not.toContain('Examplar');
    expect((await browser.get('/console/messages/m1/file')).status).toBe(404);
    const other = await browser.get('/console/messages/m2');
    expect(other.text).toContain('PID-5.1 Patient Name');
    expect(other.text).not.toMatch(/EXAMPLAR|9990000018/);
    expect(await door.record.journal({ kind: 'message.read', limit: 9 })).toEqual([]);
  });

  it('shows the content once a reason was given, and writes down each look and each file', async () => {
    const browser = await opened('m1');
    const { text } = await browser.get('/console/messages/m1');
    expect(text).toContain('Examplar');
    const file = await browser.get('/console/messages/m1/file');
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="message-m1"');
    expect(JSON.parse(file.text)).toMatchObject({ resourceType: 'Patient' });
    const looks = await door.record.journal({ kind: 'message.read', limit: 99 });
    expect(looks.map((one) => [one.actor, one.message, one.referral, one.detail['page']])).toEqual([
      ['user:erik', 'm1', 'r1', 'message'],
      ['user:erik', 'm1', 'r1', 'messageFile'],
    ]);
  });

  it('can be opened where it belongs to no loop, by itself alone', async () => {
    const browser = await opened('m4', 'elsa');
    expect((await browser.get('/console/messages/m4')).text).toContain('no JSON');
    expect((await browser.get('/console/messages/m1')).text).not.toContain('Examplar');
    const [entry] = (await door.record.journal({ kind: 'patient.unmasked', limit: 99 })).filter(
      ({ actor }) => actor === 'user:elsa',
    );
    expect([entry?.message, entry?.referral, entry?.detail['purpose']]).toEqual(['m4', undefined, 'data-quality']);
  });

  it.each(['m1', 'm2', 'm3', 'm4'])('takes nothing of %s for a part of the page', async (id) => {
    const browser = await opened(id);
    const { text } = await browser.get(`/console/messages/${id}`);
    expect(text).toContain('&lt;script&gt;document.title=');
    expect(text).not.toContain('<script>document');
    expect(text).not.toContain(`"><script`);
  });

  it('is there for accounts of its own partner, and for no other', async () => {
    const casework = await door.signedIn('carl', { roles: ['engineer'], partners: ['casework'] });
    expect((await casework.get('/console/messages/m3')).status).toBe(200);
    expect((await casework.get('/console/messages/m1')).status).toBe(404);
    const loop = (await casework.get('/console/loops/r1')).text;
    expect(loop).not.toContain('/console/messages/m1');
    const operator = await door.signedIn('olga', { roles: ['operator'] });
    expect((await operator.get('/console/messages/m1')).status).toBe(403);
  });
});
