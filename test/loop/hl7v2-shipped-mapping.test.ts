import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Message } from 'node-hl7-client';
import { sendOneMessage } from '../../src/cli/hl7-client.ts';
import { type Dossier, ofType } from '../../src/core/referral.ts';
import { type MllpPeer, scriptedMllpPeer } from '../contract/outlet/mllp-peer.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf } from '../fixtures/mllp/raw-sender.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { PROJECT } from '../fixtures/town/town-config.ts';

const NOTHING: Dossier = { resourceType: 'Bundle', type: 'collection' };

let town: MllpTown;
let record: MllpPeer;
beforeAll(async () => {
  record = await scriptedMllpPeer(({ controlId }, { ack }) => ack('AA', controlId));
  const outlet = ['host: 127.0.0.1', `port: ${record.port}`, 'mappings: { write-back: hl7v2/oru-r01 }'];
  const shipped = hl7Practice('elm', { inlet: ['port: 0'], outlet }).map((line) =>
    line.replaceAll('gp/ref-i12', 'hl7v2/ref-i12'),
  );
  town = await startMllpTown({ partners: shipped });
});
afterAll(async () => {
  await town.stop();
  await record.stop();
});

/** The input of the mapping's own case, under another control id and referral number; `more` are further segments. */
function referral(id: string, event: 'I12' | 'I13' | 'I14' = 'I12', more: readonly string[] = [], number = id): string {
  const text = readFileSync(join(PROJECT, 'mappings/hl7v2/ref-i12.full.hl7'), 'utf8').trim();
  const renamed = text.replaceAll('I12', event).replace('REF_I13', 'REF_I12').replace('REF_I14', 'REF_I12');
  const lines = renamed.replace('|M-0001|', `|${id}|`).replaceAll('REF-77', number).replace('EXT-77', number);
  return `${[...lines.split('\n'), ...more].join('\r')}\r`;
}

function say(message: string): Promise<string> {
  return sendOneMessage(message, { host: '127.0.0.1', port: town.mllpPort('elm'), timeoutMs: 15_000 });
}

async function referralOf(number: string) {
  const [named] = await town.store.namesakes('elm', 'resource', `urn:hearback:referral-number:elm|${number}`);
  return named && town.store.snapshot(named.referral);
}

describe('the mapping that is shipped for REF^I12', () => {
  it('its own example is taken, reaches a platform, and its outcome comes back', async () => {
    const answer = await say(referral('SHIP-1'));
    expect(ackOf(answer)).toBe('CA SHIP-1');
    const at = await referralOf('SHIP-1');
    const named = ofType(at?.dossier ?? NOTHING, 'Organization').map(({ name }) => name);
    expect(named).toEqual(expect.arrayContaining(['Testford Surgery', 'Testford Link Workers']));
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed' });
    expect(JSON.stringify(town.casework.cases()[0])).toContain('Testford Surgery');
    const loop = await untilClosed(town, at?.referral.parentTask ?? '');
    expect(loop.state.kind).toBe('completed');
    const states = record.received.map(({ body }) =>
      new Message({ text: body.toString('utf8') }).get('ORC.25.1').toString(),
    );
    expect(states).toEqual(['accepted', 'completed']);
    expect(record.received[1]?.body.toString()).toMatch(/\rOBR\|1\|SHIP-1\|[^|]+\^HEARBACK\|871731000000106\^/);
  });

  it('REF^I14 by the same mapping cancels it', async () => {
    await say(referral('SHIP-2'));
    const answer = await say(referral('SHIP-3', 'I14', [], 'SHIP-2'));
    expect(ackOf(answer)).toBe('CA SHIP-3');
    const at = await referralOf('SHIP-2');
    const [task] = ofType(at?.dossier ?? NOTHING, 'Task').filter(({ id }) => id === at?.referral.parentTask);
    expect(task?.status).toBe('cancelled');
  });
});

const con = (type: string, status: string, dates = '') => `CON|1|${type}^^HL70496|||||||||${status}^^HL70498${dates}`;
const obx = (answer: string) => `OBX|9|ID|425691002^Consent given for electronic record sharing^SCT||${answer}||||||F`;

it('consent that is withdrawn by a change is refused with what to do, and taken with a cancellation', async () => {
  await say(referral('WD-1'));
  const withdrawn = (id: string, event: 'I13' | 'I14') => say(referral(id, event, [con('001', 'X')], 'WD-1'));
  const answer = await withdrawn('WD-2', 'I13');
  expect([ackOf(answer), answer]).toEqual(['CE WD-2', expect.stringContaining('Cancel the referral (REF\\S\\I14).')]);
  expect(ackOf(await withdrawn('WD-3', 'I14'))).toBe('CA WD-3');
});

describe('consent to share in REF', () => {
  it.each<[what: string, segments: string[], answer: string, rule: string | undefined]>([
    ['granted', [con('001', 'A')], 'CA', undefined],
    ['answered yes', [obx('Y')], 'CA', undefined],
    ['not asked', [con('001', 'P')], 'CA', 'referral/consent-absent'],
    ['not said', [], 'CA', 'referral/consent-absent'],
    ['refused', [con('001', 'R')], 'CE', 'referral/consent-refused'],
    ['rescinded', [con('001', 'X')], 'CE', 'referral/consent-refused'],
    ['granted, and refused', [con('001', 'A'), con('', 'R')], 'CE', 'referral/consent-refused'],
    ['answered no', [obx('N')], 'CE', 'referral/consent-refused'],
    ['granted with limitations', [con('001', 'L')], 'CE', 'referral/consent'],
    ['limited, and granted', [con('001', 'L'), con('001', 'A'), obx('Y')], 'CE', 'referral/consent'],
    ['limited, not asked', [con('001', 'L'), con('001', 'P')], 'CE', 'referral/consent'],
    ['granted for something else', [con('002', 'A')], 'CE', 'referral/consent'],
    ['granted until last year', [con('001', 'A', '||||20250101')], 'CE', 'referral/consent'],
    ['answered by a word that nobody agreed on', [obx('MAYBE')], 'CE', 'referral/consent'],
  ])('%s', async (what, segments, code, rule) => {
    const id = `C-${what.replaceAll(/\W/g, '').slice(0, 17)}`;
    const answer = await say(referral(id, 'I12', segments));
    expect(ackOf(answer)).toBe(`${code} ${id}`);
    if (rule !== undefined) expect(answer).toContain(WORDS[rule]);
    else for (const words of Object.values(WORDS)) expect(answer).not.toContain(words);
    expect(answer).not.toContain('^207&');
    expect((await referralOf(id)) !== undefined).toBe(code === 'CA');
  });
});

/** The message is of v2.4: its acknowledgement has the words of a finding and no rule. */
const WORDS: Readonly<Record<string, string>> = {
  'referral/consent': 'Neither consent to share nor its absence is recorded.',
  'referral/consent-absent': 'It is stated that consent to share is not recorded.',
  'referral/consent-refused': 'Consent to share is refused or withdrawn',
};
