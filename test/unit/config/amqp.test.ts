import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { directionFindings } from '../../../src/config/checks/mapping-directions.ts';
import { readConfig } from '../../../src/config/read.ts';
import { resolveSecrets } from '../../../src/config/resolve-secrets.ts';
import { FILE, marked, SOUND, surroundings } from './sound-config.ts';

const BROKERS = `  brokers:
    - name: borough
      url: { file: broker.url }
      tls: { ca: cert.pem, cert: cert.pem, key: key.pem }
`;
const PLATFORM = `  - id: piecemeal
    kind: vcse-platform
    organisation: { name: Bromley Well }
    inlets:
      - type: amqp
        broker: borough
        queue: from.piecemeal
        mappings: { status.changed: casework/report, outcome.recorded: casework/report }
        userId: piecemeal
    outlets:
      - type: amqp
        broker: borough
        queue: to.piecemeal
        mappings: { referral: casework/referral }
`;
const OTHER = PLATFORM.replaceAll('piecemeal', 'moonlight');
const URL = 'amqps://hearback:s3cret@broker.example.org/borough\n';

function read(platforms: string, { brokers = BROKERS, url = URL }: { brokers?: string; url?: string } = {}) {
  const text = SOUND.replace('  deadlines:\n', `${brokers}  deadlines:\n`)
    .replace('routes:\n', `${platforms}routes:\n`)
    .replace('to: [casework]', `to: [casework, piecemeal${platforms.includes('moonlight') ? ', moonlight' : ''}]`);
  const { text: plain, line, column } = marked(text);
  return { ...readConfig(FILE, surroundings(plain, { '/etc/hearback/broker.url': url })), line, column };
}

describe('partners that speak AMQP', () => {
  it('are read, with defaults that lose nothing', () => {
    const { config, findings } = read(PLATFORM + OTHER);
    expect(findings).toEqual([]);
    const [inlet, outlet] = [config?.partners[2]?.inlets[0], config?.partners[2]?.outlets[0]];
    expect(inlet).toMatchObject({ declare: true, bind: ['#'], prefetch: 20, maxBytes: 1024 * 1024 });
    expect(outlet).toMatchObject({ declare: true, routingKey: '{type}', idempotent: false, acknowledges: 'transport' });
  });

  it('have their broker’s URL and certificates fetched, from where paths are seen', () => {
    const { config } = read(PLATFORM);
    expect(config?.engine.brokers[0]?.url).toEqual({ file: '/etc/hearback/broker.url' });
    const { secrets } = config
      ? resolveSecrets(config, surroundings(undefined, { '/etc/hearback/broker.url': URL }))
      : {};
    expect(secrets?.brokers.get('borough')).toEqual({
      url: URL.trim(),
      tls: { ca: expect.any(String), cert: expect.any(String), key: expect.stringContaining('PRIVATE KEY') },
    });
  });

  it('may share an exchange when their routing keys part', () => {
    const shared = (name: string, platform: string) =>
      platform.replace(
        `queue: to.${name}\n`,
        `queue: to.${name}\n        exchange: out\n        routingKey: "${name}.{type}"\n        bind: ["${name}.#"]\n`,
      );
    expect(read(shared('piecemeal', PLATFORM) + shared('moonlight', OTHER)).findings).toEqual([]);
  });

  it.each<[what: string, from: string, to: string, rule: string]>([
    ['a broker that nobody knows', 'broker: borough', 'broker: ¦bourough', 'config/unknown-broker'],
    ['a name that is the broker’s own', 'queue: from.piecemeal', 'queue: ¦amq.direct', 'config/bad-amqp-name'],
    ['a pattern that is none', '        userId', '        bind: [¦"a..b"]\n        userId', 'config/bad-topic'],
    [
      'a routing key with a blank',
      '        mappings: { referral',
      '        routingKey: ¦"a b"\n        mappings: { referral',
      'config/bad-routing-key',
    ],
    ['a type with a blank', 'mappings: { status.changed', 'mappings: { ¦status changed', 'config/bad-message-type'],
    [
      'two ways to read a message',
      '        userId',
      '        ¦mapping: casework/report\n        userId',
      'config/overlapping',
    ],
    ['no way to read a message', /.*mappings: \{ status.*\n/.exec(PLATFORM)?.[0] ?? '', '', 'config/missing'],
    [
      'mappings of nothing',
      '{ status.changed: casework/report, outcome.recorded: casework/report }',
      '¦{}',
      'config/missing',
    ],
    [
      'a mapping that is not there',
      'outcome.recorded: casework/report',
      'outcome.recorded: ¦casework/reprot',
      'config/unknown-mapping',
    ],
    ['nowhere to publish to', '        queue: to.piecemeal\n', '', 'config/missing'],
    ['a queue in which we would hear ourselves', 'queue: to.piecemeal', 'queue: from.piecemeal', 'config/overlapping'],
    [
      'refusals in a queue that is in use',
      '        userId',
      '        refused: to.piecemeal\n        userId',
      'config/overlapping',
    ],
    [
      'a key that no pattern takes',
      '        mappings: { referral',
      '        ¦routingKey: other.key\n        bind: [mine.#]\n        mappings: { referral',
      'config/unbound',
    ],
    ['an unknown key', '        userId', '        ¦user: x\n        userId', 'config/unknown-key'],
  ])('are refused with %s', (_what, from, to, rule) => {
    expect(PLATFORM).toContain(from);
    const { findings, config, line, column } = read(PLATFORM.replace(from, to));
    expect(config).toBeUndefined();
    const found = findings.find((finding) => finding.rule === rule);
    expect(found).toMatchObject({ severity: 'error', remedy: expect.stringMatching(/\S/) });
    if (to.includes('¦')) expect(found?.place).toMatchObject({ line, column });
    expect(found?.place.line).toBeGreaterThan(1);
  });

  it('are refused when messages of one can end in the queue of the other', () => {
    const into = (name: string, platform: string, bind: string) =>
      platform.replace(
        `queue: to.${name}\n`,
        `queue: to.${name}\n        exchange: out\n        routingKey: "${name}.{type}"\n        bind: ["${bind}"]\n`,
      );
    const { findings } = read(into('piecemeal', PLATFORM, 'piecemeal.#') + into('moonlight', OTHER, '#'));
    expect(findings.map(({ rule }) => rule)).toEqual(['config/overlapping']);
    expect(findings[0]?.place.expression).toBe('/partners/3/outlets/0');
    // Neither has a queue of ours, so only the keys can part them.
    const bare = (name: string, platform: string) => platform.replace(`queue: to.${name}\n`, 'exchange: out\n');
    expect(read(bare('piecemeal', PLATFORM) + bare('moonlight', OTHER)).findings).toHaveLength(1);
  });

  it.each<[what: string, brokers: string, url: string, rule: string]>([
    [
      'a URL that is written down',
      BROKERS.replace('{ file: broker.url }', `¦"${URL.trim()}"`),
      URL,
      'config/literal-secret',
    ],
    [
      'a URL that is none',
      BROKERS.replace('broker.url', '¦broker.url'),
      'https://hearback:s3cret@h/',
      'config/bad-secret',
    ],
    ['a URL that is not there', BROKERS.replace('broker.url', '¦nowhere.url'), URL, 'config/unreadable-file'],
    [
      'a password in the clear',
      BROKERS.replace('{ file', '¦{ file').replace(/ +tls.*\n/, ''),
      'amqp://hearback:s3cret@h/',
      'config/plain-amqp',
    ],
    ['files for TLS that is not spoken', BROKERS.replace('tls', '¦tls'), 'amqp://hearback:s3cret@h/', 'config/no-tls'],
    [
      'nobody who signs in',
      BROKERS.replace('{ file', '¦{ file').replace(/ +tls.*\n/, ''),
      'amqps://h/',
      'config/no-credentials',
    ],
    ['half a certificate', BROKERS.replace(', key: key.pem', ''), URL, 'config/half-pair'],
    ['a certificate that is none', BROKERS.replace('ca: cert.pem', 'ca: ¦key.pem'), URL, 'config/bad-secret'],
    [
      'two brokers of one name',
      `${BROKERS}    - { name: ¦borough, url: { file: broker.url } }\n`,
      URL,
      'config/duplicate-broker',
    ],
  ])('are refused with %s, whose secret is never repeated', (_what, brokers, url, rule) => {
    const { findings, config, line, column } = read(PLATFORM, { brokers, url });
    expect(config).toBeUndefined();
    const found = findings.find((finding) => finding.rule === rule);
    expect(found).toMatchObject({ severity: 'error', remedy: expect.stringMatching(/\S/) });
    if (brokers.includes('¦')) expect(found?.place).toMatchObject({ line, column });
    expect(JSON.stringify(findings)).not.toContain('s3cret');
  });

  it('are configured as docs/platforms.md shows', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/platforms.md'), 'utf8');
    const example = /```yaml\n(engine:[\s\S]*?)```/.exec(page)?.[1];
    const more = { '/etc/hearback/broker.url': URL, '/etc/hearback/mappings/casework/cancel.map.yaml': 'x' };
    const { findings } = readConfig(FILE, surroundings(example, more));
    expect(findings.map(({ severity, rule }) => [severity, rule])).toEqual([['warning', 'config/no-routes']]);
  });

  it('may have a broker on the same machine without TLS', () => {
    const brokers = BROKERS.replace(/ +tls.*\n/, '      local: true\n');
    expect(read(PLATFORM, { brokers, url: 'amqp://guest:guest@localhost' }).findings).toEqual([]);
  });

  it('need mappings that go the right way', () => {
    const { config } = read(PLATFORM);
    const fits = new Map<
      string,
      Parameters<typeof directionFindings>[1] extends ReadonlyMap<string, infer D> ? D : never
    >([
      ['casework/report', { from: 'json', to: 'fhir/report' }],
      ['casework/referral', { from: 'fhir/referral', to: 'messages' }],
    ]);
    expect(config && directionFindings(config, fits, FILE)).toEqual([]);
    const wrong = new Map(fits).set('casework/report', { from: 'hl7v2', to: 'fhir/report' });
    expect(config && directionFindings(config, wrong, FILE).map(({ place }) => place.expression)).toContain(
      '/partners/2/inlets/0/mappings/status.changed',
    );
  });
});
