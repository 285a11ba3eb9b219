import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { readTraceParent, writeTraceParent } from '../../core/trace-parent.ts';
import type { Trace } from '../../ports.ts';
import { aboutFields } from './about-fields.ts';
import { addToWork, withinWork } from './work-context.ts';

/**
 * Each step as a span of OpenTelemetry, by whatever SDK was loaded into the process; none is loaded by us, and without one nothing
 * is traced. Attributes are what the log may show too. A fault is told by its name: its message may repeat what a message held.
 */
export function spanTrace(): Trace {
  const tracer = trace.getTracer('hearback');
  // Kept here and not in the SDK's context: which of them there is, and whether it follows promises, is not ours to know.
  const underWay = new AsyncLocalStorage<Span>();
  return {
    spans: true,
    step({ name, about, parent }, run) {
      const fields = aboutFields(about);
      const kind = name === 'intake' ? SpanKind.SERVER : name === 'settle' ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const from = parentContext(parent);
      const span = tracer.startSpan(`hearback.${name}`, { kind, attributes: attributes(fields) }, from);
      const done = underWay.run(span, () => context.with(trace.setSpan(from, span), () => withinWork(fields, run)));
      return done
        .catch((fault: unknown) => {
          const message = fault instanceof Error ? fault.name : typeof fault;
          span.setStatus({ code: SpanStatusCode.ERROR, message });
          throw fault;
        })
        .finally(() => span.end());
    },
    about(more) {
      const fields = aboutFields(more);
      addToWork(fields);
      underWay.getStore()?.setAttributes(attributes(fields));
    },
    current() {
      const span = underWay.getStore()?.spanContext();
      if (span === undefined || !trace.isSpanContextValid(span)) return undefined;
      return writeTraceParent({ ...span, sampled: (span.traceFlags & TraceFlags.SAMPLED) !== 0 });
    },
  };
}

function parentContext(parent: string | undefined) {
  const read = readTraceParent(parent);
  if (read === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = read;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function attributes(fields: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...fields].map(([name, value]) => [`hearback.${name}`, value]));
}
