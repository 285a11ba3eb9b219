import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ofType } from '../../src/core/referral.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { type AdtSaid, adt, OTHER_NHS_NUMBER, THIRD_NHS_NUMBER } from '../fixtures/mllp/adt.ts';
import { ref, type Said } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, SHIPPED, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { until } from '../fixtures/town/until.ts';

/** Three records of one practice, each with a number of its own. */
const [A, B, C] = [
  { nhsNumber: NHS_NUMBER, own: '7781' },
  { nhsNumber: OTHER_NHS_NUMBER, own: '7782' },
  { nhsNumber: THIRD_NHS_NUMBER, own: '7783' },
];
const NHS = 'https://fhir.nhs.uk/Id/nhs-number';
const OWN = 'urn:hearback:patient:elm:PRACTICE';

let town: MllpTown;
let gp: RawSender;
beforeEach(async () => {
  town = await startMllpTown({ partners: hl7Practice('elm', { inlet: ['port: 0'], mappings: SHIPPED }) });
  gp = await rawSender(town.mllpPort('elm'));
});
afterEach(async () => {
  gp.stop();
  await town.stop();
});

async function say(message: string): Promise<string> {
  const before = gp.heard().length;
  gp.say(framed(message));
  return (await gp.hears(before + 1))[before] ?? '';
}

/** A referral of one of the records: the message's own number of the patient is told as the record has it. */
const referral = (id: string, of: typeof A, more: Partial<Said> = {}) =>
  ref({ id, nhsNumber: of.nhsNumber, ...more }).replace('7781^^^PRACTICE', `${of.own}^^^PRACTICE`);
const refer = (id: string, of: typeof A) => say(referral(id, of));
const merge = (id: string, from: Partial<typeof A>, into: Partial<typeof A>, more: Partial<AdtSaid> = {}) =>
  say(adt({ id, event: 'A40', ...into, former: from, ...more }));

async function patientOf(number: string) {
  const [named] = await town.store.namesakes('elm', 'resource', `urn:hearback:referral-number:elm|${number}`);
  const snapshot = named && (await town.store.snapshot(named.referral));
  if (snapshot === undefined) throw new Error(`no referral ${number}`);
  const [patient] = ofType(snapshot.dossier, 'Patient');
  const identifier = patient?.identifier ?? [];
  const values = (isOld: boolean) =>
    identifier.filter(({ use }) => (use === 'old') === isOld).map(({ value }) => value);
  return { snapshot, identifier, now: values(false), before: values(true), birthDate: patient?.birthDate };
}

describe('two records that are one patient', () => {
  it('every open referral of the one that is no more is known by the number that stays, and found by both', async () => {
    await refer('R-1', A);
    await refer('R-2', A);
    await refer('R-3', B);
    expect(ackOf(await merge('M-1', A, B))).toBe('AA M-1');
    for (const number of ['R-1', 'R-2']) {
      const { identifier, snapshot } = await patientOf(number);
      expect(identifier).toEqual([
        { system: NHS, value: B.nhsNumber },
        { system: OWN, value: B.own },
        { system: NHS, value: A.nhsNumber, use: 'old' },
        { system: OWN, value: A.own, use: 'old' },
      ]);
      for (const { nhsNumber } of [A, B]) {
        for (const type of ['Patient', 'Task', 'ServiceRequest']) {
          const param = type === 'Patient' ? 'identifier' : 'patient.identifier';
          const where = [{ param, values: [`${NHS}|${nhsNumber}`], compare: 'equal' as const }];
          const { resources } = await town.store.search({ type, where, referrer: 'elm', limit: 50 });
          expect(resources.map((one) => one.referral)).toContain(snapshot.referral.id);
        }
      }
    }
    expect((await patientOf('R-3')).before).toEqual([]);
    const merged = await town.store.journal({ kind: 'patient.merged', limit: 9 });
    expect(merged.map(({ detail }) => detail['elements'])).toEqual(['nhsNumber identifier', 'nhsNumber identifier']);
  });

  it('a platform whose mapping reads the number is told of the one that stays', async () => {
    await refer('R-1', A);
    await untilReferred(town);
    await merge('M-1', A, B);
    await until('casework is told', () => town.casework.deliveries().some(({ kind }) => kind === 'update'));
    const { snapshot } = await patientOf('R-1');
    const { printed } = await runCommand('loop', snapshot.referral.id, '--config', town.configFile);
    expect(printed).toMatch(/patient merged into another record: nhsNumber identifier {2}by elm/);
    const sent = (await town.store.messagesOf(snapshot.referral.id)).map(({ body }) => Buffer.from(body).toString());
    const [told] = sent.filter((body) => body.includes('referral.updated'));
    expect(JSON.parse(told ?? '{}').case.client.nhsNumber).toBe(B.nhsNumber);
    expect(told).not.toContain(A.nhsNumber);
    // What the platform says under the reference that it was given still arrives.
    expect(await platformSays(town, { status: 'accepted' })).toBeLessThan(300);
  });

  it('later messages about the referral are taken by either number', async () => {
    await refer('R-1', A);
    await merge('M-1', A, B);
    for (const [id, record] of Object.entries({ 'N-1': A, 'N-2': B })) {
      const answer = await say(referral(id, record, { event: 'I13', number: 'R-1', notes: [`Note ${id}`] }));
      expect(ackOf(answer)).toBe(`AA ${id}`);
    }
    const answer = await say(referral('N-3', C, { event: 'I13', number: 'R-1', notes: ['Wrong'] }));
    expect(answer).toContain('referral/other-patient');
  });

  it('merged on from one to the next: the last number stays, all are known, and out of order is refused', async () => {
    await refer('R-1', A);
    await merge('M-1', A, B);
    await merge('M-2', B, C);
    const { now, before } = await patientOf('R-1');
    expect(now).toEqual([C.nhsNumber, C.own]);
    expect(before).toEqual(
      [A.nhsNumber, A.own, B.nhsNumber, B.own].sort((one, other) => before.indexOf(one) - before.indexOf(other)),
    );
    await refer('R-2', { ...A, nhsNumber: '9990000042', own: '9' });
    const late = await merge('M-3', { nhsNumber: '9990000042' }, B);
    expect([ackOf(late), late]).toEqual(['AE M-3', expect.stringContaining('patient/merged-before')]);
    expect(await merge('M-4', { nhsNumber: '9990000042' }, C)).toContain('MSA|AA|M-4');
    expect((await patientOf('R-2')).now[0]).toBe(C.nhsNumber);
  });

  it('the same merge again, under another MSH-10, is no news; back again is refused', async () => {
    await refer('R-1', A);
    await merge('M-1', A, B);
    const before = await patientOf('R-1');
    expect(ackOf(await merge('M-2', A, B))).toBe('AA M-2');
    expect(await merge('M-3', B, A)).toContain('patient/merged-before');
    expect((await patientOf('R-1')).identifier).toEqual(before.identifier);
    expect(await town.store.journal({ kind: 'patient.merged', limit: 9 })).toHaveLength(1);
  });

  it('a referral under the number that is no more goes on under the one that stays, and says so', async () => {
    await refer('R-1', A);
    await merge('M-1', A, B);
    await merge('M-2', B, C);
    const answer = await refer('R-2', A);
    expect([ackOf(answer), answer]).toEqual(['AA R-2', expect.stringContaining('patient/merged-number')]);
    const { now, before } = await patientOf('R-2');
    expect([now[0], before]).toEqual([C.nhsNumber, [A.nhsNumber]]);
    expect(await refer('R-3', C)).not.toContain('patient/merged-number');
  });

  it('numbers of its own alone are merged too', async () => {
    await refer('R-1', { nhsNumber: NHS_NUMBER, own: '7781' });
    expect(ackOf(await merge('M-1', { own: '7781' }, { own: '9999', nhsNumber: '' }))).toBe('AA M-1');
    const { now, before } = await patientOf('R-1');
    expect([now, before]).toEqual([[NHS_NUMBER, '9999'], ['7781']]);
  });

  it('a merge by the number of the practice reaches every referral, whichever lane and connection it came by', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => rawSender(town.mllpPort('elm'))));
    for (const [index, sender] of others.entries())
      sender.say(framed(referral(`L-${index}`, { ...A, nhsNumber: '9990000042' })));
    await Promise.all(others.map((sender) => sender.hears(1)));
    others[0]?.say(framed(adt({ id: 'M-1', event: 'A40', own: '7790', nhsNumber: '', former: { own: '7781' } })));
    for (const [index, sender] of others.slice(1).entries()) {
      const more = { event: 'I13', number: `L-${index}`, notes: ['On'] } as const;
      sender.say(framed(referral(`K-${index}`, { own: '7790', nhsNumber: '9990000042' }, more)));
    }
    const answers = await Promise.all(others.map((sender) => sender.hears(2)));
    expect(answers.map(([, second]) => ackOf(second).slice(0, 2))).toEqual(['AA', 'AA', 'AA', 'AA', 'AA']);
    for (const sender of others) sender.stop();
    for (const index of others.keys()) expect((await patientOf(`L-${index}`)).before).toEqual(['7781']);
  });
});

describe('a merge that cannot be', () => {
  it.each<[what: string, into: Partial<typeof A>, from: Partial<typeof A>, more: Partial<AdtSaid>, rule: string]>([
    ['of records with different dates of birth', B, A, { born: '19800101' }, 'patient/merge-birth-date'],
    ['into itself', A, A, {}, 'patient/merge-into-itself'],
    ['of a record that has another NHS number than is said', B, { own: '7781' }, {}, 'patient/merge-of-another'],
    [
      'with a wrong check digit of who is no more',
      B,
      { nhsNumber: '9990000019' },
      {},
      'referral/nhs-number-check-digit',
    ],
    ['with a wrong check digit of who stays', { nhsNumber: '9990000019' }, A, {}, 'referral/nhs-number-check-digit'],
  ])('%s is refused, and nothing is changed', async (_what, into, from, more, rule) => {
    await refer('R-1', A);
    await refer('R-2', B);
    const before = [await patientOf('R-1'), await patientOf('R-2')].map(({ identifier }) => identifier);
    const answer = await merge('M-1', from, into, more);
    expect([ackOf(answer), answer]).toEqual(['AE M-1', expect.stringContaining(rule)]);
    expect([await patientOf('R-1'), await patientOf('R-2')].map(({ identifier }) => identifier)).toEqual(before);
  });

  it('one contradiction among several referrals keeps all of them as they are', async () => {
    await refer('R-1', A);
    await refer('R-2', A);
    await say(adt({ id: 'S-1', nhsNumber: A.nhsNumber, born: '' }));
    await say(referral('R-4', A).replace('19510307', '19601231'));
    const answer = await merge('M-1', A, B);
    expect(answer).toContain('patient/merge-birth-date');
    for (const number of ['R-1', 'R-2', 'R-4']) expect((await patientOf(number)).before).toEqual([]);
  });

  it('of somebody without a referral is taken and recorded, and says so', async () => {
    const answer = await merge('M-1', A, B);
    expect([ackOf(answer), answer]).toEqual(['AA M-1', expect.stringContaining('patient/no-open-referral')]);
  });
});
