import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config/read.ts';
import { FILE, marked, SOUND, surroundings } from './sound-config.ts';

const BROKERS = `  brokers:
    - name: trust
      url: { file: broker.url }
`;
const MEADOW = `  - id: meadow
    kind: gp-system
    organisation: { name: Meadow Practice, ods: Z99004 }
    inlets:
      - type: amqp
        broker: trust
        queue: from.meadow
    outlets:
      - type: amqp
        broker: trust
        queue: to.meadow
        acknowledges: business
        writeBack: { items: digest, fallback: document }
`;
const PLATFORM = `  - id: piecemeal
    kind: vcse-platform
    organisation: { name: Bromley Well }
    inlets:
      - type: amqp
        broker: trust
        queue: from.piecemeal
        mapping: casework/report
    outlets:
      - type: amqp
        broker: trust
        queue: to.piecemeal
        mappings: { referral: casework/referral }
`;
const URL = 'amqps://hearback:s3cret@broker.example.org/trust\n';

function read(partners: string) {
  const text = SOUND.replace('  deadlines:\n', `${BROKERS}  deadlines:\n`)
    .replace('routes:\n', `${partners}routes:\n`)
    .replace('to: [casework]', partners.includes('id: piecemeal') ? 'to: [casework, piecemeal]' : 'to: [casework]');
  const { text: plain, line, column } = marked(text);
  return { ...readConfig(FILE, surroundings(plain, { '/etc/hearback/broker.url': URL })), line, column };
}

describe('GP systems that speak AMQP', () => {
  it('are read, without mappings', () => {
    const { config, findings } = read(MEADOW + PLATFORM);
    expect(findings).toEqual([]);
    expect(config?.partners[2]).toMatchObject({
      inlets: [{ type: 'amqp', declare: true, prefetch: 20 }],
      outlets: [{ type: 'amqp', acknowledges: 'business', writeBack: { items: 'digest', fallback: 'document' } }],
    });
  });

  it.each([
    ['transport', 'config/closes-transport'],
    ['technical', 'config/closes-technical'],
  ])('are read with a warning when loops close on less than that it was filed (%s)', (level, rule) => {
    const { config, findings } = read(MEADOW.replace('acknowledges: business', `acknowledges: ${level}`));
    expect(config).toBeDefined();
    expect(findings.map(({ severity, rule: said, place }) => [severity, said, place.expression])).toEqual([
      ['warning', rule, '/partners/2/outlets/0'],
    ]);
  });

  it.each<[what: string, partner: string, from: string, to: string, rule: string]>([
    [
      'a mapping that would read what it sends',
      MEADOW,
      'queue: from.meadow\n',
      'queue: from.meadow\n        ¦mapping: casework/report\n',
      'config/wrong-kind',
    ],
    [
      'mappings of what it is sent',
      MEADOW,
      'queue: to.meadow\n',
      'queue: to.meadow\n        ¦mappings: { referral: casework/referral }\n',
      'config/wrong-kind',
    ],
    [
      'acknowledgements that nothing brings',
      MEADOW,
      '- type: amqp\n        broker: trust\n        queue: from.meadow\n',
      '- { type: fhir, tokens: [{ sha256Env: OTHER_DIGEST }] }\n',
      'config/no-way-back',
    ],
    [
      'answers in a queue that is in use',
      MEADOW,
      'queue: from.meadow\n',
      'queue: from.meadow\n        answers: to.meadow\n',
      'config/overlapping',
    ],
    [
      'answers among what was refused',
      MEADOW,
      'queue: from.meadow\n',
      'queue: from.meadow\n        answers: from.meadow.refused\n',
      'config/overlapping',
    ],
    [
      'answers in the queue that its own messages come from',
      MEADOW,
      'queue: from.meadow\n',
      'queue: from.meadow\n        answers: from.meadow\n',
      'config/overlapping',
    ],
    [
      'a patient who cannot be looked up',
      MEADOW,
      'fallback: document',
      'fallback: document, checkPerson: ¦true',
      'config/cannot-look',
    ],
    [
      'a record that cannot be read',
      MEADOW,
      'acknowledges: business\n',
      'acknowledges: business\n        ¦readBack: {}\n',
      'config/unknown-key',
    ],
    [
      'answers to a platform',
      PLATFORM,
      'mapping: casework/report\n',
      'mapping: casework/report\n        ¦answers: replies\n',
      'config/wrong-kind',
    ],
    [
      'a dialect of a platform',
      PLATFORM,
      'mapping: casework/report\n',
      'mapping: casework/report\n        ¦dialect: bars\n',
      'config/wrong-kind',
    ],
    [
      'a platform that is sent nothing',
      PLATFORM,
      '        mappings: { referral: casework/referral }\n',
      '',
      'config/missing',
    ],
    [
      'single acknowledgements of a platform',
      PLATFORM,
      'queue: to.piecemeal\n',
      'queue: to.piecemeal\n        acknowledges: ¦technical\n',
      'config/wrong-kind',
    ],
    [
      'write-backs to a platform',
      PLATFORM,
      'queue: to.piecemeal\n',
      'queue: to.piecemeal\n        ¦writeBack: {}\n',
      'config/wrong-kind',
    ],
  ])('are refused with %s', (_what, partner, from, to, rule) => {
    expect(partner).toContain(from);
    const { findings, config, line, column } = read(partner.replace(from, to));
    expect(config).toBeUndefined();
    const found = findings.find((finding) => finding.rule === rule);
    expect(found).toMatchObject({ severity: 'error', remedy: expect.stringMatching(/\S/) });
    if (to.includes('¦')) expect(found?.place).toMatchObject({ line, column });
    expect(found?.place.line).toBeGreaterThan(1);
  });
});
