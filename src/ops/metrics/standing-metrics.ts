import { Gauge, type Registry } from 'prom-client';
import { HOLD_KINDS, type WorkKind } from '../../core/message.ts';
import type { Standing } from '../../ports-queries.ts';

/** Sets the gauges of what waits, what is held and what is late. */
export interface StandingMetrics {
  /** @param now in milliseconds */
  show(standing: Standing, now: number): void;
  /** The record does not answer: what stood there before is no longer known, and a line that stays as it was would be a lie. */
  unknown(): void;
}

interface StandingOptions {
  /** Everybody who can owe something: the partners, and `hearback`. */
  readonly debtors: readonly string[];
  /** Partners that are sent to. */
  readonly receivers: readonly string[];
  readonly label: (partner: string) => string;
}

const WORK: readonly WorkKind[] = ['urgent', 'onward', 'settle', 'read-back', 'digest', 'deadline'];
const STATUSES = ['ready', 'behind-hold', 'claimed', 'held'] as const;

/** A number and the age of the oldest, under the same labels. */
interface Pair {
  readonly count: Gauge;
  readonly oldest: Gauge;
}

/** Every line that there can be is there from the start, with 0: whoever watches need not tell "none" from "not asked". */
export function standingMetrics(registry: Registry, options: StandingOptions): StandingMetrics {
  const pairs = makePairs(registry);
  const readable = new Gauge({
    name: 'hearback_record_readable',
    help: '1 when the record answered at the last collection; else 0, and all that is read from it is missing.',
    registers: [registry],
  });
  // Taken out where it is not known, not reset: a gauge without labels would then show 0, which says that all is sealed.
  const unsealed = new Gauge({
    name: 'hearback_log_unsealed_oldest_seconds',
    help: 'How long ago the oldest entry of the message log was written that is not sealed yet; 0 when all are.',
    registers: [registry],
  });
  return {
    show(standing, now) {
      readable.set(1);
      for (const { count, oldest } of Object.values(pairs)) for (const gauge of [count, oldest]) gauge.reset();
      unsealed.set(standing.unsealedSince === undefined ? 0 : secondsSince(standing.unsealedSince, now));
      showWork(standing, now, pairs, options);
      const holds = zeroed(Object.keys(HOLD_KINDS), 'kind');
      show(pairs.holds, [...holds, ...standing.holds.map((one) => ({ labels: { kind: one.kind }, ...one }))], now);
      const late = standing.late.map((one) => ({ labels: { owed_by: options.label(one.owedBy) }, ...one }));
      show(pairs.late, [...zeroed(options.debtors, 'owed_by'), ...late], now);
    },
    unknown() {
      readable.set(0);
      unsealed.remove();
      for (const { count, oldest } of Object.values(pairs)) for (const gauge of [count, oldest]) gauge.reset();
    },
  };
}

function showWork(standing: Standing, now: number, pairs: Pairs, { receivers, label }: StandingOptions): void {
  const none = WORK.flatMap((kind) => STATUSES.map((status) => ({ labels: { kind, status }, count: 0 })));
  const work = standing.work.map((one) => ({ labels: { kind: one.kind, status: one.status }, ...one }));
  show(pairs.work, [...none, ...work], now);
  const deliveries = standing.work.flatMap((one) =>
    one.kind === 'settle' && one.partner !== undefined ? [{ labels: { partner: label(one.partner) }, ...one }] : [],
  );
  show(pairs.deliveries, [...zeroed(receivers, 'partner'), ...deliveries], now);
}

type Pairs = ReturnType<typeof makePairs>;

function makePairs(registry: Registry) {
  const registers = [registry];
  const pair = (name: string, help: string, labelNames: string[]): Pair => ({
    count: new Gauge({ name: `hearback_${name}`, help: `${help}: how many.`, labelNames, registers }),
    oldest: new Gauge({
      name: `hearback_${name}_oldest_seconds`,
      help: `${help}: how long ago the oldest began; 0 when there is none.`,
      labelNames,
      registers,
    }),
  });
  return {
    work: pair('work', 'Work that waits, is under way or is held, and timers that are due', ['kind', 'status']),
    deliveries: pair('deliveries_waiting', 'Deliveries that are not acknowledged yet', ['partner']),
    holds: pair('holds_open', 'Questions that a person has not answered', ['kind']),
    late: pair('loops_late', 'Loops in which something is owed whose time is up', ['owed_by']),
  };
}

interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly since?: string;
}

function zeroed(values: readonly string[], label: string): Line[] {
  return values.map((value) => ({ labels: { [label]: value }, count: 0 }));
}

/** Lines with the same labels are added up; the oldest of them counts. */
function show({ count, oldest }: Pair, lines: readonly Line[], now: number): void {
  const ages = new Map<string, { readonly labels: Line['labels']; readonly age: number }>();
  for (const { labels, count: number, since } of lines) {
    count.inc(labels, number);
    const age = since === undefined ? 0 : secondsSince(since, now);
    const key = JSON.stringify(labels);
    ages.set(key, { labels, age: Math.max(age, ages.get(key)?.age ?? 0) });
  }
  for (const { labels, age } of ages.values()) oldest.set(labels, age);
}

function secondsSince(instant: string, now: number): number {
  return Math.max(0, (now - Date.parse(instant)) / 1000);
}
