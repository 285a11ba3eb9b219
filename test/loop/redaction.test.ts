import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { operationalLog } from '../../src/ops/operational-log.ts';
import type { Log } from '../../src/ports.ts';
import { coordinationTask, patient, serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { type Marker, newMarker } from '../fixtures/marks/mark-texts.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { framed, rawSender } from '../fixtures/mllp/raw-sender.ts';
import type { Answered } from '../fixtures/town/gp-client.ts';
import { untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { postSigned, untilReferred } from '../fixtures/town/platform-says.ts';
import { until } from '../fixtures/town/until.ts';

const NHS_NUMBER = '9990000050';
const PHONE = '01632 960777';
const POSTCODE = 'ZZ99 7QX';
const BORN = '1949-02-28';
const exporter = new InMemorySpanExporter();

let town: MllpTown;
let lines: string[];
let marker: Marker;
let log: Log;
/** What was answered that was no success: what a caller's system writes into logs of its own. */
let refusals: string[];

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});
afterAll(() => trace.disable());
beforeEach(async () => {
  [lines, refusals, marker] = [[], [], newMarker()];
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  log = operationalLog('info', to);
  exporter.reset();
  const engine = ['  traces: true', '  metrics: { port: 0 }', '  deadlines: { decide: 1s }'];
  town = await startMllpTown({ log, road: { patienceMs: [] }, engine });
});
afterEach(() => town.stop());

/** A referral with a mark in every text, and everything that names the person otherwise. */
function markedReferral(number: string, birthDate = BORN) {
  const identifier = (system: string, value: string) => [{ system, value }];
  return marker.marked(
    transactionReferral({
      patient: patient({
        identifier: identifier('https://fhir.nhs.uk/Id/nhs-number', NHS_NUMBER),
        telecom: [{ system: 'phone', value: PHONE }],
        address: [{ line: ['x'], city: 'x', district: 'x', postalCode: POSTCODE }],
        name: [{ family: 'x', given: ['x'], prefix: ['x'] }],
        birthDate,
      }),
      request: serviceRequest({
        identifier: identifier('https://gp.example/referral-number', `SP-${number}`),
        note: [{ text: 'x' }],
        reasonCode: [{ coding: [{ system: 'http://snomed.info/sct', code: '267076002', display: 'x' }], text: 'x' }],
      }),
      task: coordinationTask({ identifier: identifier('https://gp.example/task-number', `T-${number}`) }),
    }),
  );
}

async function refused(answering: Promise<Answered | Response>): Promise<void> {
  const answer = await answering;
  expect(answer.status).toBeGreaterThanOrEqual(400);
  refusals.push(typeof answer.text === 'string' ? answer.text : await answer.text());
}

/** Everything that a practice can get wrong over FHIR. */
async function practiceGetsItWrong(): Promise<void> {
  const bundle = markedReferral('1', `${BORN} ${marker.mark()}`);
  await refused(town.gp.send('', bundle));
  await refused(town.gp.send('', `{"resourceType":"Bundle","id": ${marker.mark()}`));
  await refused(
    town.gp.send('', `<Bundle xmlns="http://hl7.org/fhir"><${marker.mark()}/>`, {
      'content-type': 'application/fhir+xml',
    }),
  );
  await refused(town.gp.send('', marker.mark(), { 'content-type': `text/${marker.mark()}` }));
  // Answered, with what was not understood of it: names, no values.
  refusals.push((await town.gp.read(`/Task?family=${marker.mark()}`)).text);
  await refused(town.gp.read(`/Patient/${marker.mark()}`));
  await refused(town.gp.send(`/${marker.mark()}`, bundle));
  const id = randomUUID();
  const correlation = { 'x-correlation-id': `${NHS_NUMBER}-${marker.mark()}` };
  const taken = await town.gp.send('', markedReferral('2'), { 'x-request-id': id, ...correlation });
  expect([taken.status, taken.text]).toEqual([200, expect.anything()]);
  await refused(town.gp.send('', markedReferral('2'), { 'x-request-id': id }));
}

/** Everything that a platform can get wrong, and a report that it gets right. */
async function platformGetsItWrong(): Promise<void> {
  const secret = town.secrets.casework;
  const one = await untilReferred(town);
  const report = (status: string) =>
    marker.marked(casework.report(one, { afterMs: 0, status, note: 'x', reason: 'x' }, new Date()));
  const post = (body: unknown, to = 'casework', signedWith = secret) =>
    postSigned(town, { to, secret: signedWith, body: typeof body === 'string' ? body : JSON.stringify(body) });
  await refused(post(report('active'), 'casework', town.secrets.springboard));
  await refused(post(report('active'), marker.mark()));
  await refused(post(`{"status": ${marker.mark()}`));
  const [clientReference, taskReference, caseId] = [marker.mark(), marker.mark(), marker.mark()];
  await post({ ...Object(report('active')), clientReference, taskReference, caseId });
  await post({ ...Object(report('active')), status: `rang ${marker.mark()} on ${PHONE}` });
  await untilHeld(town, 'unmapped-code');
  await untilHeld(town, 'unknown-referral');
}

/** A referral over HL7 v2, one that is wrong, and what is no message at all. */
async function practiceSpeaksHl7(): Promise<void> {
  const sender = await rawSender(town.mllpPort('elm'));
  const said = { family: marker.mark(), notes: [marker.mark()], reason: marker.mark(), nhsNumber: NHS_NUMBER };
  sender.say(framed(ref({ id: 'H1', ...said })));
  await sender.hears(1);
  sender.say(framed(ref({ id: 'H2', ...said, nhsNumber: `12${marker.mark()}` })));
  sender.say(framed(ref({ id: 'H3', ...said }).replace('REF^I12', `REF^${marker.mark()}`)));
  sender.say(`${marker.mark()}\r${framed(ref({ id: 'H4', ...said }).replace(/\rPID[^\r]*/, ''))}`);
  refusals.push(...(await sender.hears(4)).slice(1));
  sender.stop();
}

async function shownPlaces(): Promise<Record<string, readonly string[]>> {
  const metrics = await (await fetch(town.engine().metrics ?? '')).text();
  const health = await (await fetch(`${town.url}/health/ready`)).text();
  const entries = await town.store.journal({ limit: 10_000 });
  const holds = [...(await town.store.holds({ open: true })), ...(await town.store.holds({ open: false }))];
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, status, events }) => ({ name, attributes, status, events }));
  return {
    log: lines,
    metrics: metrics.split('\n'),
    health: [health],
    refusals,
    entries: entries.map((entry) => JSON.stringify(entry)),
    holds: holds.map((hold) => JSON.stringify(hold)),
    spans: spans.map((span) => JSON.stringify(span)),
  };
}

function leaks(places: Readonly<Record<string, readonly string[]>>): string[] {
  const held = [...marker.marks(), NHS_NUMBER, PHONE, POSTCODE, BORN, '19490228'];
  return Object.entries(places).flatMap(([place, texts]) =>
    texts.filter((text) => held.some((one) => text.includes(one))).map((text) => `${place}: ${text}`),
  );
}

describe('whatever is said to the engine, right or wrong, with a mark in every text', () => {
  it('is shown in no log line, metric, span, refusal, hold or entry of the log', async () => {
    await practiceGetsItWrong();
    const echo = {
      errors: [{ pointer: `/case/client/${NHS_NUMBER}`, rule: `no ${marker.mark()} here` }],
      detail: marker.mark(),
    };
    await platformGetsItWrong();
    town.lines.casework.set({ status: 422, body: echo });
    const { task } = await town.gp.refer(markedReferral('3'));
    const hold = await untilHeld(town, 'refused-delivery');
    town.lines.casework.set('through');
    await personDecides(town, hold, 'retry');
    const one = await until('it has arrived', () => town.casework.cases()[1]);
    const done = marker.marked(casework.report(one, { afterMs: 0, status: 'closed-completed', note: 'x' }, new Date()));
    await postSigned(town, { to: 'casework', secret: town.secrets.casework, body: JSON.stringify(done) });
    await untilClosed(town, task);
    await practiceSpeaksHl7();

    const places = await shownPlaces();
    expect(leaks(places)).toEqual([]);
    for (const [place, least] of Object.entries({
      log: 10,
      metrics: 50,
      refusals: 14,
      entries: 40,
      holds: 3,
      spans: 10,
    })) {
      expect([place, (places[place] ?? []).length >= least]).toEqual([place, true]);
    }
    expect(marker.marks().length).toBeGreaterThan(60);

    // One that is planted is found: so the others would have been.
    const planted = (await town.store.messagesOf((await town.store.loops({ limit: 1 }))[0]?.id ?? '')).map(({ body }) =>
      Buffer.from(body).toString('utf8'),
    );
    log.warn('planted', { name: /Zq7x\d+w/.exec(planted.join())?.[0] });
    expect(leaks(await shownPlaces())).toEqual([expect.stringContaining('log: {"at"')]);
  });
});
