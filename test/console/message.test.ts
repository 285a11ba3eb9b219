import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LineageRun } from '../../src/console/engine-desk.ts';
import { changes, message, newReferral, sent } from '../contract/store/samples.ts';
import { type ConsoleDoor, openConsoleDoor } from '../fixtures/console/console-door.ts';
import { compiled, outward } from '../unit/core/mapping/small-mapping.ts';

const ATTACK = `"><script>document.title='owned'</script>`;
const bytes = (text: string) => new TextEncoder().encode(text);

let door: ConsoleDoor;

beforeAll(async () => {
  door = await openConsoleDoor({
    desk: {
      lineage: async ({ id }) => (id === 'm5' ? { kind: 'run', run: madeOfDossier() } : { kind: 'none', why: '' }),
    },
  });
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
        sent('m5', { referral: 'r1', body: bytes('{"who":"Examplar"}'), contentType: 'application/json' }),
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

/** What the platform was told, and a note that it was not. */
function madeOfDossier(): LineageRun {
  const mapping = compiled(outward('result: { who: "{{ Bundle.entry.resource.ofType(Patient).name.family }}" }'));
  const patient = { resourceType: 'Patient', id: 'p1', name: [{ family: 'Examplar', text: 'not for platforms' }] };
  const input = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] };
  const { result, receipt, unmapped } = mapping.runWithReceipt(input, { partner: 'p', message: 'm', referral: 'r' });
  const { name, version, digest, from, to } = mapping;
  return { mapping: { name, version, digest }, from, to, input, result, receipt, unmapped: unmapped.length };
}

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

  it('shows an account that is limited to a partner what that partner was told, and not what it was made of', async () => {
    const path = '/console/messages/m5';
    const read = async (name: string, partners?: readonly string[]) => {
      const browser = await door.signedIn(name, { roles: ['engineer'], ...(partners && { partners }) });
      await browser.get(path);
      await browser.post(`${path}/unmask`, { reason: 'data-quality', back: path });
      return (await browser.get(path)).text;
    };
    expect(await read('erna')).toContain('not for platforms');
    const limited = await read('carla', ['casework']);
    expect(limited).toContain('Examplar');
    expect(limited).not.toMatch(/not for platforms|name\[0\]|dropped/);
    expect(limited).toContain('What it was made of is not shown to an account that is limited to partners.');
  });
});
