import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const exporter = new InMemorySpanExporter();

let town: Town;
beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});
afterAll(() => trace.disable());
afterEach(() => town.stop());

const named = (name: string): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === `hearback.${name}`);

it('a referral is one trace from the practice to the platform, over a restart, and a report is one to the record', async () => {
  town = await startTown({ engine: ['  traces: true'] });
  town.casework.setTemper({ down: true });
  const headers = { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` };
  const { body } = await town.gp.send('', transactionReferral(), headers);
  const task = /Task\/([0-9a-f-]{36})/.exec(JSON.stringify(body))?.[1] ?? '';
  await until('it was tried once', () => named('settle').length > 0);
  await town.stopEngine();
  town.casework.setTemper({ down: false });
  await town.startEngine();
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'closed-completed', note: 'Zephyrine joined a choir.' });
  const { id } = await untilClosed(town, task);

  const [intake] = named('intake');
  const ofReferral = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === TRACE_ID);
  expect(new Set(ofReferral.map(({ name }) => name))).toEqual(
    new Set(['hearback.intake', 'hearback.onward', 'hearback.settle']),
  );
  expect(intake?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
  const onward = ofReferral.find(({ name }) => name === 'hearback.onward');
  expect(onward?.parentSpanContext?.spanId).toBe(intake?.spanContext().spanId);
  const sent = ofReferral.filter(({ name }) => name === 'hearback.settle');
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent.map((span) => span.parentSpanContext?.spanId))).toEqual(new Set([onward?.spanContext().spanId]));
  expect(sent.at(-1)?.attributes).toMatchObject({
    'hearback.partner': 'casework',
    'hearback.purpose': 'referral',
    'hearback.referral': id,
    'hearback.outcome': 'acknowledged',
  });

  // The last report, and what the practice was told because of it, are one trace too.
  const fromCasework = named('intake').filter(({ attributes }) => attributes['hearback.partner'] === 'casework');
  const report = fromCasework.at(-1)?.spanContext().traceId;
  // A step's span ends after what it did is on record, where the story may see it first.
  await until('what the practice was told is traced', () =>
    named('settle').some((span) => {
      return span.attributes['hearback.partner'] === 'riverside' && span.spanContext().traceId === report;
    }),
  );
  const shown = JSON.stringify(
    exporter.getFinishedSpans().map(({ name, attributes, status }) => [name, attributes, status]),
  );
  for (const held of ['Thistlewood', 'Marigold', '9990000018', 'Zephyrine', 'choir']) expect(shown).not.toContain(held);
});

it('nothing is traced where nobody asked for it', async () => {
  exporter.reset();
  town = await startTown();
  await town.gp.refer(transactionReferral());
  await until('it was delivered', () => town.casework.cases().length === 1);
  expect(exporter.getFinishedSpans()).toEqual([]);
});
