import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Message } from 'node-hl7-client';
import { sendOneMessage } from '../../src/cli/hl7-client.ts';
import { type Act, type MllpPeer, scriptedMllpPeer } from '../contract/outlet/mllp-peer.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import * as pem from '../fixtures/mllp/certificates.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { framed, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { until } from '../fixtures/town/until.ts';

/** SHA-256 of pem.GP_CERTIFICATE, as openssl prints it. */
const GP_FINGERPRINT =
  'D9:AB:50:CE:CF:62:65:B0:CF:69:85:D7:DC:11:B9:87:55:AF:2F:63:40:B8:47:04:F4:CF:E2:76:78:12:95:97';

let directory: string;
let town: MllpTown;
let record: MllpPeer;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-hl7-'));
  for (const [name, text] of Object.entries(pem)) writeFileSync(join(directory, `${name}.pem`), text);
});
afterEach(async () => {
  await town.stop();
  await record.stop();
  rmSync(directory, { recursive: true, force: true });
});

const file = (name: keyof typeof pem) => join(directory, `${name}.pem`);

async function start({ tls, act }: { readonly tls: boolean; readonly act?: Act }): Promise<void> {
  const asked = { key: pem.SERVER_KEY, cert: pem.SERVER_CERTIFICATE, ca: pem.AUTHORITY, requestCert: true };
  record = await scriptedMllpPeer(act ?? (({ controlId }, { ack }) => ack('AA', controlId)), tls ? asked : undefined);
  const outlet = [
    'host: 127.0.0.1',
    `port: ${record.port}`,
    'mappings: { write-back: hl7v2/oru-r01, answer: hl7v2/rri-i12 }',
    'retry: { initialMs: 20, maxMs: 200 }',
    'timeoutMs: 3000',
    ...(tls ? [`tls: { ca: ${file('AUTHORITY')}, cert: ${file('GP_CERTIFICATE')}, key: ${file('GP_KEY')} }`] : []),
  ];
  const inlet = ['port: 0', ...(tls ? [`certificates: ["${GP_FINGERPRINT}"]`] : [])];
  const listen = `tls: { cert: ${file('SERVER_CERTIFICATE')}, key: ${file('SERVER_KEY')}, ca: ${file('AUTHORITY')} }`;
  town = await startMllpTown({
    partners: hl7Practice('elm', { inlet, outlet }).map((line) => line.replaceAll('gp/ref-i12', 'hl7v2/ref-i12')),
    engine: tls ? [`  mllp: { ${listen} }`] : [],
  });
}

type Shown = Parameters<typeof sendOneMessage>[1]['tls'];

/** What `hearback hl7 send` does: node-hl7-client at the other end of the wire. */
function sendByHand(message: string, tls?: Shown): Promise<string> {
  const to = { host: '127.0.0.1', port: town.mllpPort('elm'), timeoutMs: 15_000 };
  return sendOneMessage(message, { ...to, ...(tls && { tls }) });
}

/** The fields of each segment of a name, as they stand between the delimiters. */
function segmentsOf(body: Buffer | undefined, name: string): string[][] {
  const lines = (body?.toString('utf8') ?? '').split('\r').map((line) => line.split('|'));
  return lines.filter(([first]) => first === name);
}

async function taskOf(number: string): Promise<string> {
  const [named] = await town.store.namesakes('elm', 'resource', `urn:hearback:referral-number:elm|${number}`);
  const referral = named && (await town.store.referral(named.referral));
  if (referral === undefined) throw new Error('the referral is not in the record');
  return referral.parentTask;
}

describe.each([
  ['plain TCP', false],
  ['TLS with client certificates', true],
] as const)('a practice that speaks HL7 v2 alone, over %s', (_name, tls) => {
  it('refers with node-hl7-client, is answered by RRI^I12, and told by ORU^R01 until the loop is closed', async () => {
    await start({ tls });
    const shown = tls ? { ca: pem.AUTHORITY, cert: pem.GP_CERTIFICATE, key: pem.GP_KEY } : undefined;
    const answer = await sendByHand(ref({ id: 'WAY-1', number: 'SP-WAY' }), shown);
    expect(answer).toContain('MSA|AA|WAY-1');
    const task = await taskOf('SP-WAY');
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed', after: { total: 26 }, note: 'Joined the choir.' });
    const loop = await untilClosed(town, task);
    expect(loop.state.kind).toBe('completed');

    const told = record.received.map(({ body }) => new Message({ text: body.toString('utf8') }));
    expect(told.map((one) => `${one.get('MSH.9.1')}^${one.get('MSH.9.2')}`)).toEqual(['RRI^I12', 'ORU^R01']);
    const [reply, outcome] = told;
    expect(reply?.get('RF1.1.1').toString()).toBe('A');
    expect(reply?.get('RF1.6.1').toString()).toBe('SP-WAY');
    expect(outcome?.get('OBR.2').toString()).toBe('SP-WAY');
    expect(outcome?.get('ORC.25.1').toString()).toBe('completed');
    // The score under its SNOMED CT code, and the end itself.
    const results = segmentsOf(record.received[1]?.body, 'OBX').map((fields) => [fields[1], fields[3], fields[5]]);
    expect(results).toEqual([
      ['1', expect.stringMatching(/^718466001\^.*\^SCT\^/), '26'],
      ['2', '^Completed', 'Completed'],
    ]);
    expect(segmentsOf(record.received[1]?.body, 'NTE').flat().join()).toContain('Joined the choir.');
    expect(new Set(record.received.map(({ controlId }) => controlId)).size).toBe(2);
    for (const one of told) {
      expect(one.get('PID.3.1').toString()).toContain(NHS_NUMBER);
      expect(one.get('MSH.10').toString()).toHaveLength(20);
    }
  });
});

describe('who may speak', () => {
  it('nobody without the certificate, whatever the message says of its sender', async () => {
    await start({ tls: true });
    const gp = await rawSender(town.mllpPort('elm'));
    gp.say(ref({ id: 'PLAIN' }));
    await until('the connection is closed', gp.closed);
    const stranger = { ca: pem.AUTHORITY, cert: pem.STRANGER_CERTIFICATE, key: pem.STRANGER_KEY };
    const turnedAway = new Promise<void>((resolve) => {
      const socket = connect({ ...stranger, host: '127.0.0.1', port: town.mllpPort('elm') });
      socket.on('secureConnect', () => socket.write(framed(ref({ id: 'STRANGER' }))));
      socket.on('error', () => {}).on('close', () => resolve());
      socket.resume();
    });
    await turnedAway;
    expect(await town.store.journal({ partner: 'elm', limit: 10 })).toEqual([]);
  });
});

describe('a practice whose record is in doubt', () => {
  it('an ORU^R01 that is never acknowledged waits for a person, and is never sent again unasked', async () => {
    await start({ tls: false, act: () => {} });
    await sendByHand(ref({ id: 'DOUBT-1', number: 'SP-DOUBT' }));
    await platformSays(town, { status: 'accepted' });
    const [hold] = await until('it is held', async () => {
      const holds = await town.store.holds({ open: true });
      return holds.length > 0 && holds;
    });
    expect(hold?.kind).toBe('ambiguous-delivery');
    expect(record.received).toHaveLength(1);
  });

  it('a refusal with 207 is tried again, the same bytes under the same MSH-10', async () => {
    let refusals = 0;
    await start({
      tls: false,
      act: ({ controlId }, { ack }) => {
        refusals += 1;
        if (refusals > 2) ack('AA', controlId);
        else ack('AE', controlId, ['ERR|||207^Application internal error^HL70357|E']);
      },
    });
    await sendByHand(ref({ id: 'AGAIN-1', number: 'SP-AGAIN' }));
    await platformSays(town, { status: 'accepted' });
    await until('it was taken', () => record.received.length === 3);
    expect(new Set(record.received.map(({ body }) => body.toString('latin1'))).size).toBe(1);
  });
});
