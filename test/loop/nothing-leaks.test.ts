import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Log } from '../../src/ports.ts';
import { coordinationTask, patient, serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays, postSigned, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

/** What nobody may find in an operational log, in metrics, in the message log's entries or in a hold. */
const PRIVATE = ['Quillfeather', 'Zephyrine', '9990000050', 'zebra-note', 'ZZ99 7QX', '01632 960777', '1949-02-28'];

let town: Town;
let lines: string[];
beforeEach(async () => {
  lines = [];
  const write = (event: string, fields?: object) => void lines.push(JSON.stringify([event, fields]));
  const log: Log = { info: write, warn: write, error: write };
  town = await startTown({
    log,
    road: { patienceMs: [] },
    engine: ['  deadlines: { decide: 1s }', '  metrics: { port: 0 }'],
  });
});
afterEach(() => town.stop());

const referral = (changes: { number: number; birthDate?: string }) =>
  transactionReferral({
    patient: patient({
      identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000050' }],
      name: [{ family: 'Quillfeather', given: ['Zephyrine'] }],
      telecom: [{ system: 'phone', value: '01632 960777' }],
      address: [{ line: ['1 Zebra Row'], postalCode: 'ZZ99 7QX' }],
      birthDate: changes.birthDate ?? '1949-02-28',
    }),
    request: serviceRequest({
      identifier: [{ system: 'https://gp.example/referral-number', value: `SP-${changes.number}` }],
      note: [{ text: 'zebra-note' }],
      reasonCode: [{ text: 'zebra-note for Zephyrine Quillfeather' }],
    }),
    task: coordinationTask({
      identifier: [{ system: 'https://gp.example/task-number', value: `T-${changes.number}` }],
    }),
  });

/** A loop in which everything goes wrong once: refusals, an outage, holds, a bad signature, lateness. */
async function anEventfulLoop(): Promise<void> {
  await town.gp.send('', referral({ number: 1, birthDate: '1949-02-28 zebra-note' }));
  await town.gp.send('', '{"resourceType":"Bundle","Quillfeather": zebra-note');
  await town.gp.read('/Task?patient.identifier=9990000050&family=Quillfeather');
  const echo = { errors: [{ pointer: '/case/client/9990000050', rule: 'no Quillfeather here' }], detail: 'zebra-note' };
  town.lines.casework.set({ status: 422, body: echo });
  const { task } = await town.gp.refer(referral({ number: 2 }));
  const refused = await untilHeld(town, 'refused-delivery');
  await town.gp.send('', referral({ number: 2 }));
  town.lines.casework.set('through');
  await personDecides(town, refused, 'retry');
  await untilReferred(town);
  const secret = town.secrets.casework;
  await postSigned(town, {
    to: 'casework',
    secret,
    body: '{"clientReference":"1","status":"rang Quillfeather on 9990000050"}',
  });
  await postSigned(town, { to: 'casework', secret, body: '{"clientReference":"Quillfeather","status":"active"}' });
  await postSigned(town, { to: 'Quillfeather', secret, body: '{"zebra-note":1}' });
  await untilHeld(town, 'unmapped-code');
  await untilHeld(town, 'unknown-referral');
  town.practice.setTemper({ down: true });
  await platformSays(town, { status: 'accepted', note: 'zebra-note' });
  town.practice.setTemper({ down: false });
  await platformSays(town, {
    status: 'closed-completed',
    reason: 'zebra-note',
    note: 'Zephyrine Quillfeather 9990000050',
  });
  await untilClosed(town, task);
}

describe('an eventful loop', () => {
  it('leaves no patient data in the operational log, in metrics, in the entries of the message log or in holds', async () => {
    await anEventfulLoop();
    const metrics = await (await fetch(town.engine().metrics ?? '')).text();
    const entries = await town.store.journal({ limit: 10_000 });
    const holds = [...(await town.store.holds({ open: true })), ...(await town.store.holds({ open: false }))];
    expect(lines.length).toBeGreaterThan(4);
    expect(entries.length).toBeGreaterThan(20);
    expect(metrics).toContain('hearback_messages_total{partner="riverside",channel="fhir",verdict="refused"}');
    expect(new Set(holds.map(({ kind }) => kind)).size).toBe(3);

    const places = {
      log: lines,
      metrics: metrics.split('\n'),
      journal: entries.map((entry) => JSON.stringify(entry)),
      holds: holds.map((hold) => JSON.stringify(hold)),
    };
    for (const [place, texts] of Object.entries(places)) {
      const leaking = texts.filter((text) => PRIVATE.some((held) => text.includes(held)));
      expect({ place, leaking }).toEqual({ place, leaking: [] });
    }
  });
});
