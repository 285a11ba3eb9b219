import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { prometheus } from '../../../src/ops/metrics/prometheus.ts';
import type { Measure } from '../../../src/ports.ts';

const docs = join(import.meta.dirname, '../../../docs');
const page = readFileSync(join(docs, 'operations.md'), 'utf8');
const alerts: Alerts = parse(readFileSync(join(docs, 'alerts.yaml'), 'utf8'));

interface Alerts {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly remedy: string };
}

/** Every metric of the engine's own, with its labels. */
let served: ReadonlyMap<string, readonly string[]>;
let text: string;

beforeAll(async () => {
  const metrics = prometheus({ configuration: 'c0ffee', partners: ['a'], receivers: ['a'] });
  const store = { standing: async () => ({ work: [], holds: [], late: [] }) };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  metrics.watch({
    ...{ store, log, clock: { now: () => new Date(0) } },
    circuits: () => new Map([['a', 0]]),
    brokers: () => ({ a: 'up' }),
  });
  for (const measure of ONE_OF_EACH) metrics.meter.note(measure);
  ({ text } = await metrics.scrape());
  served = labelsByName(text);
});

const leg = { partner: 'a', channel: 'webhook', purpose: 'referral' } as const;
const ONE_OF_EACH: readonly Measure[] = [
  { kind: 'message', partner: 'a', channel: 'fhir', verdict: 'accepted' },
  { kind: 'attempt', ...leg, outcome: 'acknowledged', seconds: 1 },
  { kind: 'leg', ...leg, outcome: 'acknowledged' },
  { kind: 'look', partner: 'a', outcome: 'read', seconds: 1 },
  { kind: 'step', work: 'settle', seconds: 1 },
  { kind: 'write', operation: 'commit', failed: false, seconds: 1 },
  { kind: 'hold-opened', hold: 'no-route' },
  { kind: 'loop', became: 'open' },
];

/** From the text exposition; without what a histogram adds to its name and labels. */
function labelsByName(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name = '', labels = ''] of text.matchAll(
    /^(hearback_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? \S+$/gm,
  )) {
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label).filter((label) => label !== 'le');
    found.set(name, names);
  }
  return found;
}

describe('the page about metrics', () => {
  it('names every metric with its labels, and none that is not there', () => {
    const rows = [...page.matchAll(/^\| `(hearback_\w+)` \|([^|]*)\|/gm)];
    const told = rows.map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(([, one]) => one),
    ]);
    expect(new Map(told as [string, string[]][])).toEqual(new Map(served));
  });
});

describe('the alert rules', () => {
  const rules = alerts.groups.flatMap((group) => group.rules);

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for metrics and labels that there are',
    (_name, { expr, annotations }) => {
      const asked = [...expr.matchAll(/(hearback_\w+?)(?:_(?:bucket|count|sum))?(?:\{([^}]*)\}|(?=[^\w{]|$))/g)];
      expect(asked.length).toBeGreaterThan(0);
      for (const [, name = '', selector = ''] of asked) {
        const labels = served.get(name);
        expect({ name, known: labels !== undefined }).toEqual({ name, known: true });
        for (const [, label = ''] of selector.matchAll(/(\w+)=~?"/g)) expect(labels).toContain(label);
      }
      expect(annotations.remedy.length).toBeGreaterThan(20);
    },
  );

  it('speak of the log by words that the engine counts by', () => {
    const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/hearback_log_faults_total\{fault=~?"([^"]+)"/g)]);
    const words = asked.flatMap(([, one = '']) => one.split('|'));
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) expect(text).toContain(`hearback_log_faults_total{fault="${word}"} 0`);
    expect(words).toEqual(expect.arrayContaining(['not-whole', 'hand-over-not-signed', 'checkpoint-not-kept']));
    expect(rules.some(({ expr }) => expr.includes('hearback_log_unsealed_oldest_seconds'))).toBe(true);
  });

  it('has no two of one name', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});
