import { Counter, Histogram, type Registry } from 'prom-client';
import type { LogFault, Measure, Meter } from '../../ports.ts';

/** Seconds. Flushes take a tenth of a millisecond to tens of them; what is far above is as slow as can be. */
const WRITE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15];
/** Partners answer in milliseconds, or when their time is up. */
const ATTEMPT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What the flow counts, as Prometheus' counters and histograms. @param label names a partner */
export function flowMetrics(registry: Registry, label: (partner: string) => string): Meter {
  const series = makeSeries(registry);
  for (const fault of LOG_FAULTS) series.logFaults.inc({ fault }, 0);
  return {
    stopwatch() {
      const begun = process.hrtime.bigint();
      return () => Number(process.hrtime.bigint() - begun) / 1e9;
    },
    note: (measure) => count(measure, series, label),
  };
}

/** Each stands there with 0 from the start: a rule about what came to be more sees the first as well. */
const LOG_FAULTS: readonly LogFault[] = ['not-whole', 'not-sealed', 'hand-over-not-signed', 'checkpoint-not-kept'];

type Series = ReturnType<typeof makeSeries>;

function makeSeries(registry: Registry) {
  const registers = [registry];
  return {
    messages: new Counter({
      name: 'hearback_messages_total',
      help: 'Messages of partners that were answered, by what they were answered.',
      labelNames: ['partner', 'channel', 'verdict'],
      registers,
    }),
    attempts: new Histogram({
      name: 'hearback_delivery_attempt_seconds',
      help: 'Attempts to deliver, from the first byte to the answer, by what they came to.',
      labelNames: ['partner', 'outcome'],
      buckets: ATTEMPT_BUCKETS,
      registers,
    }),
    legs: new Counter({
      name: 'hearback_legs_total',
      help: 'Deliveries after which nothing more is sent unasked, by what they came to.',
      labelNames: ['partner', 'channel', 'purpose', 'outcome'],
      registers,
    }),
    looks: new Histogram({
      name: 'hearback_record_look_seconds',
      help: 'Looks at a GP system’s record, by what they came to.',
      labelNames: ['partner', 'outcome'],
      buckets: ATTEMPT_BUCKETS,
      registers,
    }),
    steps: new Histogram({
      name: 'hearback_step_seconds',
      help: 'Pieces of work, from the claim to the commit.',
      labelNames: ['work'],
      buckets: ATTEMPT_BUCKETS,
      registers,
    }),
    writes: new Histogram({
      name: 'hearback_write_seconds',
      help: 'Writes to the record, from when they were asked for to when they were flushed to disk.',
      labelNames: ['operation', 'failed'],
      buckets: WRITE_BUCKETS,
      registers,
    }),
    holds: new Counter({
      name: 'hearback_holds_opened_total',
      help: 'Questions to a person, by kind. One that is open already is counted again when more comes to wait for it.',
      labelNames: ['kind'],
      registers,
    }),
    loops: new Counter({
      name: 'hearback_loops_total',
      help: 'Loops that were opened and closed.',
      labelNames: ['became'],
      registers,
    }),
    logFaults: new Counter({
      name: 'hearback_log_faults_total',
      help: 'Looks at the message log that found it not to be whole, or could not seal it, and what else was wrong with its seal.',
      labelNames: ['fault'],
      registers,
    }),
  };
}

function count(measure: Measure, series: Series, label: (partner: string) => string): void {
  switch (measure.kind) {
    case 'message': {
      const { partner, channel, verdict } = measure;
      series.messages.inc({ partner: label(partner), channel, verdict });
      break;
    }
    case 'attempt':
      series.attempts.observe({ partner: label(measure.partner), outcome: measure.outcome }, measure.seconds);
      break;
    case 'leg': {
      const { partner, channel, purpose, outcome } = measure;
      series.legs.inc({ partner: label(partner), channel, purpose, outcome });
      break;
    }
    case 'look':
      series.looks.observe({ partner: label(measure.partner), outcome: measure.outcome }, measure.seconds);
      break;
    case 'step':
      series.steps.observe({ work: measure.work }, measure.seconds);
      break;
    case 'write': {
      const { operation, failed, seconds } = measure;
      series.writes.observe({ operation, failed: String(failed) }, seconds);
      break;
    }
    case 'hold-opened':
      series.holds.inc({ kind: measure.hold });
      break;
    case 'loop':
      series.loops.inc({ became: measure.became });
      break;
    case 'log-fault':
      series.logFaults.inc({ fault: measure.fault });
      break;
  }
}
