import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Patient, ServiceRequest } from 'fhir/r4.js';
import { indexOf } from '../../src/core/fhir/search-index.ts';
import { at, changes, event, newReferral, promise, task } from '../contract/store/samples.ts';
import { type ConsoleDoor, openConsoleDoor } from '../fixtures/console/console-door.ts';

const NHS_NUMBER = '9990000018';
const ATTACK = `<img src=x onerror="document.title='owned'">{{ 7*7 }}`;

let door: ConsoleDoor;

beforeAll(async () => {
  door = await openConsoleDoor();
  const patient: Patient = {
    resourceType: 'Patient',
    id: 'p1',
    identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: NHS_NUMBER }],
    name: [{ family: `Examplar${ATTACK}`, given: ['Mary'] }],
    birthDate: '1950-04-01',
    telecom: [{ system: 'phone', value: '01632 960001' }],
  };
  const stored = { ...task('p1', 1, { referral: 'r1' }), type: 'Patient', resource: patient, index: indexOf(patient) };
  const request: ServiceRequest = {
    ...{ resourceType: 'ServiceRequest', id: 's1', status: 'active', intent: 'order', subject: {} },
    reasonCode: [{ coding: [{ system: 'http://snomed.info/sct', code: '160932005' }] }],
  };
  await door.record.apply(
    changes({
      referral: newReferral('r1', { openedAt: at(0), nextDueAt: at(10) }),
      resources: [stored, { ...stored, type: 'ServiceRequest', id: 's1', resource: request, index: indexOf(request) }],
      events: [event('e1', { referral: 'r1', note: `does not open the door ${ATTACK}`, by: 'casework' })],
      promises: [promise('p1', { referral: 'r1', kind: 'decide', owedBy: 'casework', dueAt: at(10) })],
    }),
  );
  const shared = { referral: 'r3' };
  await door.record.apply(
    changes({
      referral: newReferral('r3', { platforms: ['casework', 'springboard'] }),
      events: [
        event('e3', { ...shared, kind: 'accepted', by: 'casework' }),
        event('e4', { ...shared, kind: 'declined', by: 'springboard' }),
      ],
      promises: [
        promise('p3', { ...shared, owedBy: 'casework' }),
        promise('p4', { ...shared, kind: 'deliver', owedBy: 'hearback', owedTo: 'springboard' }),
      ],
    }),
  );
  await door.record.apply(changes({ referral: newReferral('r2', { referrer: 'riverside', platforms: [] }) }));
});
afterAll(() => door.stop());

const looks = async () =>
  (await door.record.journal({ limit: 1000 }))
    .filter(({ kind }) => kind.endsWith('.read') || kind === 'patient.unmasked')
    .map(({ kind, actor, referral }) => `${kind} ${actor} ${referral}`);

describe('the list of loops', () => {
  it('finds a patient by number, which stands neither in an address nor on the page, and writes the look down', async () => {
    const browser = await door.signedIn('olga', { roles: ['operator'] });
    await browser.get('/console/loops');
    const sent = await browser.post('/console/loops', { nhsNumber: '999 000 0018' });
    expect(sent.status).toBe(303);
    expect(sent.location).toMatch(/^\/console\/loops\?search=[\w-]+$/);
    const page = await browser.get(sent.location ?? '');
    expect(page.text).toContain('/console/loops/r1"');
    expect(page.text).not.toContain('/console/loops/r2"');
    expect(page.text).toContain('Casework owes a decision');
    expect(page.text).not.toContain(NHS_NUMBER);
    expect(page.text).not.toContain('999 000 0018');
    expect(await looks()).toContain('patient.read user:olga r1');
    expect(door.logged.join('\n')).not.toContain(NHS_NUMBER);
  });

  it('is searched by the session that searched alone', async () => {
    const browser = await door.signedIn('olga', { roles: ['operator'] });
    await browser.get('/console/loops');
    const { location } = await browser.post('/console/loops', { nhsNumber: NHS_NUMBER });
    const other = await door.signedIn('omar', { roles: ['operator'] });
    const page = await other.get(location ?? '');
    expect([page.status, page.location]).toEqual([303, '/console/loops']);
  });

  it('shows again, with what is wrong, a form that cannot be searched by', async () => {
    const browser = await door.signedIn('olga', { roles: ['operator'] });
    await browser.get('/console/loops');
    const page = await browser.post('/console/loops', { nhsNumber: '9990000019' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('check digit');
    expect(page.text).not.toContain('9990000019');
  });

  it('shows an account that is limited to partners theirs alone, whatever is asked for', async () => {
    const browser = await door.signedIn('rita', { roles: ['operator'], partners: ['riverside'] });
    for (const path of ['/console/loops', '/console/loops?practice=elm-tree', '/console/loops?status=open']) {
      const { text } = await browser.get(path);
      expect(text).toContain('/console/loops/r2"');
      expect(text).not.toContain('/console/loops/r1"');
    }
    await browser.get('/console/loops');
    const { location } = await browser.post('/console/loops', { nhsNumber: NHS_NUMBER });
    expect((await browser.get(location ?? '')).text).not.toContain('/console/loops/r1"');
  });
});

describe('the page of a loop', () => {
  it('shows who owes what, and nothing of the patient before it was asked for', async () => {
    const browser = await door.signedIn('olga', { roles: ['operator'] });
    const { text } = await browser.get('/console/loops/r1');
    expect(text).toContain('Casework owes a decision');
    expect(text).toMatch(/Late<\/strong> Casework owes a decision since 2 November 2026, \d\d:\d\d UTC, late by/);
    expect(text).toContain('M. E.');
    expect(text).toContain('ends in 018');
    expect(text).not.toMatch(/Examplar|9990000018|1950-04-01|01632|does not open/);
  });

  it('shows the patient once a reason was given, to each role what it may see, and writes it down', async () => {
    const browser = await door.signedIn('olga', { roles: ['operator'] });
    await browser.get('/console/loops/r1');
    await browser.post('/console/loops/r1/unmask', { reason: 'chasing', back: '/console/loops/r1' });
    const { text } = await browser.get('/console/loops/r1');
    expect(text).toMatch(/Mary Examplar/);
    expect(text).toContain(NHS_NUMBER);
    expect(text).not.toMatch(/01632|does not open/);
    const auditor = await door.signedIn('anna', { roles: ['auditor'] });
    await auditor.get('/console/loops/r1');
    await auditor.post('/console/loops/r1/unmask', { reason: 'audit', back: '/console/loops/r1' });
    const all = await auditor.get('/console/loops/r1');
    expect(all.text).toMatch(/does not open the door/);
    expect(all.text).toContain('01632 960001');
    expect(await looks()).toEqual(expect.arrayContaining(['patient.read user:olga r1', 'patient.read user:anna r1']));
  });

  it('takes nothing of what a message held for a part of the page', async () => {
    const auditor = await door.signedIn('anna', { roles: ['auditor'] });
    await auditor.get('/console/loops/r1');
    await auditor.post('/console/loops/r1/unmask', { reason: 'audit', back: '/console/loops/r1' });
    const { text } = await auditor.get('/console/loops/r1');
    expect(text).toContain('&lt;img src=x onerror=');
    expect(text).not.toContain('<img');
    expect(text).toContain('{{ 7*7 }}');
  });

  it('shows an account of a platform nothing of the practice’s dossier, unmasked or not', async () => {
    const browser = await door.signedIn('carl', { roles: ['engineer', 'operator'], partners: ['casework'] });
    await browser.get('/console/loops/r1');
    await browser.post('/console/loops/r1/unmask', { reason: 'chasing', back: '/console/loops/r1' });
    const { status, text } = await browser.get('/console/loops/r1');
    expect(status).toBe(200);
    expect(text).not.toMatch(/Examplar|9990000018|ends in 018|1950|160932005/);
    expect((await (await door.signedIn('anna', { roles: ['auditor'] })).get('/console/loops/r1')).text).toContain(
      '160932005',
    );
  });

  it('does not tell an account of a platform by a search which needs are on it', async () => {
    const found = async (name: string, partners: readonly string[]) => {
      const browser = await door.signedIn(name, { roles: ['operator'], partners });
      await browser.get('/console/loops');
      const { location } = await browser.post('/console/loops', { need: '160932005' });
      return (await browser.get(location ?? '')).text.includes('/console/loops/r1"');
    };
    expect(await found('ella', ['elm-tree'])).toBe(true);
    expect(await found('carlo', ['casework'])).toBe(false);
  });

  it('is not there for whom it is not', async () => {
    const browser = await door.signedIn('rita', { roles: ['operator'], partners: ['riverside'] });
    for (const path of ['/console/loops/r1', '/console/loops/r1/certificate', '/console/loops/r1/certificate/json'])
      expect((await browser.get(path)).status).toBe(404);
    expect((await browser.get('/console/loops/none')).status).toBe(404);
  });

  it('shows an account of one platform nothing of what another one did, or is owed', async () => {
    const casework = await door.signedIn('cleo', { roles: ['engineer', 'auditor'], partners: ['casework'] });
    const { status, text } = await casework.get('/console/loops/r3');
    expect(status).toBe(200);
    expect(text).toContain('says Casework');
    expect(text).not.toMatch(/springboard|certificate/i);
    for (const path of ['certificate', 'certificate/text', 'certificate/json'])
      expect((await casework.get(`/console/loops/r3/${path}`)).status).toBe(404);
    const list = await casework.get('/console/loops?status=open');
    expect(list.text).toContain('/console/loops/r3"');
    expect(list.text.slice(list.text.indexOf('<main'))).not.toMatch(/springboard/i);
    const practice = await door.signedIn('elsa', { roles: ['auditor'], partners: ['elm-tree'] });
    expect((await practice.get('/console/loops/r3')).text).toMatch(/says Springboard/i);
    expect((await practice.get('/console/loops/r3/certificate')).status).toBe(200);
  });

  it('has a certificate, to read and to keep, and says who read it', async () => {
    const browser = await door.signedIn('anna', { roles: ['auditor'] });
    expect((await browser.get('/console/loops/r1/certificate')).text).toContain('CERTIFICATE OF LOOP r1');
    const text = await browser.get('/console/loops/r1/certificate/text');
    expect(text.headers.get('content-disposition')).toBe('attachment; filename="certificate-r1.txt"');
    expect(text.text).toContain('CERTIFICATE OF LOOP r1');
    const json = await browser.get('/console/loops/r1/certificate/json');
    expect(JSON.parse(json.text)).toMatchObject({ referral: 'r1', status: 'open' });
    expect((await browser.get('/console/loops/r1/certificate/pdf')).status).toBe(404);
    expect(await looks()).toContain('certificate.read user:anna r1');
  });
});
