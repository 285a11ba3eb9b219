import { describe, expect, it } from '@jest/globals';
import { directionFindings } from '../../../src/config/checks/mapping-directions.ts';
import { readConfig } from '../../../src/config/read.ts';
import { resolveSecrets } from '../../../src/config/resolve-secrets.ts';
import { FILE, SOUND, surroundings } from './sound-config.ts';

const GP = `  - id: elm
    kind: gp-system
    organisation: { name: Elm Tree Practice, ods: Z99003 }
    inlets:
      - type: mllp
        mappings: { "REF^I12": casework/report }
        addresses: [10.20.0.0/16]
        sender: { application: ELM }
    outlets:
      - type: mllp
        host: elm.example.nhs.uk
        port: 2575
        tls: { ca: cert.pem, cert: cert.pem, key: key.pem }
        mappings: { write-back: casework/referral }
        acknowledges: business
`;
const TWIN = GP.replace('id: elm', 'id: oak').replace('application: ELM', 'application: OAK');
const LISTEN = `  mllp:
    host: 0.0.0.0
    tls: { cert: cert.pem, key: key.pem, ca: cert.pem }
`;

function read(gp: string, listen = LISTEN) {
  const text = SOUND.replace('  deadlines:\n', `${listen}  deadlines:\n`).replace('routes:\n', `${gp}routes:\n`);
  return readConfig(FILE, surroundings(text));
}

const rules = (gp: string, listen?: string) => read(gp, listen).findings.map(({ rule }) => rule);

describe('partners that speak HL7 v2', () => {
  it('are read, with defaults that fit the protocol', () => {
    const { config, findings } = read(GP + TWIN);
    expect(findings).toEqual([]);
    const elm = config?.partners.find(({ id }) => id === 'elm');
    expect(elm?.inlets[0]).toMatchObject({
      port: 2575,
      processingIds: ['P'],
      lane: 'nhs-number',
      characterSet: 'ASCII',
    });
    expect(elm?.outlets[0]).toMatchObject({ concurrency: 1, idempotent: false, acknowledges: 'business' });
    expect(config?.engine.mllp).toMatchObject({ maxBytes: 20 * 1024 * 1024, maxConnections: 1_000 });
  });

  it('have their certificates fetched', () => {
    const { config } = read(GP);
    const { secrets } = config ? resolveSecrets(config, surroundings(undefined)) : {};
    expect(secrets?.mllpTls?.key).toContain('BEGIN PRIVATE KEY');
    expect(secrets?.partners.get('elm')?.outletTls).toEqual([
      { ca: expect.any(String), cert: expect.any(String), key: expect.any(String) },
    ]);
  });

  it('digests of certificates are read as tools print them', () => {
    const printed = Array.from({ length: 32 }, () => 'AB').join(':');
    const { config } = read(GP.replace('addresses: [10.20.0.0/16]', `certificates: ["${printed}"]`));
    expect(config?.partners.find(({ id }) => id === 'elm')?.inlets[0]).toMatchObject({
      certificates: ['ab'.repeat(32)],
    });
  });

  it.each<[what: string, gp: string, rule: string, listen?: string]>([
    ['listening for everybody without encryption', GP, 'config/exposed-listener', '  mllp: { host: 0.0.0.0 }\n'],
    ['anybody may speak as it, beyond loopback', GP.replace(/ +addresses.*\n/, ''), 'config/open-inlet'],
    [
      'certificates without TLS',
      GP.replace('addresses: [10.20.0.0/16]', `certificates: [${'a'.repeat(64)}]`),
      'config/no-tls',
      '',
    ],
    [
      'a name that nobody vouches for',
      GP.replace('addresses: [10.20.0.0/16]', 'commonNames: [elm]'),
      'config/no-authority',
      '  mllp: { host: 0.0.0.0, tls: { cert: cert.pem, key: key.pem } }\n',
    ],
    ['two partners that nothing tells apart', GP + TWIN.replace('OAK', 'ELM'), 'config/overlapping'],
    [
      'networks that overlap',
      GP + TWIN.replace('OAK', 'ELM').replace('10.20.0.0/16', '10.20.30.40'),
      'config/overlapping',
    ],
    ['an address that is none', GP.replace('10.20.0.0/16', '10.20.0.0/99'), 'config/bad-network'],
    ['a lane that is none', GP.replace('sender:', 'lane: PID\n        sender:'), 'config/bad-lane'],
    ['an event that is none', GP.replace('"REF^I12"', 'REF_I12'), 'config/bad-event'],
    ['a mapping that is not there', GP.replace('casework/report', 'elm/ref'), 'config/unknown-mapping'],
    ['sending without encryption', GP.replace(/ +tls.*\n/, ''), 'config/plain-mllp'],
    ['half a client certificate', GP.replace(', key: key.pem', ''), 'config/half-pair'],
    ['a certificate that is not there', GP.replace('ca: cert.pem,', 'ca: other.pem,'), 'config/unreadable-file'],
    ['no mapping for what a GP must hear', GP.replace('write-back', 'update'), 'config/missing'],
    ['answers only, and no outcomes', GP.replace('write-back', 'answer'), 'config/missing'],
    [
      'a mapping for answers that is not there',
      GP.replace('write-back: casework/referral', 'write-back: casework/referral, answer: elm/rri'),
      'config/unknown-mapping',
    ],
    [
      'two ways of being told',
      GP.replace(
        '    outlets:\n',
        '    outlets:\n      - { type: fhir, url: "https://a.example/fhir", token: { file: oak-road.token } }\n',
      ),
      'config/overlapping',
    ],
  ])('%s: is said', (_what, gp, rule, ...[listen]) => {
    expect(rules(gp, listen)).toEqual([rule]);
  });

  it('networks apart, certificates apart and ports apart tell partners apart', () => {
    const twin = TWIN.replace('OAK', 'ELM');
    expect(rules(GP + twin.replace('10.20.0.0/16', '10.21.0.0/16'))).toEqual([]);
    expect(
      rules(GP + twin.replace('        mappings: { "REF', '        port: 2576\n        mappings: { "REF')),
    ).toEqual([]);
  });

  it('on loopback nobody need be known', () => {
    expect(rules(GP.replace(/ +addresses.*\n/, ''), '')).toEqual([]);
  });

  it('webhook partners name mappings that go the way that is needed, too', () => {
    const { config } = read(GP);
    if (config === undefined) throw new Error('the configuration is wrong');
    const known = new Map([
      ['casework/report', { from: 'hl7v2', to: 'fhir/report' } as const],
      ['casework/referral', { from: 'json', to: 'fhir/report' } as const],
    ]);
    const found = directionFindings(config, known, FILE).map(({ place }) => place.expression);
    expect(found).toContain('/partners/1/inlets/0/mapping');
    expect(found).toContain('/partners/1/outlets/0/mappings/referral');
  });

  it('name mappings that go the way that is needed', () => {
    const { config } = read(GP);
    if (config === undefined) throw new Error('the configuration is wrong');
    type Known =
      Parameters<typeof directionFindings>[1] extends ReadonlyMap<string, infer Direction> ? Direction : never;
    const rulesOf = (inward: Known, outward: Known) => {
      const known = new Map([
        ['casework/report', inward],
        ['casework/referral', outward],
      ]);
      const found = directionFindings(config, known, FILE).map(({ rule, place }) => [rule, place.expression]);
      return found.filter(([, expression]) => expression?.startsWith('/partners/2/'));
    };
    expect(rulesOf({ from: 'hl7v2', to: 'fhir/referral' }, { from: 'fhir/referral', to: 'hl7v2' })).toEqual([]);
    expect(rulesOf({ from: 'hl7v2', to: 'fhir/report' }, { from: 'fhir/referral', to: 'json' })).toEqual([
      ['config/mapping-direction', '/partners/2/inlets/0/mappings/REF^I12'],
      ['config/mapping-direction', '/partners/2/outlets/0/mappings/write-back'],
    ]);
  });

  it('are answered only where they ask', () => {
    const platform = GP.replace('gp-system', 'vcse-platform');
    const { findings } = read(platform.replace('write-back:', 'answer: casework/referral, referral:'));
    expect(findings.map(({ rule, place }) => [rule, place.line])).toContainEqual([
      'config/wrong-kind',
      expect.any(Number),
    ]);
  });

  it('may name a mapping for answers, which goes the same way', () => {
    const gp = GP.replace('write-back: casework/referral', 'write-back: casework/referral, answer: elm/answer');
    const text = SOUND.replace('  deadlines:\n', `${LISTEN}  deadlines:\n`).replace('routes:\n', `${gp}routes:\n`);
    const io = surroundings(text);
    const { config, findings } = readConfig(FILE, {
      ...io,
      list: (directory) => [...(io.list(directory) ?? []), 'elm/answer.map.yaml'],
    });
    expect(findings).toEqual([]);
    if (config === undefined) throw new Error('the configuration is wrong');
    const known = new Map([['elm/answer', { from: 'fhir/referral', to: 'json' } as const]]);
    expect(directionFindings(config, known, FILE).map(({ place }) => place.expression)).toEqual([
      '/partners/2/outlets/0/mappings/answer',
    ]);
  });
});

describe('what comes back by itself', () => {
  const bare = GP.replace(/ {4}inlets:\n(?: {6}.*\n)+? {4}outlets/, '    outlets').replace(
    '    outlets:',
    '    inlets: [{ type: fhir, tokens: [{ sha256Env: OTHER_DIGEST }] }]\n    outlets:',
  );

  it('needs a way in', () => {
    expect(rules(bare)).toEqual(['config/no-way-back']);
    expect(rules(bare.replace('acknowledges: business', 'acknowledges: technical'))).toEqual([
      'config/closes-technical',
    ]);
  });

  it('a document needs a mapping that makes it', () => {
    const wanted = `${GP}        writeBack: { fallback: document }\n`;
    expect(rules(wanted)).toEqual(['config/missing']);
    expect(
      rules(
        wanted.replace('write-back: casework/referral', 'write-back: casework/referral, document: casework/referral'),
      ),
    ).toEqual([]);
  });
});
