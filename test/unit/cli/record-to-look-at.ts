import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Changes } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { type RanCommand, runCommand } from '../../fixtures/town/run-command.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

/** A record on disk with a configuration of one practice and one platform, for commands that look at it or decide in it. */
export interface RecordToLookAt {
  /** Runs `hearback …` on it. */
  hearback(...args: readonly string[]): Promise<RanCommand>;
  /** What stands in the record now. */
  look<T>(at: (store: Store) => Promise<T>): Promise<T>;
  remove(): void;
}

const CONFIG = [
  'engine:',
  '  store: sqlite:./record.db',
  `  terminology: ${join(PROJECT, 'terminology')}`,
  `  mappings: ${join(PROJECT, 'mappings')}`,
  'partners:',
  '- id: elm-tree',
  '  kind: gp-system',
  '  organisation: { name: Elm Tree, ods: Z99001 }',
  `  inlets: [{ type: fhir, tokens: [{ sha256: ${'ab'.repeat(32)} }] }]`,
  '- id: casework',
  '  kind: vcse-platform',
  '  organisation: { name: Casework }',
  '  inlets: [{ type: webhook, secrets: [{ file: ./casework.secret }], mapping: casework/report }]',
  '  outlets:',
  '  - type: webhook',
  '    url: https://casework.example/referrals',
  '    secrets: [{ file: ./casework.secret }]',
  '    mappings: { referral: casework/referral, cancel: casework/cancel }',
  'routes:',
  '- { name: everybody, to: [casework], all: true }',
  '',
].join('\n');

/** Makes it, with these changes applied one after the other. */
export async function recordToLookAt(all: readonly Changes[]): Promise<RecordToLookAt> {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-cli-record-'));
  const config = join(directory, 'hearback.yaml');
  writeFileSync(config, CONFIG);
  writeFileSync(join(directory, 'casework.secret'), `whsec_${Buffer.alloc(32, 1).toString('base64')}`, { mode: 0o600 });
  const look = async <T>(at: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openSqliteStore({ file: join(directory, 'record.db') });
    try {
      return await at(store);
    } finally {
      await store.close();
    }
  };
  await look(async (store) => {
    for (const changes of all) await store.apply(changes);
  });
  return {
    hearback: (...args) => runCommand(...args, '-c', config),
    look,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
