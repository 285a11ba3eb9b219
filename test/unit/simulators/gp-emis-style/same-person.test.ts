import { afterEach, describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import {
  type EmisStyle,
  type EmisStyleOptions,
  startEmisStyle,
} from '../../../../docker/simulators/gp-emis-style/practice.ts';
import { OTHER_NHS_NUMBER } from '../../../fixtures/fhir/referral-bundle.ts';
import { fhirDoor, MARIGOLD, marigold, NHS, score, TOKEN } from '../../../fixtures/simulators/fhir-door.ts';

let practice: EmisStyle;
afterEach(() => practice.stop());

async function open(options: Partial<EmisStyleOptions> = {}) {
  practice = await startEmisStyle({ port: 0, token: TOKEN, patients: [MARIGOLD], ...options });
  return fhirDoor(practice.address);
}

const DIFFERENT: [string, Partial<Patient>, string][] = [
  ['surname', { name: [{ family: 'Thistlewoode' }] }, 'Patient.name.family'],
  ['surname in capitals', { name: [{ family: 'THISTLEWOOD' }] }, 'Patient.name.family'],
  ['birth date', { birthDate: '1951-07-03' }, 'Patient.birthDate'],
  ['gender', { gender: 'male' }, 'Patient.gender'],
];

describe('a write about a registered patient', () => {
  it('is filed when everything that it states is the same', async () => {
    const door = await open();
    expect((await door.write(marigold(), score('one'))).status).toBe(200);
    expect(practice.record.patient(MARIGOLD.nhsNumber).consultations).toHaveLength(1);
  });

  it.each(DIFFERENT)(
    'is refused when the %s differs, and the field is named, not its value',
    async (_name, changes, field) => {
      const door = await open();
      const answer = await door.write(marigold(changes), score('one'));
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ expression: [field] }] });
      expect(answer.body.issue[0]?.details?.text).toContain('does not match');
      expect(answer.text).not.toMatch(/thistlewood|1951|\bmale/i);
      expect(practice.record.resources()).toEqual([]);
      expect(practice.refused()).toHaveLength(1);
    },
  );

  it.each(DIFFERENT)('is refused just so when a contained Patient states another %s', async (_name, changes) => {
    const door = await open();
    const contained = [{ ...marigold(changes), id: 'p' }];
    expect((await door.write(score('one', { contained, subject: { reference: '#p' } }))).status).toBe(422);
  });

  it('has its contained Patient replaced by the one that the record knows', async () => {
    const door = await open();
    await door.write(score('one', { contained: [{ ...marigold(), id: 'p' }], subject: { reference: '#p' } }));
    const [held] = await door.find('Observation?patient=pat-1');
    expect(held).toMatchObject({ subject: { reference: 'Patient/pat-1', identifier: { value: MARIGOLD.nhsNumber } } });
    expect(held).not.toHaveProperty('contained');
  });

  it('may leave things unstated, unless the practice wants all of them', async () => {
    const door = await open();
    expect((await door.write(score('one'))).status).toBe(200);
    await practice.stop();
    const strict = await open({ match: 'full' });
    const { gender: _, ...without } = marigold();
    expect((await strict.write(score('one'))).status).toBe(422);
    expect((await strict.write(without, score('one'))).body.issue[0]?.expression).toEqual(['Patient.gender']);
    expect((await strict.write(marigold(), score('one'))).status).toBe(200);
  });

  it('never changes what the record knows of the patient', async () => {
    const door = await open();
    await door.write(marigold({ telecom: [{ value: '01632 960001' }] }), score('one'));
    const [patient] = await door.find(`Patient?identifier=${NHS}|${MARIGOLD.nhsNumber}`);
    expect(patient).toMatchObject({ id: 'pat-1', birthDate: MARIGOLD.birthDate, gender: 'female', active: true });
    expect(patient).not.toHaveProperty('telecom');
    expect(practice.record.resources()).toHaveLength(1);
  });
});

describe('a write about somebody else', () => {
  const stranger = { identifier: { system: NHS, value: OTHER_NHS_NUMBER } };

  it('is refused when they are not registered', async () => {
    const door = await open();
    const answer = await door.write(score('one', { subject: stranger }));
    expect(answer.status).toBe(422);
    expect(answer.body.issue).toMatchObject([{ code: 'not-found', details: { coding: [{ code: '30002' }] } }]);
    expect(answer.text).not.toContain(OTHER_NHS_NUMBER);
  });

  it('is refused whole when only one of several entries is about them', async () => {
    const door = await open();
    expect((await door.write(score('one'), score('two', { subject: stranger }))).status).toBe(422);
    expect(practice.record.resources()).toEqual([]);
  });

  it('is refused when it says nothing of the patient that could be looked up', async () => {
    const door = await open();
    expect((await door.write(score('one', { subject: { display: 'Marigold Thistlewood' } }))).status).toBe(422);
    const literal = { reference: 'Patient/of-another-system' };
    expect((await door.write(score('two', { subject: literal }))).status).toBe(422);
  });

  it('has an answer of its own when they moved to another practice, which it names', async () => {
    const door = await open({ patients: [{ ...MARIGOLD, movedTo: 'Z99009' }] });
    const answer = await door.write(score('one'));
    expect(answer.status).toBe(422);
    expect(answer.body.issue).toMatchObject([{ code: 'business-rule', details: { coding: [{ code: '30003' }] } }]);
    expect(answer.body.issue[0]?.details?.text).toContain('Z99009');
    expect(await door.find(`Patient?identifier=${MARIGOLD.nhsNumber}`)).toMatchObject([{ active: false }]);
  });

  it('may happen between two writes: people are registered and moved over the control door', async () => {
    const door = await open();
    const body = JSON.stringify([{ ...MARIGOLD, movedTo: 'Z99009' }]);
    const headers = { 'content-type': 'application/json' };
    expect((await door.write(score('one'))).status).toBe(200);
    await fetch(`${practice.url}/control/patients`, { method: 'POST', headers, body });
    expect((await door.write(score('two'))).status).toBe(422);
    const wrong = await fetch(`${practice.url}/control/patients`, { method: 'POST', headers, body: '[{}]' });
    expect(wrong.status).toBe(400);
  });
});
