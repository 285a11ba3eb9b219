import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle, DocumentReference, FhirResource, Provenance } from 'fhir/r4.js';
import { type EmisStyle, startEmisStyle } from '../../../../docker/simulators/gp-emis-style/practice.ts';
import { ONE_IN_30_S } from '../../../../docker/simulators/gp-emis-style/throttle.ts';
import { buildWriteBack } from '../../../../src/core/loop/write-back/write-back.ts';
import { ENTRY_ID_SYSTEM, REFERRAL_ID_SYSTEM } from '../../../../src/core/referral.ts';
import { NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { ENTRY, fhirDoor, MARIGOLD, NHS, score, TOKEN, transaction } from '../../../fixtures/simulators/fhir-door.ts';
import { dossier, happened, referral } from '../../core/loop/a-loop.ts';

const AT = new Date('2026-11-21T08:00:00Z');
let now = AT;
let practice: EmisStyle;
let door: ReturnType<typeof fhirDoor>;
beforeEach(async () => {
  now = AT;
  practice = await startEmisStyle({ port: 0, token: TOKEN, patients: [MARIGOLD], now: () => now });
  door = fhirDoor(practice.address);
});
afterEach(() => practice.stop());

describe('what Hearback wrote, read back', () => {
  const event = happened('declined', 5, { actor: 'Sam Okoro', reason: { text: 'Does not want help now.' } });

  beforeEach(async () => {
    const { bundle } = buildWriteBack({ dossier: dossier(), referral, event });
    expect((await door.ask('POST', '', { body: bundle })).status).toBe(200);
  });

  it('is found by entry identifier, with the time of filing', async () => {
    const { body } = await door.get(`/Observation?identifier=${encodeURIComponent(`${ENTRY_ID_SYSTEM}|`)}`);
    expect(body).toMatchObject({ type: 'searchset', total: 1 });
    expect(body.entry?.[0]).toMatchObject({
      fullUrl: `${practice.address}/Observation/${body.entry?.[0]?.resource?.id}`,
      resource: {
        code: { coding: [{ code: '871711000000103' }] },
        performer: [{ display: 'Sam Okoro' }, { display: 'Riverside Casework' }],
        meta: { versionId: '1', lastUpdated: AT.toISOString() },
      },
      search: { mode: 'match' },
    });
  });

  it('is found by patient in every form of R4', async () => {
    const number = encodeURIComponent(`${NHS}|${NHS_NUMBER}`);
    const forms = [
      'subject=Patient/pat-1',
      'patient=pat-1',
      `patient=${practice.address}/Patient/pat-1`,
      `subject:identifier=${number}`,
      `patient.identifier=${number}`,
    ];
    for (const form of forms) expect([form, (await door.find(`Observation?${form}`)).length]).toEqual([form, 1]);
    expect(await door.find('Observation?patient=pat-2')).toEqual([]);
  });

  it('has its Task by the referral, and its Provenance by what it is about', async () => {
    const tasks = await door.find(`Task?identifier=${REFERRAL_ID_SYSTEM}|${referral.id}`);
    expect(tasks).toHaveLength(1);
    const [entry] = await door.find('Observation?patient=pat-1');
    const [provenance] = await door.find(`Provenance?target=Observation/${entry?.id}`);
    expect(provenance).toMatchObject({ agent: [{ who: { display: 'Sam Okoro' } }, { who: { display: 'Hearback' } }] });
  });

  it('can be searched for by POST, so that no number stands in a url', async () => {
    const answer = await door.ask('POST', '/Observation/_search', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ 'patient.identifier': `${NHS}|${NHS_NUMBER}` }).toString(),
    });
    expect(answer.body.total).toBe(1);
  });

  it('can be read by itself, with its version', async () => {
    const [entry] = await door.find('Observation?patient=pat-1');
    const answer = await door.get(`/Observation/${entry?.id}`);
    expect([answer.status, answer.headers['etag']]).toEqual([200, 'W/"1"']);
    expect((await door.get('/Observation/none')).status).toBe(404);
  });
});

describe('a search', () => {
  it('that the record cannot do is refused: to leave a parameter out would match too much', async () => {
    await door.write(score('one'));
    expect((await door.get('/Observation?value-quantity=19')).status).toBe(400);
    expect((await door.get('/Observation?constructor=19')).status).toBe(400);
    expect((await door.get('/MedicationRequest?patient=pat-1')).status).toBe(404);
  });

  it('takes any of several values, and a comma in a value when it is escaped', async () => {
    await door.write(score('one'), score('two'), score('a,b'));
    const value = (...ids: string[]) => encodeURIComponent(ids.map((id) => `${ENTRY}|${id}`).join(','));
    expect(await door.find(`Observation?identifier=${value('one', 'two', 'none')}`)).toHaveLength(2);
    expect(await door.find(`Observation?identifier=${value('a\\,b')}`)).toHaveLength(1);
  });

  it('comes in pages that are linked', async () => {
    await door.write(score('1'), score('2'), score('3'));
    const first = await door.get('/Observation?patient=pat-1&_count=2');
    expect([first.body.total, first.body.entry?.length]).toEqual([3, 2]);
    const next = first.body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = await door.get(next.slice(practice.address.length));
    expect(second.body.entry).toMatchObject([{ resource: { identifier: [{ value: '3' }] } }]);
    expect(second.body.link?.map(({ relation }) => relation)).toEqual(['self']);
  });

  it('is for whoever shows the token', async () => {
    expect((await fhirDoor(practice.address, 'wrong').get('/Observation?patient=pat-1')).status).toBe(401);
    expect((await fhirDoor(practice.address, 'wrong').get('/metadata')).body).toMatchObject({ fhirVersion: '4.0.1' });
  });
});

describe('documents', () => {
  const pdf = Buffer.from('%PDF-1.7 invented');
  const document = (url: string): DocumentReference => ({
    resourceType: 'DocumentReference',
    identifier: [{ system: ENTRY, value: 'doc' }],
    status: 'current',
    subject: { identifier: { system: NHS, value: NHS_NUMBER } },
    date: '2026-11-20T10:00:00Z',
    author: [{ display: 'Riverside Casework' }],
    content: [{ attachment: { contentType: 'application/pdf', url, title: 'Summary' } }],
  });

  it('are filed with their Binary, to which they then point', async () => {
    const binary: FhirResource = {
      resourceType: 'Binary',
      contentType: 'application/pdf',
      data: pdf.toString('base64'),
    };
    const bundle: Bundle<FhirResource> = transaction(binary, document('urn:uuid:00000000-0000-4000-8000-000000000000'));
    expect((await door.ask('POST', '', { body: bundle })).status).toBe(200);
    const [held] = await door.find(`DocumentReference?identifier=${ENTRY}|doc`);
    const url = held?.resourceType === 'DocumentReference' ? held.content[0]?.attachment.url : undefined;
    expect((await door.get(`/${url}`)).body).toMatchObject({ resourceType: 'Binary', data: pdf.toString('base64') });
    expect(practice.record.patient(NHS_NUMBER).documents).toMatchObject([
      { title: 'Summary', author: 'Riverside Casework', contentType: 'application/pdf', bytes: pdf.length },
    ]);
  });

  it('may be sent one by one, the content as it is', async () => {
    const binary = await door.ask('POST', '/Binary', {
      headers: { 'content-type': 'application/pdf' },
      body: `${pdf}`,
    });
    expect(binary.status).toBe(201);
    const where = String(binary.headers['location']).replace(`${practice.address}/`, '').split('/_history')[0] ?? '';
    const headers = { 'if-none-exist': `identifier=${ENTRY}|doc` };
    const twice = [1, 2].map(() => door.ask('POST', '/DocumentReference', { body: document(where), headers }));
    expect((await Promise.all(twice)).map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(practice.record.patient(NHS_NUMBER).documents).toMatchObject([{ bytes: pdf.length }]);
  });

  it('are all that is taken where the practice has switched the rest off', async () => {
    practice.switchOff();
    const refused = await door.write(score('one'));
    expect(refused.status).toBe(422);
    expect(refused.body.issue).toMatchObject([{ code: 'not-supported', details: { coding: [{ code: '20010' }] } }]);
    expect((await door.write(document('https://example.org/x'))).status).toBe(200);
    practice.switchOn();
    expect((await door.write(score('one'))).status).toBe(200);
  });
});

describe('a transaction with something that the record does not file', () => {
  it('is refused whole', async () => {
    const answer = await door.write(score('one'), { resourceType: 'Basic', code: { text: 'x' } });
    expect(answer.status).toBe(422);
    expect(answer.body.issue).toMatchObject([
      { details: { coding: [{ code: '20009' }] }, expression: ['Bundle.entry[1].resource'] },
    ]);
    expect(practice.record.resources()).toEqual([]);
  });

  it('is an OperationOutcome and no stack when it cannot be read at all', async () => {
    for (const body of ['{"resourceType":', '[]', '{"resourceType":"Bundle","type":"transaction","entry":3}']) {
      const answer = await door.ask('POST', '', { body });
      expect([answer.status, answer.body.resourceType]).toEqual([expect.any(Number), 'OperationOutcome']);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it('needs a code in every Observation', async () => {
    const { code: _, ...nameless } = score('one');
    const body = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: nameless, request: { method: 'POST', url: 'Observation' } }],
    };
    expect((await door.ask('POST', '', { body })).status).toBe(422);
  });
});

describe('who sees an entry', () => {
  it('is the patient, unless it is labelled NOPAT', async () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NOPAT' };
    const other = { system: 'https://example.org/labels', code: 'NOPAT' };
    await door.write(
      score('one'),
      score('two', { meta: { security: [label] } }),
      score('three', { meta: { security: [other] } }),
    );
    const entries = practice.record.patient(NHS_NUMBER).consultations.flatMap((one) => one.entries);
    expect(entries.map((one) => one.hiddenFromPatient ?? false)).toEqual([false, true, false]);
    expect(await door.find(`Observation?identifier=${ENTRY}|two`)).toMatchObject([{ meta: { security: [label] } }]);
  });
});

describe('who is shown as the author', () => {
  it('is the performer; else the author of the Provenance; else the user of the gateway', async () => {
    const { performer: _, ...nobody } = score('two');
    await door.write(score('one'));
    await door.write(nobody);
    const [named] = await door.find(`Observation?identifier=${ENTRY}|two`);
    const authors = () =>
      practice.record
        .patient(NHS_NUMBER)
        .consultations.map(({ author }) => author)
        .sort();
    expect(authors()).toEqual(['Gateway user', 'Sam Okoro, Riverside Casework']);
    const provenance: Provenance = {
      resourceType: 'Provenance',
      target: [{ reference: `Observation/${named?.id}` }],
      recorded: '2026-11-20T10:00:00Z',
      agent: [{ type: { coding: [{ code: 'author' }] }, who: { display: 'Ada Testwell' } }],
    };
    await door.ask('PUT', '/Provenance/p1', { body: provenance });
    expect(authors()).toEqual(['Ada Testwell', 'Sam Okoro, Riverside Casework']);
  });
});

describe('a record that may not be read often', () => {
  it('turns away a second read within 30 seconds, says when to come again, and takes writes all the while', async () => {
    await practice.stop();
    practice = await startEmisStyle({
      port: 0,
      token: TOKEN,
      patients: [MARIGOLD],
      throttle: ONE_IN_30_S,
      now: () => now,
    });
    door = fhirDoor(practice.address);
    expect((await door.get('/Observation?patient=pat-1')).status).toBe(200);
    now = new Date(AT.getTime() + 10_000);
    const turnedAway = await door.get('/Observation?patient=pat-1');
    expect([turnedAway.status, turnedAway.headers['retry-after']]).toEqual([429, '20']);
    expect(turnedAway.body.issue).toMatchObject([{ code: 'throttled' }]);
    expect((await door.write(score('one'))).status).toBe(200);
    now = new Date(AT.getTime() + 30_000);
    expect((await door.get('/Observation?patient=pat-1')).status).toBe(200);
  });
});
