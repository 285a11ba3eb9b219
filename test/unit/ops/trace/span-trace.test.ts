import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { spanTrace } from '../../../../src/ops/trace/span-trace.ts';
import type { Trace } from '../../../../src/ports.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const exporter = new InMemorySpanExporter();

let spans: Trace;
beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  spans = spanTrace();
});
afterAll(() => trace.disable());
beforeEach(() => exporter.reset());

describe('a step as a span of OpenTelemetry', () => {
  it('goes on with the trace that it is given, and says what it was about', async () => {
    const about = { partner: 'oak-road', channel: 'fhir' } as const;
    const answer = await spans.step({ name: 'intake', about, parent: PARENT }, async () => {
      spans.about({ message: 'm1', outcome: 'accepted' });
      return spans.current();
    });
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'hearback.intake',
      kind: SpanKind.SERVER,
      attributes: {
        'hearback.partner': 'oak-road',
        'hearback.channel': 'fhir',
        'hearback.message': 'm1',
        'hearback.outcome': 'accepted',
      },
      parentSpanContext: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
    });
    expect(answer).toBe(`00-4bf92f3577b34da6a3ce929d0e0e4736-${span?.spanContext().spanId}-01`);
  });

  it('begins a trace of its own where it follows from nothing, or from what is none', async () => {
    await spans.step({ name: 'onward', about: {}, parent: 'Zephyrine Quillfeather' }, async () => undefined);
    const [span] = exporter.getFinishedSpans();
    expect(span?.parentSpanContext).toBeUndefined();
    expect(JSON.stringify(span?.attributes)).toBe('{}');
  });

  it('ends with the name of a fault, not with what it says', async () => {
    const failing = spans.step({ name: 'settle', about: {} }, async () => {
      throw new TypeError('of Zephyrine Quillfeather');
    });
    await expect(failing).rejects.toThrow(TypeError);
    const [span] = exporter.getFinishedSpans();
    expect(span?.status.message).toBe('TypeError');
    expect(span?.events).toEqual([]);
  });

  it('is not under way outside of itself', () => {
    expect(spans.current()).toBeUndefined();
  });
});
