import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Message } from 'node-hl7-client';
import { type EmisStyle, startEmisStyle } from '../../docker/simulators/gp-emis-style/practice.ts';
import { startSystmOneStyle } from '../../docker/simulators/gp-systmone-style/practice.ts';
import { sendOneMessage } from '../../src/cli/hl7-client.ts';
import { readSetup } from '../../src/cli/read-setup.ts';
import { diskIo } from '../../src/config/disk.ts';
import { recordedRun, runAgain } from '../../src/flow/desk/recorded-run.ts';
import { writeForLeg } from '../../src/flow/translation/write-for-leg.ts';
import { makePdf } from '../../src/wire-document.ts';
import { type Act, type MllpPeer, type ReceivedMessage, scriptedMllpPeer } from '../contract/outlet/mllp-peer.ts';
import { readPdf } from '../fixtures/document/read-pdf.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import * as pem from '../fixtures/mllp/certificates.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { newGpClient } from '../fixtures/town/gp-client.ts';
import { loopOf, untilClosed, untilHeld, untilIs } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { until } from '../fixtures/town/until.ts';

const TOKEN = 'elm-token-for-tests-0123456789abcdef';
const HOSTILE = '{{ 1+1 }} |^~\\& ${x} \\.br\\ \nMSH|^~\\&|EVIL\n""';

const directory = mkdtempSync(join(tmpdir(), 'hearback-told-'));
let town: MllpTown;
let record: MllpPeer;
let practice: EmisStyle | undefined;
afterEach(async () => {
  await town.stop();
  await record.stop();
  await practice?.stop();
  practice = undefined;
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const TAKES: Act = ({ controlId }, { ack }) => ack('AA', controlId);

interface Wishes {
  readonly mappings?: string;
  readonly act?: Act;
  readonly tls?: boolean;
  /** Lines in place of the HL7 v2 inlet, or of the HL7 v2 outlet. */
  readonly inlet?: readonly string[];
  readonly outlet?: readonly string[];
}

/** A town in which Elm Tree Practice refers and hears back as a story wants it, with the shipped mappings. */
async function start({ mappings = 'write-back: hl7v2/oru-r01', act = TAKES, tls = false, ...wishes }: Wishes) {
  const asks = { key: pem.SERVER_KEY, cert: pem.SERVER_CERTIFICATE, ca: pem.AUTHORITY, requestCert: true };
  record = await scriptedMllpPeer(act, tls ? asks : undefined);
  const keep = (name: string, text: string) => {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    return join(directory, name);
  };
  const files = `{ ca: ${keep('ca.pem', pem.AUTHORITY)}, cert: ${keep('gp.pem', pem.GP_CERTIFICATE)}, key: ${keep('gp.key', pem.GP_KEY)} }`;
  const mllp = [
    `host: 127.0.0.1`,
    `port: ${record.port}`,
    `mappings: { ${mappings} }`,
    'retry: { initialMs: 20, maxMs: 200 }',
    'timeoutMs: 3000',
    ...(tls ? [`tls: ${files}`] : []),
  ];
  const partners = practiceLines({ outlet: ['  - type: mllp', ...mllp.map((line) => `    ${line}`)], ...wishes });
  town = await startMllpTown({ partners, confirmsCancel: false });
}

/** The practice's part of the configuration. */
function practiceLines({ inlet, outlet }: Pick<Wishes, 'inlet'> & { readonly outlet: readonly string[] }): string[] {
  const lines = hl7Practice('elm', { inlet: ['port: 0'] }).map((line) =>
    line.replaceAll('gp/ref-i12', 'hl7v2/ref-i12'),
  );
  const inlets = lines.indexOf('  inlets:') + 1;
  return [...lines.slice(0, inlets), ...(inlet ?? lines.slice(inlets)), '  outlets:', ...outlet];
}

const sendByHand = (message: string) =>
  sendOneMessage(message, { host: '127.0.0.1', port: town.mllpPort('elm'), timeoutMs: 15_000 });

/** Refers by REF^I12 with node-hl7-client, and gives the Task's id. */
async function refer(number: string): Promise<string> {
  expect(await sendByHand(ref({ id: `M-${number}`, number }))).toContain(`MSA|AA|M-${number}`);
  const [named] = await town.store.namesakes('elm', 'resource', `urn:hearback:referral-number:elm|${number}`);
  const referral = named && (await town.store.referral(named.referral));
  if (referral === undefined) throw new Error('the referral is not in the record');
  return referral.parentTask;
}

const parsed = ({ body }: ReceivedMessage) => new Message({ text: body.toString('utf8') });
const kindOf = (one: Message) => `${one.get('MSH.9.1')}^${one.get('MSH.9.2')}`;
const told = () => record.received.map(parsed);
const heard = async (count: number): Promise<Message[]> => {
  await until(`the practice has heard ${count} times`, () => record.received.length >= count);
  return told();
};

describe('a practice that is answered by RRI and told by ORU', () => {
  const BOTH = 'write-back: hl7v2/oru-r01, answer: hl7v2/rri-i12';

  it.each([
    ['rejected', { status: 'declined-by-service', reason: 'No capacity' }, 'R', 'RRI^I12'],
    ['declined', { status: 'declined-by-client', reason: 'Too busy' }, 'R', 'RRI^I12'],
  ] as const)('%s before anything began: one answer, and the loop is closed', async (word, said, status, kind) => {
    await start({ mappings: BOTH });
    const task = await refer(`R-${word}`);
    await platformSays(town, said);
    expect((await untilClosed(town, task)).state.kind).toBe(word);
    const [answer, ...others] = await heard(1);
    expect([answer && kindOf(answer), others]).toEqual([kind, []]);
    expect(answer?.get('RF1.1.1').toString()).toBe(status);
    expect(answer?.get('RF1.1.4').toString()).toBe(word);
    expect(answer?.get('RF1.6.1').toString()).toBe(`R-${word}`);
    expect(record.received[0]?.body.toString()).toContain(said.reason);
  });

  it('a cancellation is refused, and then confirmed: RRI^I14 both times', async () => {
    await start({ mappings: BOTH });
    const task = await refer('R-CANCEL');
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'active' });
    await untilIs(town, task, 'in-progress');
    const cancel = async (id: string) =>
      expect(await sendByHand(ref({ id, event: 'I14', number: 'R-CANCEL', reason: 'Moves away' }))).toContain(
        `AA|${id}`,
      );
    await cancel('M-C1');
    await platformSays(town, { status: 'cancel-refused', note: 'On her way.' });
    await heard(2);
    await cancel('M-C2');
    await platformSays(town, { status: 'cancel-confirmed' });
    expect((await untilClosed(town, task)).state.kind).toBe('cancelled');
    expect(told().map((one) => [kindOf(one), one.get('RF1.1.1').toString(), one.get('RF1.1.4').toString()])).toEqual([
      ['RRI^I12', 'A', 'accepted'],
      ['RRI^I14', '', 'cancel-refused'],
      ['RRI^I14', '', 'cancelled'],
    ]);
  });

  it('an acceptance that brings a score is a result', async () => {
    await start({ mappings: BOTH });
    await refer('R-SCORE');
    await platformSays(town, { status: 'accepted', before: { total: 19 } });
    const [first] = await heard(1);
    expect(first && kindOf(first)).toBe('ORU^R01');
    expect(record.received[0]?.body.toString()).toMatch(/OBX\|\d\|NM\|718466001\^/);
  });

  it('text that a platform writes stays text, in both', async () => {
    await start({ mappings: BOTH });
    const task = await refer('R-TEXT');
    await platformSays(town, { status: 'accepted', note: HOSTILE });
    await platformSays(town, { status: 'closed-completed', note: HOSTILE, after: { total: 26 } });
    await untilClosed(town, task);
    for (const { body } of record.received) {
      const segments = body.toString('utf8').split('\r').slice(0, -1);
      expect(segments.filter((segment) => segment.startsWith('MSH'))).toHaveLength(1);
      const notes = segments.filter((segment) => segment.startsWith('NTE')).map((segment) => segment.split('|')[3]);
      expect(
        notes.some((note) => note?.includes('{{ 1+1 }} \\F\\\\S\\\\R\\\\E\\\\T\\ ${x} \\E\\.br\\E\\ \\.br\\MSH\\F\\')),
      ).toBe(true);
      expect(body.toString('utf8')).not.toContain('|EVIL');
    }
  });
});

it('a practice that takes only documents is told each event as a letter that can be read', async () => {
  await start({ mappings: 'write-back: hl7v2/mdm-t02' });
  const task = await refer('R-LETTER');
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'closed-completed', note: 'Joined the choir in Trefŵr.', after: { total: 26 } });
  expect((await untilClosed(town, task)).state.kind).toBe('completed');
  expect(told().map(kindOf)).toEqual(['MDM^T02', 'MDM^T02']);
  const letters = record.received.map(({ body }) => {
    const obx = body
      .toString('utf8')
      .split('\r')
      .find((segment) => segment.startsWith('OBX'));
    const [, application, subtype, encoding, data = ''] = obx?.split('|')[5]?.split('^') ?? [];
    expect([application, subtype, encoding]).toEqual(['application', 'pdf', 'Base64']);
    return readPdf(Buffer.from(data, 'base64')).pages.join('\n');
  });
  expect(letters[0]).toContain('Social prescribing: Accepted by the service');
  for (const line of ['Thistlewood', '999 000 0018', 'R-LETTER', '26', '718466001', 'Trefŵr'])
    expect(letters[1]).toContain(line);
  const ids = told().map((one) => one.get('TXA.12.1').toString());
  expect(new Set(ids).size).toBe(2);
});

it('what a practice was told can be made again from the record, byte for byte', async () => {
  await start({ mappings: 'write-back: hl7v2/mdm-t02' });
  const task = await refer('R-AGAIN');
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
  await untilClosed(town, task);
  const { setup } = await readSetup(town.configFile, diskIo(process.env));
  if (setup === undefined) throw new Error('the configuration is wrong');
  const { id } = await loopOf(town, task);
  const legs = (await town.store.legs(id)).filter(({ purpose }) => purpose === 'write-back');
  expect(legs).toHaveLength(2);
  for (const leg of legs) {
    const recorded = await recordedRun(leg.message, { store: town.store, reportMappingOf: () => undefined });
    const found = setup.library.mappings.find(({ mapping }) => mapping.name === recorded.name);
    if (found === undefined) throw new Error('no mapping');
    const { result, findings } = runAgain(recorded, found.mapping);
    expect(findings).toEqual([]);
    const [made] = writeForLeg(found.mapping, result, { leg: leg.id, makePdf });
    expect(made?.text).toBe(Buffer.from(recorded.message.body).toString('utf8'));
  }
});

it('a record that shares no code with the engine files them: the coded score, who said so, the letter', async () => {
  const marigold = { nhsNumber: NHS_NUMBER, family: 'Thistlewood', given: 'Marigold', birthDate: '1951-03-07' };
  const gp = await startSystmOneStyle({
    port: 0,
    patients: [{ ...marigold, gender: 'female' }],
    match: 'full',
    autoFileMs: 1,
  });
  try {
    const outlet = (mappings: string) => [
      '  - type: mllp',
      '    host: 127.0.0.1',
      `    port: ${gp.port}`,
      `    mappings: { ${mappings} }`,
    ];
    await start({ outlet: outlet('write-back: hl7v2/oru-r01, answer: hl7v2/rri-i12') });
    const task = await refer('R-FILED');
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed', after: { total: 26 }, note: 'Joined the choir.' });
    await untilClosed(town, task);
    const filed = await until('both are filed', () => {
      const shown = gp.record.patient(NHS_NUMBER);
      return shown.consultations.length > 0 && shown.referrals.length > 0 && shown;
    });
    const entries = filed.consultations.flatMap((one) => one.entries);
    expect(entries).toContainEqual(expect.objectContaining({ code: '718466001', value: '26' }));
    expect(JSON.stringify(filed)).toContain('Said by Ayo Bankole');
    expect(JSON.stringify(filed.referrals)).toContain('R-FILED');

    gp.switchOff();
    await town.stopEngine();
    await town.startEngine({ partners: practiceLines({ outlet: outlet('write-back: hl7v2/mdm-t02') }) });
    const letter = await refer('R-LETTERS');
    const about = await until('the second referral has arrived', () => town.casework.cases()[1]);
    await platformSays(town, { status: 'declined-by-client', about });
    await untilClosed(town, letter);
    const { documents } = await until('the letter is filed', () => {
      const shown = gp.record.patient(NHS_NUMBER);
      return shown.documents.length > 0 && shown;
    });
    expect(documents).toHaveLength(1);
    expect(documents[0]).toMatchObject({ title: expect.stringContaining('Declined') });
  } finally {
    await gp.stop();
  }
});

describe('mixed forms', () => {
  it('a referral by HL7 v2 is written back by FHIR', async () => {
    practice = await startEmisStyle({ port: 0, token: TOKEN, match: 'off' });
    writeFileSync(join(directory, 'elm.token'), TOKEN, { mode: 0o600 });
    const outlet = [
      '  - type: fhir',
      `    url: ${practice.url}/fhir`,
      `    token: { file: ${join(directory, 'elm.token')} }`,
    ];
    await start({ outlet });
    const task = await refer('R-FHIR');
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
    expect((await untilClosed(town, task)).state.kind).toBe('completed');
    const entries = practice.record.patient(NHS_NUMBER).consultations.flatMap((one) => one.entries);
    expect(entries.filter(({ code }) => code === '718466001').map(({ value }) => value)).toEqual(['26']);
    expect(record.received).toEqual([]);
  });

  it.each([
    ['plain TCP', false],
    ['TLS with client certificates', true],
  ])('a referral by FHIR is answered and told by HL7 v2, over %s', async (_name, tls) => {
    const sha256 = createHash('sha256').update(TOKEN).digest('hex');
    const inlet = ['  - type: fhir', `    tokens: [{ sha256: ${sha256} }]`];
    await start({ inlet, tls, mappings: 'write-back: hl7v2/oru-r01, answer: hl7v2/rri-i12' });
    const { task } = await newGpClient(`${town.url}/fhir`, TOKEN).refer(transactionReferral());
    await untilReferred(town);
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
    expect((await untilClosed(town, task)).state.kind).toBe('completed');
    expect(told().map(kindOf)).toEqual(['RRI^I12', 'ORU^R01']);
    const [answer, outcome] = told();
    expect(answer?.get('RF1.6.1').toString()).toBe('SP-0001');
    expect(outcome?.get('OBR.2.1').toString()).toBe('SP-0001');
    expect(outcome?.get('OBR.2.3').toString()).toBe('https://gp.example/referral-number');
    expect(outcome?.get('PID.3.1').toString()).toContain(NHS_NUMBER);
  });
});

it('a code that the record does not know waits for a person, however the record calls it besides', async () => {
  const errors = ['ERR||OBX^1^3|103^Table value not found^HL70357|E', 'ERR|||207^Application internal error^HL70357|E'];
  await start({ act: ({ controlId }, { ack }) => ack('AE', controlId, errors) });
  const task = await refer('R-103');
  await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
  const hold = await untilHeld(town, 'refused-delivery');
  expect(hold.findings.map(({ place }) => place.expression)).toContain('OBX-3');
  expect(record.received).toHaveLength(1);
  expect((await loopOf(town, task)).status).toBe('open');
});
