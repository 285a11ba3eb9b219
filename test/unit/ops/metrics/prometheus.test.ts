import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Prometheus, prometheus } from '../../../../src/ops/metrics/prometheus.ts';
import type { Measure } from '../../../../src/ports.ts';
import type { Standing } from '../../../../src/ports-queries.ts';

const PARTNERS = { configuration: 'c0ffee', partners: ['oak-road', 'casework'], receivers: ['casework'] };
const NOTHING: Standing = { work: [], holds: [], late: [] };

let metrics: Prometheus;
let clock: Date;
let asked: number;
let answer: () => Promise<Standing>;
let circuits: Map<string, number>;
let brokers: Record<string, string>;
let warnings: unknown[];

beforeEach(() => {
  clock = new Date('2026-11-21T09:00:00.000Z');
  asked = 0;
  answer = async () => NOTHING;
  circuits = new Map([['casework', 0]]);
  brokers = {};
  warnings = [];
  metrics = prometheus(PARTNERS);
  metrics.watch({
    store: {
      standing: () => {
        asked += 1;
        return answer();
      },
    },
    clock: { now: () => clock },
    log: { info: () => {}, warn: (...line) => void warnings.push(line), error: () => {} },
    circuits: () => circuits,
    brokers: () => brokers,
  });
});

/** The lines of one metric, without its help. */
async function lines(name: string): Promise<string[]> {
  const { text } = await metrics.scrape();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

const note = (...measures: readonly Measure[]) => {
  for (const measure of measures) metrics.meter.note(measure);
};

describe('what the flow tells', () => {
  it('is counted by partner, channel and words of ours', async () => {
    const sent = { partner: 'casework', channel: 'webhook', purpose: 'referral' } as const;
    note(
      { kind: 'message', partner: 'oak-road', channel: 'fhir', verdict: 'accepted' },
      { kind: 'message', partner: 'oak-road', channel: 'fhir', verdict: 'accepted' },
      { kind: 'attempt', ...sent, outcome: 'transient', seconds: 3 },
      { kind: 'leg', ...sent, outcome: 'acknowledged' },
      { kind: 'look', partner: 'oak-road', outcome: 'read', seconds: 0.1 },
      { kind: 'step', work: 'settle', seconds: 0.1 },
      { kind: 'write', operation: 'commit', failed: false, seconds: 0.002 },
      { kind: 'hold-opened', hold: 'no-route' },
      { kind: 'loop', became: 'closed' },
    );
    const { text, contentType } = await metrics.scrape();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'hearback_messages_total{partner="oak-road",channel="fhir",verdict="accepted"} 2',
      'hearback_delivery_attempt_seconds_count{partner="casework",outcome="transient"} 1',
      'hearback_delivery_attempt_seconds_sum{partner="casework",outcome="transient"} 3',
      'hearback_legs_total{partner="casework",channel="webhook",purpose="referral",outcome="acknowledged"} 1',
      'hearback_record_look_seconds_count{partner="oak-road",outcome="read"} 1',
      'hearback_step_seconds_count{work="settle"} 1',
      'hearback_write_seconds_bucket{le="0.0025",operation="commit",failed="false"} 1',
      'hearback_holds_opened_total{kind="no-route"} 1',
      'hearback_loops_total{became="closed"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('makes no line for a partner that the configuration does not name', async () => {
    for (let number = 0; number < 100; number += 1) {
      note({ kind: 'message', partner: `Quillfeather ${number}`, channel: 'fhir', verdict: 'refused' });
    }
    expect(await lines('hearback_messages_total')).toEqual([
      'hearback_messages_total{partner="other",channel="fhir",verdict="refused"} 100',
    ]);
  });

  it('is 0 for each fault of the log from the start, so that a rule sees the first as well', async () => {
    note({ kind: 'log-fault', fault: 'hand-over-not-signed' });
    expect(await lines('hearback_log_faults_total')).toEqual([
      'hearback_log_faults_total{fault="not-whole"} 0',
      'hearback_log_faults_total{fault="not-sealed"} 0',
      'hearback_log_faults_total{fault="hand-over-not-signed"} 1',
      'hearback_log_faults_total{fault="checkpoint-not-kept"} 0',
    ]);
  });

  it('says by which configuration the engine goes', async () => {
    expect(await lines('hearback_configuration_info')).toEqual(['hearback_configuration_info{digest="c0ffee"} 1']);
  });

  it('is counted apart for two engines in one process', async () => {
    const other = prometheus(PARTNERS);
    other.meter.note({ kind: 'loop', became: 'open' });
    expect(await lines('hearback_loops_total')).toEqual([]);
    expect((await other.scrape()).text).toContain('hearback_loops_total{became="open"} 1');
  });

  it('is timed by a clock that nobody sets', () => {
    const seconds = metrics.meter.stopwatch();
    expect(seconds()).toBeGreaterThanOrEqual(0);
    expect(seconds()).toBeLessThan(60);
  });
});

describe('what is read from the record', () => {
  it('stands there with 0 from the start', async () => {
    expect(await lines('hearback_holds_open')).toHaveLength(7);
    expect(await lines('hearback_work')).toHaveLength(24);
    expect(await lines('hearback_log_unsealed_oldest_seconds')).toEqual(['hearback_log_unsealed_oldest_seconds 0']);
    expect(await lines('hearback_loops_late')).toEqual([
      'hearback_loops_late{owed_by="hearback"} 0',
      'hearback_loops_late{owed_by="oak-road"} 0',
      'hearback_loops_late{owed_by="casework"} 0',
    ]);
    expect(await lines('hearback_deliveries_waiting')).toEqual(['hearback_deliveries_waiting{partner="casework"} 0']);
    expect(await lines('hearback_record_readable')).toEqual(['hearback_record_readable 1']);
  });

  it('is how many there are and how old the oldest is', async () => {
    answer = async () => ({
      work: [
        { kind: 'settle', status: 'ready', partner: 'casework', count: 3, since: '2026-11-21T08:00:00.000Z' },
        { kind: 'settle', status: 'held', partner: 'casework', count: 1, since: '2026-11-21T08:59:00.000Z' },
        { kind: 'onward', status: 'behind-hold', count: 7, since: '2026-11-21T08:00:00.000Z' },
        { kind: 'settle', status: 'ready', partner: 'gone', count: 2, since: '2026-11-21T08:30:00.000Z' },
      ],
      holds: [{ kind: 'no-route', count: 2, since: '2026-11-21T08:59:30.000Z' }],
      late: [{ owedBy: 'casework', count: 4, since: '2026-11-20T09:00:00.000Z' }],
      unsealedSince: '2026-11-21T08:55:00.000Z',
    });
    expect(await lines('hearback_log_unsealed_oldest_seconds')).toEqual(['hearback_log_unsealed_oldest_seconds 300']);
    expect(await lines('hearback_work')).toContain('hearback_work{kind="onward",status="behind-hold"} 7');
    expect(await lines('hearback_work')).toContain('hearback_work{kind="settle",status="ready"} 5');
    expect(await lines('hearback_work_oldest_seconds')).toContain(
      'hearback_work_oldest_seconds{kind="settle",status="ready"} 3600',
    );
    expect(await lines('hearback_deliveries_waiting')).toEqual([
      'hearback_deliveries_waiting{partner="casework"} 4',
      'hearback_deliveries_waiting{partner="other"} 2',
    ]);
    expect(await lines('hearback_deliveries_waiting_oldest_seconds')).toContain(
      'hearback_deliveries_waiting_oldest_seconds{partner="casework"} 3600',
    );
    expect(await lines('hearback_holds_open')).toContain('hearback_holds_open{kind="no-route"} 2');
    expect(await lines('hearback_holds_open_oldest_seconds')).toContain(
      'hearback_holds_open_oldest_seconds{kind="no-route"} 30',
    );
    expect(await lines('hearback_loops_late_oldest_seconds')).toContain(
      'hearback_loops_late_oldest_seconds{owed_by="casework"} 86400',
    );
  });

  it('is asked for at most every two seconds, and once for all who ask together', async () => {
    await Promise.all([metrics.scrape(), metrics.scrape(), metrics.scrape()]);
    clock = new Date(clock.getTime() + 1_999);
    await metrics.scrape();
    expect(asked).toBe(1);
    clock = new Date(clock.getTime() + 1);
    await metrics.scrape();
    expect(asked).toBe(2);
    clock = new Date(clock.getTime() - 3_600_000);
    await metrics.scrape();
    expect(asked).toBe(3);
  });

  it('is left out, and said to be, when the record does not answer; the rest is still told', async () => {
    await metrics.scrape();
    clock = new Date(clock.getTime() + 10_000);
    answer = async () => {
      throw new Error('disk I/O error in the note of Zephyrine');
    };
    note({ kind: 'loop', became: 'open' });
    const { text } = await metrics.scrape();
    expect(text).toContain('hearback_record_readable 0');
    expect(text).toContain('hearback_loops_total{became="open"} 1');
    expect(text).not.toMatch(/^hearback_(holds_open|work|loops_late|log_unsealed_oldest_seconds)[{ ]/m);
    expect(warnings).toEqual([['metrics.record-unreadable', { fault: 'Error' }]]);
  });
});

describe('the ways out', () => {
  it('are told as they are when they are asked for', async () => {
    expect(await lines('hearback_circuit_open')).toEqual(['hearback_circuit_open{partner="casework"} 0']);
    circuits = new Map([['casework', 900]]);
    expect(await lines('hearback_circuit_open')).toEqual(['hearback_circuit_open{partner="casework"} 1']);
  });

  it('name the state of a broker, without what was wrong', async () => {
    brokers = { borough: 'down: ECONNREFUSED' };
    const told = await lines('hearback_broker_state');
    expect(told.filter((line) => line.endsWith(' 1'))).toEqual([
      'hearback_broker_state{broker="borough",state="down"} 1',
    ]);
    expect(told).toHaveLength(5);
  });
});
