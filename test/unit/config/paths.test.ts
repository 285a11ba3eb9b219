import { isAbsolute } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configurationPage } from '../../../src/config/page.ts';
import { resolvePaths } from '../../../src/config/resolve-paths.ts';
import { configSchema } from '../../../src/config/schema.ts';

const TLS = 'tls: { cert: a.pem, key: a.key, ca: ca.pem }';

/** Names a file wherever a file can be named. */
const EVERYWHERE = `engine:
  listen: { ${TLS} }
  mllp: { ${TLS} }
  metrics: { ${TLS} }
  store: { postgres: { connection: { file: database }, ${TLS} } }
  log: { key: { file: log.key }, checkpoints: checkpoints }
  console:
    openId:
      issuer: https://login.example.org
      clientId: hearback
      clientSecret: { file: client }
      address: https://hearback.example.org/console
      roles: { auditor: [a] }
  auditors: [{ id: governance, tokens: [{ sha256File: auditor.sha256 }] }]
  brokers: [{ name: borough, url: { file: broker }, ${TLS} }]
  terminologyServer: { url: https://terminology.example.org/fhir, token: { file: server } }
partners:
  - id: oak-road
    kind: gp-system
    organisation: { name: Oak Road Surgery, ods: A81001 }
    inlets: [{ type: fhir, tokens: [{ sha256File: oak-road.sha256 }] }]
    outlets: [{ type: fhir, url: https://record.example.org/fhir, token: { file: oak-road } }]
  - id: casework
    kind: vcse-platform
    organisation: { name: Riverside Community Trust }
    inlets: [{ type: webhook, secrets: [{ file: in }], mapping: casework/report }]
    outlets:
      - { type: webhook, url: https://casework.example.org/hooks, secrets: [{ file: out }], mappings: { referral: casework/referral } }
  - id: helpers
    kind: vcse-platform
    organisation: { name: Borough Helpers }
    inlets: [{ type: webhook, secrets: [{ file: in }], mapping: casework/report }]
    outlets: [{ type: mllp, host: helpers.example.org, port: 2575, ${TLS}, mappings: { referral: casework/referral } }]
routes: [{ name: everybody, to: [casework], all: true }]
`;

const FILE_FIELDS = new Set(['file', 'sha256File', 'cert', 'key', 'ca', 'checkpoints']);

/** Every text that names a file, with its place as docs/configuration.md writes it. */
function named(value: unknown, place: string): { place: string; path: string }[] {
  if (Array.isArray(value)) return value.flatMap((item) => named(item, `${place}[]${kindOf(item)}`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const there = place === '' ? name : `${place}.${name}`;
    return typeof below === 'string' && FILE_FIELDS.has(name) ? [{ place: there, path: below }] : named(below, there);
  });
}

function kindOf(item: unknown): string {
  return typeof item === 'object' && item !== null && 'type' in item ? `(${String(item.type)})` : '';
}

describe('paths in a configuration', () => {
  const raw: unknown = parse(EVERYWHERE);

  it('are tried at every place where a file can be named', () => {
    const fields = [...configurationPage().matchAll(/^\| `([^`]+)` \| text /gm)].map(([, field]) => field ?? '');
    const wanted = fields.filter((field) => FILE_FIELDS.has(field.slice(field.lastIndexOf('.') + 1)));
    expect(wanted.length).toBeGreaterThan(20);
    expect([...new Set(named(raw, '').map(({ place }) => place))].toSorted()).toEqual(wanted.toSorted());
  });

  it('are all taken from the directory of the file they stand in', () => {
    const { engine, partners } = resolvePaths(configSchema.parse(raw), '/etc/hearback');
    const all = named({ engine, partners }, '');
    expect(all.filter(({ path }) => !isAbsolute(path))).toEqual([]);
    expect(all).toHaveLength(named(raw, '').length);
  });
});
