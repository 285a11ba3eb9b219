import { afterEach, describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import { patient } from '../fixtures/fhir/referral-bundle.ts';
import { type AshTown, startAshTown } from '../fixtures/records/ash-town.ts';
import { loopOf, untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';

let town: AshTown;
afterEach(() => town.stop());

const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code';

function registered(change: Partial<Patient> = {}): Patient {
  const { managingOrganization: _, ...known } = patient();
  return { ...known, generalPractitioner: [{ identifier: { system: ODS, value: 'Z99004' } }], ...change };
}

async function start(...patients: readonly Patient[]): Promise<string> {
  town = await startAshTown({ outlet: ['writeBack: { checkPerson: true }'] });
  town.record.patients.push(...patients);
  const task = await town.refers();
  await town.says({ status: 'closed-completed', note: 'Joined a walking group.' });
  return task;
}

describe('before anything is filed', () => {
  it('the patient is looked up at the practice, and what is the same is filed', async () => {
    const task = await start(registered());
    const loop = await untilClosed(town, task);
    expect(loop.closure).toEqual({ level: 'read-back', labels: [] });
    expect(town.record.looks.map(({ type }) => type)).toEqual(['Patient', 'Observation']);
    expect(loop.readings.map(({ entries }) => entries[0]?.type)).toEqual(['Patient', 'Observation']);
  });

  it.each<[string, Patient[], string, string]>([
    ['another birth date', [registered({ birthDate: '1951-07-03' })], 'person/differs', 'Patient.birthDate'],
    ['another surname', [registered({ name: [{ family: 'Reed' }] })], 'person/differs', 'Patient.name.family'],
    ['nobody of that number', [], 'person/not-registered', 'Patient'],
    [
      'a patient who has moved to another practice',
      [registered({ generalPractitioner: [{ identifier: { system: ODS, value: 'Z99001' } }] })],
      'person/moved',
      'Patient',
    ],
  ])(
    '%s: nothing is filed, and a person is asked with the element named and no value',
    async (_what, patients, rule, place) => {
      const task = await start(...patients);
      const hold = await untilHeld(town, 'failed-check');
      expect(hold.findings.map((one) => [one.rule, one.place.expression])).toEqual([[rule, place]]);
      expect(JSON.stringify(hold)).not.toMatch(/Thistlewood|Reed|1951|9990000018/);
      expect(town.record.taken).toEqual([]);
      expect((await loopOf(town, task)).status).toBe('open');
    },
  );

  it('is compared again when a person says that it was mended', async () => {
    const task = await start();
    const hold = await untilHeld(town, 'failed-check');
    town.record.patients.push(registered());
    await personDecides(town, hold, 'retry', 'they have registered her');
    await untilClosed(town, task);
    expect(town.record.taken).toHaveLength(1);
  });

  it('a retry does not loosen it: what still differs is not filed', async () => {
    await start(registered({ birthDate: '1951-07-03' }));
    const hold = await untilHeld(town, 'failed-check');
    await personDecides(town, hold, 'retry', 'try once more');
    const again = await untilHeld(town, 'failed-check').then(async (one) => {
      for (let next = one; ; ) {
        if (next.id !== hold.id) return next;
        await new Promise((resolve) => setTimeout(resolve, 25));
        next = await untilHeld(town, 'failed-check');
      }
    });
    expect(again.findings.map(({ rule }) => rule)).toEqual(['person/differs']);
    expect(town.record.taken).toEqual([]);
  });

  it('can be given up: the loop says so', async () => {
    const task = await start();
    const hold = await untilHeld(town, 'failed-check');
    await personDecides(town, hold, 'abandon', 'the new practice was rung');
    const loop = await untilClosed(town, task);
    expect(loop.promised.find(({ kind }) => kind === 'tell-gp')).toMatchObject({ is: 'released' });
    expect(town.record.taken).toEqual([]);
  });
});
