import type { ConfigIo } from '../../../src/config/io.ts';
import { testKeyText } from '../../fixtures/journal/log-keys.ts';

export const FILE = '/etc/hearback/hearback.yaml';
export const TOKEN_DIGEST = 'a'.repeat(64);
export const OTHER_DIGEST = 'b'.repeat(64);
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** A configuration without fault, small enough to break one line at a time. */
export const SOUND = `engine:
  listen:
    host: 127.0.0.1
    port: 8080
  log: { key: { env: LOG_KEY } }
  deadlines:
    decide: P14D
partners:
  - id: oak-road
    kind: gp-system
    organisation: { name: Oak Road Surgery, ods: A81001 }
    inlets:
      - type: fhir
        tokens:
          - sha256Env: OAK_ROAD_DIGEST
        scopes: [read]
    outlets:
      - type: fhir
        url: https://record.example.org/fhir
        token: { file: oak-road.token }
        readBack: {}
  - id: casework
    kind: vcse-platform
    organisation: { name: Riverside Community Trust }
    inlets:
      - type: webhook
        secrets:
          - env: CASEWORK_SECRET
        mapping: casework/report
    outlets:
      - type: webhook
        url: https://casework.example.org/hooks
        secrets:
          - env: CASEWORK_SECRET
        mappings:
          referral: casework/referral
routes:
  - name: lonely
    to: [casework]
    when:
      need:
        codes: ["http://snomed.info/sct|267076002"]
      age: { min: 18, max: 99 }
`;

const FILES: Readonly<Record<string, string>> = {
  '/etc/hearback/oak-road.token': 'long-random-token\n',
  '/etc/hearback/blank.token': '\n',
  '/etc/hearback/two-words.token': 'two words',
  '/etc/hearback/cert.pem': '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
  '/etc/hearback/key.pem': '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n',
  '/etc/hearback/mappings/casework/referral.map.yaml': 'mapping: casework/referral\n',
  '/etc/hearback/mappings/casework/report.map.yaml': 'mapping: casework/report\n',
  '/etc/hearback/mappings/casework/referral.case.yaml': 'case: one\n',
  '/etc/hearback/terminology/needs.json': '{}',
  '/etc/hearback/terminology/SOURCES.md': '# Sources\n',
};

const ENVIRONMENT: Readonly<Record<string, string>> = {
  LOG_KEY: testKeyText(),
  OAK_ROAD_DIGEST: TOKEN_DIGEST,
  OTHER_DIGEST,
  CASEWORK_SECRET: WEBHOOK_SECRET,
  DATABASE: 'postgres://engine:p%40ss@record.example.org/hearback',
  SHORT_SECRET: 'whsec_c2hvcnQ=',
  NOT_A_DIGEST: 'plain-token',
};

/** Surroundings in memory; `text` is the configuration. */
export function surroundings(text: string | undefined, files: Readonly<Record<string, string>> = {}): ConfigIo {
  const all: Record<string, string> = { ...FILES, ...files, ...(text !== undefined && { [FILE]: text }) };
  return {
    readFile: (path) => (Object.hasOwn(all, path) ? all[path] : undefined),
    env: (name) => (Object.hasOwn(ENVIRONMENT, name) ? ENVIRONMENT[name] : undefined),
    list: (directory) => {
      const names = Object.keys(all).filter((path) => path.startsWith(`${directory}/`));
      return names.length === 0 ? undefined : names.map((path) => path.slice(directory.length + 1));
    },
  };
}

/** The place of the marker `¦` in a text, and the text without it. */
export function marked(text: string): { text: string; line: number; column: number } {
  const before = text.split('¦')[0] ?? '';
  const lines = before.split('\n');
  return { text: text.replace('¦', ''), line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
