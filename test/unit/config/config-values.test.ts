import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { resolveDatabase, resolveSecrets } from '../../../src/config/resolve-secrets.ts';
import { routingTable } from '../../../src/config/routing-table.ts';
import { testKeyText } from '../../fixtures/journal/log-keys.ts';
import { FILE, SOUND, surroundings, TOKEN_DIGEST, WEBHOOK_SECRET } from './sound-config.ts';

const DAY = 86_400_000;

function sound(text: string = SOUND) {
  const { config, findings } = readConfig(FILE, surroundings(text));
  if (config === undefined) throw new Error(JSON.stringify(findings));
  return config;
}

describe('a configuration that was read', () => {
  it('has every default', () => {
    const { engine, partners } = sound();
    expect(engine.listen).toEqual({ host: '127.0.0.1', port: 8080, behindProxy: false });
    expect(engine.limits).toEqual({
      maxBytes: 5_242_880,
      maxDepth: 64,
      maxItems: 200,
      maxEntries: 500,
      maxReportItems: 100,
      maxNodes: 20_000,
      requestsPerMinute: 600,
    });
    expect(engine.nhsNumberCheck).toBe('refuse');
    expect(partners[0]?.inlets[0]).toMatchObject({ dialect: 'plain', scopes: ['read'] });
    expect(partners[0]?.outlets[0]).toMatchObject({ idempotent: true });
    expect(partners[1]?.inlets[0]).toMatchObject({ toleranceSeconds: 300 });
    expect(partners[1]?.outlets[0]).toMatchObject({
      idempotent: false,
      acknowledges: 'transport',
      retry: { initialMs: 5_000, maxMs: 3_600_000 },
      circuit: { failures: 5, openMs: 30_000 },
    });
  });

  it('has its deadlines in milliseconds', () => {
    const { deadlines } = sound(SOUND.replace('decide: P14D', 'decide: 30s')).engine;
    expect(deadlines).toMatchObject({ decide: 30_000, deliver: DAY / 24, progress: 84 * DAY, outcome: 84 * DAY });
    expect(deadlines).toMatchObject({ 'tell-gp': DAY, 'answer-cancel': 7 * DAY, 'resolve-hold': 2 * DAY });
    expect(deadlines.states.waiting).toBe(34 * 7 * DAY);
  });

  it('has its paths as seen from its own file', () => {
    const { engine, partners } = sound();
    expect(engine.store).toEqual({ kind: 'sqlite', path: '/etc/hearback/var/hearback.db' });
    expect(engine.mappings).toBe('/etc/hearback/mappings');
    expect(engine.terminology).toBe('/etc/hearback/terminology');
    expect(partners[0]?.outlets[0]).toMatchObject({ token: { file: '/etc/hearback/oak-road.token' } });
  });

  it('may keep its record in a database, encrypted unless it is told that the server is local', () => {
    const on = (more: string) =>
      sound(SOUND.replace('  listen:', `  store: { postgres: { connection: { env: DATABASE }${more} } }\n  listen:`));
    expect(on('').engine.store).toEqual({
      kind: 'postgres',
      connection: { env: 'DATABASE' },
      schema: 'hearback',
      local: false,
      readers: 4,
    });
    const address = 'postgres://engine:p%40ss@record.example.org/hearback';
    const secrets = (more: string) => resolveDatabase(on(more), surroundings(undefined));
    expect(secrets('')).toEqual({ database: { address, tls: {} }, findings: [] });
    expect(secrets(', local: true').database).toEqual({ address });
    expect(secrets(', tls: { serverName: db }, local: true').database).toEqual({ address, tls: { serverName: 'db' } });
    expect(JSON.stringify(on(''))).not.toContain('p%40ss');
  });

  it('has the key of the log where one is named, and none of it in what is printed', () => {
    expect(sound().engine.log).toEqual({ key: { env: 'LOG_KEY' } });
    expect(resolveSecrets(sound(), surroundings(undefined)).secrets?.logKey).toBe(testKeyText());
    expect(sound(SOUND.replace('  log: { key: { env: LOG_KEY } }\n', '')).engine.log).toEqual({});
    const kept = sound(SOUND.replace('{ env: LOG_KEY }', '{ env: LOG_KEY }, checkpoints: out/log.checkpoints'));
    expect(kept.engine.log.checkpoints).toBe('/etc/hearback/out/log.checkpoints');
  });

  it('keeps everything for ever unless it is told how long', () => {
    expect(sound().engine.retention).toEqual({});
    const text = SOUND.replace('    port: 8080', '    port: 8080\n  retention: { bodies: P52W, entries: P104W }');
    expect(sound(text).engine.retention).toEqual({ bodies: 364 * DAY, entries: 728 * DAY });
    expect(readConfig(FILE, surroundings(text)).findings).toEqual([]);
  });

  it.each([
    ['entries before bodies', '{ bodies: P104W, entries: P52W }', ['config/entries-before-bodies']],
    ['entries before bodies that are kept for ever', '{ entries: P52W }', ['config/entries-before-bodies']],
    ['less than a loop may be silent', '{ bodies: P30W }', ['config/short-retention']],
  ])('warns of retention that takes %s', (_what, retention, rules) => {
    const text = SOUND.replace('    port: 8080', `    port: 8080\n  retention: ${retention}`);
    const { findings, config } = readConfig(FILE, surroundings(text));
    expect(findings.map(({ severity, rule }) => [severity, rule])).toEqual(rules.map((rule) => ['warning', rule]));
    expect(config).toBeDefined();
  });

  it('shows no secret when it is printed', () => {
    const printed = JSON.stringify(sound());
    expect(printed).not.toContain('whsec_');
    expect(printed).not.toContain('long-random-token');
    expect(printed).toContain('CASEWORK_SECRET');
  });
});

describe('resolveSecrets', () => {
  const withTls = SOUND.replace('    port: 8080', '    port: 8080\n    tls: { cert: cert.pem, key: key.pem }');

  it('fetches the values, each at the place of its inlet or outlet', () => {
    const { secrets, findings } = resolveSecrets(sound(), surroundings(undefined));
    expect(findings).toEqual([]);
    expect(secrets?.partners.get('oak-road')).toEqual({
      inlets: [[TOKEN_DIGEST]],
      outlets: [['long-random-token']],
      outletTls: [undefined],
    });
    expect(secrets?.partners.get('casework')).toEqual({
      inlets: [[WEBHOOK_SECRET]],
      outlets: [[WEBHOOK_SECRET]],
      outletTls: [undefined],
    });
    expect(secrets?.tls).toBeUndefined();
  });

  it('fetches certificate and key', () => {
    const { secrets } = resolveSecrets(sound(withTls), surroundings(undefined));
    expect(secrets?.tls?.cert).toContain('BEGIN CERTIFICATE');
    expect(secrets?.tls?.key).toContain('BEGIN PRIVATE KEY');
  });

  it('says which secret went away since the configuration was read', () => {
    const io = { ...surroundings(undefined), env: () => undefined };
    const { secrets, findings } = resolveSecrets(sound(), io);
    expect(secrets).toBeUndefined();
    expect(findings.map((finding) => [finding.rule, finding.place.expression])).toEqual([
      ['config/unreadable-secret', '/partners/0/inlets/0/tokens/0'],
      ['config/unreadable-secret', '/partners/1/inlets/0/secrets/0'],
      ['config/unreadable-secret', '/partners/1/outlets/0/secrets/0'],
      ['config/unreadable-secret', '/engine/log/key'],
    ]);
  });
});

describe('findings about secrets', () => {
  const SECRET = 'whsec_VGhpc0lzVGhlU2VjcmV0SXRzZWxm';

  it.each([
    ['in place of a source', '- env: CASEWORK_SECRET', `- ${SECRET}`],
    ['as the name of a variable', '- env: CASEWORK_SECRET', `- env: ${SECRET}`],
    ['as a key', '- env: CASEWORK_SECRET', `- ${SECRET}: x`],
    ['as a file', '- env: CASEWORK_SECRET', `- file: ${SECRET}`],
    ['as a digest', 'sha256Env: OAK_ROAD_DIGEST', `sha256: ${SECRET}`],
    ['in an address', 'https://casework', `https://x:${SECRET}@casework`],
    ['beside broken YAML', '- env: CASEWORK_SECRET', `- ${SECRET}: [`],
  ])('never repeat a secret written %s', (_where, from, to) => {
    const { findings } = readConfig(FILE, surroundings(SOUND.replace(from, () => to)));
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  });
});

describe('routingTable', () => {
  it('hands on the routes as they are while everybody is open', () => {
    expect(routingTable(sound())).toEqual([
      {
        name: 'lonely',
        to: ['casework'],
        when: { need: { codes: ['http://snomed.info/sct|267076002'] }, age: { min: 18, max: 99 } },
        capacity: 'open',
      },
    ]);
  });

  it('closes a route whose only platform is closed', () => {
    const closed = sound(SOUND.replace('kind: vcse-platform', 'kind: vcse-platform\n    capacity: closed'));
    expect(routingTable(closed)).toEqual([expect.objectContaining({ to: ['casework'], capacity: 'closed' })]);
  });

  it('leaves a closed platform out of a route that also leads elsewhere', () => {
    const config = sound(SOUND.replace('kind: vcse-platform', 'kind: vcse-platform\n    capacity: closed'));
    const [, casework] = config.partners;
    if (casework === undefined) throw new Error('the platform is missing');
    const partners = [...config.partners, { ...casework, id: 'other', capacity: 'open' as const }];
    const routes = config.routes.map((route) => ({ ...route, to: ['casework', 'other'] }));
    expect(routingTable({ ...config, partners, routes })).toEqual([
      expect.objectContaining({ to: ['other'], capacity: 'open' }),
    ]);
  });
});
