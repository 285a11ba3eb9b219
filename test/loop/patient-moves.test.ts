import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ofType } from '../../src/core/referral.ts';
import { type MllpPeer, scriptedMllpPeer } from '../contract/outlet/mllp-peer.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { type AdtSaid, adt, OTHER_NHS_NUMBER } from '../fixtures/mllp/adt.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, SHIPPED, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { loopOf, untilClosed, untilIs } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { until } from '../fixtures/town/until.ts';

const NEW_HOME = '9 New Row^^Sampleford^^ZZ99 3CZ';

let town: MllpTown;
let record: MllpPeer;
const gps = new Map<string, RawSender>();
beforeEach(async () => {
  record = await scriptedMllpPeer(({ controlId }, { ack }) => ack('AA', controlId));
  const practice = (id: string) =>
    hl7Practice(id, {
      inlet: ['port: 0', `sender: { application: ${id} }`],
      outlet: ['host: 127.0.0.1', `port: ${record.port}`, 'mappings: { write-back: hl7v2/oru-r01 }'],
      mappings: SHIPPED,
    });
  town = await startMllpTown({
    partners: [...practice('elm'), ...practice('oak')],
    routes: ['- { name: both, to: [casework, springboard], all: true }'],
  });
});
afterEach(async () => {
  for (const gp of gps.values()) gp.stop();
  gps.clear();
  await town.stop();
  await record.stop();
});

async function say(message: string, by = 'elm'): Promise<string> {
  const gp = gps.get(by) ?? (await rawSender(town.mllpPort(by)));
  gps.set(by, gp);
  const before = gp.heard().length;
  gp.say(framed(message));
  return (await gp.hears(before + 1))[before] ?? '';
}

const refer = (id: string, by = 'elm') => say(ref({ id, application: by }), by);
const sayOf = (said: AdtSaid, by = 'elm') => say(adt({ application: by, ...said }), by);

async function at(number: string, by = 'elm') {
  const [named] = await town.store.namesakes(by, 'resource', `urn:hearback:referral-number:${by}|${number}`);
  const snapshot = named && (await town.store.snapshot(named.referral));
  if (snapshot === undefined) throw new Error(`no referral ${number} of ${by}`);
  const [patient] = ofType(snapshot.dossier, 'Patient');
  return { ...snapshot, patient: patient ?? { resourceType: 'Patient' as const } };
}

const updates = () => town.casework.deliveries().filter(({ kind }) => kind === 'update').length;

describe('a patient who moves house', () => {
  it('lives there in every open referral of that practice, and the platforms whose mapping reads it are told', async () => {
    await refer('M-1');
    await refer('M-2');
    await untilReferred(town);
    const { referral } = await at('M-1');
    await until('casework has both', () => town.casework.cases().length === 2);
    await until('springboard has both', () => town.springboard.cases().length === 2);
    expect(ackOf(await sayOf({ id: 'A-1', address: NEW_HOME }))).toBe('AA A-1');
    for (const number of ['M-1', 'M-2']) {
      const { patient } = await at(number);
      expect(patient.address).toEqual([{ line: ['9 New Row'], city: 'Sampleford', postalCode: 'ZZ99 3CZ' }]);
    }
    await until('casework is told of both', () => updates() === 2);
    const sent = await town.store.messagesOf(referral.id);
    const [told] = sent
      .map(({ body }) => Buffer.from(body).toString())
      .filter((body) => body.includes('referral.updated'));
    expect(JSON.parse(told ?? '{}').case.client.address.postcode).toBe('ZZ99 3CZ');
    expect(town.springboard.deliveries().map(({ kind }) => kind)).toEqual(['referral', 'referral']);
  });

  it('is seen in the loop and the log by what changed and by which message, and never by what it is now', async () => {
    await refer('M-3');
    await untilReferred(town);
    await sayOf({ id: 'A-2', address: NEW_HOME });
    const { referral } = await at('M-3');
    const [entry] = await town.store.journal({ kind: 'patient.changed', limit: 9 });
    expect(entry).toMatchObject({
      actor: 'elm',
      referral: referral.id,
      detail: { elements: 'address', trigger: 'ADT^A31', told: 'casework', untold: 'springboard' },
    });
    const { printed } = await runCommand('loop', referral.id, '--config', town.configFile);
    expect(printed).toContain('patient changed: address; not told: springboard  by elm');
    const log = JSON.stringify(await town.store.journal({ limit: 1000 }));
    for (const value of ['New Row', '3CZ', 'Thistlewood', NHS_NUMBER]) expect(printed + log).not.toContain(value);
    const [timeline] = (await loopOf(town, referral.parentTask)).timeline.filter(({ what }) =>
      what.startsWith('patient'),
    );
    expect(timeline?.id).toBe(entry?.message);
  });

  it('who tells the practice a telephone number that the referral left out stays unknown by it', async () => {
    await refer('M-4');
    await untilReferred(town);
    const answer = await sayOf({ id: 'A-3', telecom: '07700 900009^PRN^CP' });
    expect(ackOf(answer)).toBe('AA A-3');
    expect(answer).toContain('patient/no-open-referral');
    expect((await at('M-4')).patient.telecom).toBeUndefined();
    expect(await town.store.journal({ kind: 'patient.changed', limit: 9 })).toEqual([]);
  });

  it('and has no address now: what was sent as "" is deleted; a repeat of it is no news', async () => {
    await refer('M-5');
    await sayOf({ id: 'A-4', address: '""' });
    expect((await at('M-5')).patient.address).toBeUndefined();
    expect(await sayOf({ id: 'A-5', address: '""' })).toContain('patient/no-open-referral');
    expect(await town.store.journal({ kind: 'patient.changed', limit: 9 })).toHaveLength(1);
  });

  it('is told of once, whoever repeats the message', async () => {
    await refer('M-6');
    await untilReferred(town);
    const answers = [await sayOf({ id: 'A-6', address: NEW_HOME }), await sayOf({ id: 'A-6', address: NEW_HOME })];
    expect(answers[1]).toBe(answers[0]);
    await platformSays(town, { status: 'accepted' });
    await untilIs(town, (await at('M-6')).referral.parentTask, 'accepted');
    await until('casework is told', () => updates() > 0);
    expect(updates()).toBe(1);
  });

  it('lives where the last of many messages says, in the order in which they came', async () => {
    await refer('M-7');
    const gp = await rawSender(town.mllpPort('elm'));
    const rows = Array.from({ length: 20 }, (_, index) => `${index} Row^^Sampleford`);
    gp.say(rows.map((address, index) => framed(adt({ id: `S-${index}`, address, application: 'elm' }))).join(''));
    await gp.hears(20);
    gp.stop();
    expect((await at('M-7')).patient.address?.[0]?.line).toEqual(['19 Row']);
  });
});

describe('a patient who dies', () => {
  it('is known to have died, though the referral said nothing of it', async () => {
    await refer('D-1');
    expect(ackOf(await sayOf({ id: 'A-7', died: 'Y' }))).toBe('AA A-7');
    expect((await at('D-1')).patient.deceasedBoolean).toBe(true);
    expect(await sayOf({ id: 'A-8', died: 'N' })).not.toContain('no-open-referral');
    expect((await at('D-1')).patient.deceasedBoolean).toBe(false);
  });
});

describe('what one practice says', () => {
  it('changes nothing in the referrals of another, of the same patient', async () => {
    await refer('P-1', 'elm');
    await refer('P-1', 'oak');
    const before = (await at('P-1', 'oak')).patient;
    await sayOf({ id: 'A-9', address: NEW_HOME }, 'elm');
    await sayOf({ id: 'A-10', event: 'A40', nhsNumber: OTHER_NHS_NUMBER, former: { nhsNumber: NHS_NUMBER } }, 'elm');
    expect((await at('P-1', 'oak')).patient).toEqual(before);
    expect((await at('P-1', 'elm')).patient.address?.[0]?.line).toEqual(['9 New Row']);
    const journal = await town.store.journal({ referral: (await at('P-1', 'oak')).referral.id, limit: 100 });
    expect(journal.filter(({ kind }) => kind.startsWith('patient.'))).toEqual([]);
  });

  it('about a merge is how it is told afterwards: under the number that stays', async () => {
    await refer('P-3');
    await untilReferred(town);
    await sayOf({ id: 'A-15', event: 'A40', nhsNumber: OTHER_NHS_NUMBER, former: { nhsNumber: NHS_NUMBER } });
    await platformSays(town, { status: 'accepted' });
    const [told] = await until('it is told', () => record.received.length > 0 && record.received);
    const pid = told?.body
      .toString()
      .split('\r')
      .find((segment) => segment.startsWith('PID'));
    expect(pid).toContain(OTHER_NHS_NUMBER);
    expect(pid).not.toContain(NHS_NUMBER);
  });

  it('of a patient without a referral is taken and recorded, and says so', async () => {
    const answer = await sayOf({ id: 'A-11', event: 'A28', nhsNumber: OTHER_NHS_NUMBER });
    expect(ackOf(answer)).toBe('AA A-11');
    expect(answer).toMatch(/ERR\|\|[^\r]*\|W\|patient\/no-open-referral/);
    expect(await town.store.journal({ kind: 'patient.no-loop', limit: 9 })).toHaveLength(1);
    expect(await town.store.counts()).toMatchObject({ 'message.accepted': 1 });
  });

  it('of a referral that has closed is recorded there, and changes nothing', async () => {
    await refer('P-2');
    await untilReferred(town);
    const { referral } = await at('P-2');
    await platformSays(town, { status: 'closed-completed' });
    await platformSays(town, { by: 'springboard', status: 'Got help' });
    await untilClosed(town, referral.parentTask);
    const before = (await at('P-2')).patient;
    expect(await sayOf({ id: 'A-14', address: NEW_HOME })).toContain('patient/no-open-referral');
    expect((await at('P-2')).patient).toEqual(before);
    const { printed } = await runCommand('loop', referral.id, '--config', town.configFile);
    expect(printed).toContain('patient not changed, because the loop had closed: address  by elm');
    expect(updates()).toBe(0);
  });
});

describe('what cannot be', () => {
  it.each<[what: string, said: Omit<AdtSaid, 'id'>, rule: string]>([
    ['a wrong check digit', { nhsNumber: '9990000019' }, 'referral/nhs-number-check-digit'],
    ['no number at all', { nhsNumber: '' }, 'hl7v2/field-missing'],
    ['another birth date and another name', { born: '19800101', family: 'Other' }, 'patient/other-person'],
    ['the number of another patient', { own: '7781', nhsNumber: OTHER_NHS_NUMBER }, 'patient/other-patient'],
  ])('%s is refused with what to do, and changes nothing', async (_what, said, rule) => {
    await refer('W-1');
    const before = (await at('W-1')).patient;
    const answer = await sayOf({ id: 'A-12', address: NEW_HOME, ...said });
    expect(ackOf(answer)).toBe('AE A-12');
    expect(answer).toContain(rule);
    expect((await at('W-1')).patient).toEqual(before);
    expect(await town.store.counts()).toMatchObject({ 'message.refused': 1 });
  });

  it('a date of birth that was wrong is corrected', async () => {
    await refer('W-2');
    expect(ackOf(await sayOf({ id: 'A-13', born: '19510308' }))).toBe('AA A-13');
    expect((await at('W-2')).patient.birthDate).toBe('1951-03-08');
  });
});
