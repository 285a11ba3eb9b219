import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { secretText } from '../../src/core/seal/note-key.ts';

const PROJECT = join(import.meta.dirname, '../..');
export const GP_TOKEN = 'gp-token-for-the-bench-0123456789abcdef';
export const LOG_KEY = secretText('bench.example.org/loop', new Uint8Array(32).fill(7));
export const PLATFORM_SECRET = `whsec_${Buffer.alloc(32, 'c').toString('base64')}`;

/** Where an engine's record is. */
export type RecordPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly address: string; readonly schema: string };

export interface TownPlan {
  /** Where the configuration and its secrets are written. */
  readonly directory: string;
  readonly record: RecordPlace;
  /** The GP system's FHIR endpoint. */
  readonly gp: string;
  readonly platform:
    | { readonly kind: 'webhook'; readonly url: string }
    | { readonly kind: 'amqp'; readonly broker: string; readonly takesFrom: string; readonly reportsTo: string };
}

/** Above what a partner may have under way at once in any bench. */
const CONCURRENCY = 64;
const SENDING = { concurrency: CONCURRENCY, idempotent: true, timeoutMs: 30_000 };

/** Writes the configuration of one surgery and one platform; gives its file. The mappings and codes are the project's own. */
export function writeTown(plan: TownPlan): string {
  mkdirSync(plan.directory, { recursive: true });
  const secret = (name: string, text: string) => {
    writeFileSync(join(plan.directory, name), text, { mode: 0o600 });
    return { file: `./${name}` };
  };
  const { platform, record } = plan;
  const config = {
    engine: {
      listen: { port: 0 },
      store:
        record.kind === 'sqlite'
          ? `sqlite:${record.file}`
          : { postgres: { connection: secret('database.url', record.address), schema: record.schema, local: true } },
      // Every engine of a record seals its log with the same key.
      log: { key: secret('log.key', LOG_KEY) },
      mappings: join(PROJECT, 'mappings'),
      terminology: join(PROJECT, 'terminology'),
      limits: { requestsPerMinute: 1_000_000 },
      drainSeconds: 2,
      ...(platform.kind === 'amqp' && {
        brokers: [{ name: 'borough', url: secret('broker.url', platform.broker), local: true }],
      }),
    },
    partners: [
      {
        id: 'riverside',
        kind: 'gp-system',
        organisation: { name: 'Riverside Surgery', ods: 'Z99001' },
        local: true,
        inlets: [{ type: 'fhir', tokens: [{ sha256: createHash('sha256').update(GP_TOKEN).digest('hex') }] }],
        outlets: [
          { type: 'fhir', url: plan.gp, token: secret('practice.secret', 'practice-token-0123456789'), ...SENDING },
        ],
      },
      {
        id: 'casework',
        kind: 'vcse-platform',
        organisation: { name: 'Riverside Casework' },
        ...(platform.kind === 'webhook'
          ? overWebhooks(platform.url, secret('casework.secret', PLATFORM_SECRET))
          : overBroker(platform)),
      },
    ],
    routes: [{ name: 'everybody', to: ['casework'], all: true }],
  };
  const file = join(plan.directory, 'hearback.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

const MAPPINGS = { referral: 'casework/referral', cancel: 'casework/cancel' };

function overWebhooks(url: string, secret: { readonly file: string }) {
  const secrets = [secret];
  return {
    local: true,
    inlets: [{ type: 'webhook', secrets, mapping: 'casework/report' }],
    outlets: [{ type: 'webhook', url, secrets, mappings: MAPPINGS, replyReference: '/caseId', ...SENDING }],
  };
}

function overBroker({ takesFrom, reportsTo }: Extract<TownPlan['platform'], { kind: 'amqp' }>) {
  return {
    inlets: [{ type: 'amqp', broker: 'borough', queue: reportsTo, mapping: 'casework/report', prefetch: CONCURRENCY }],
    outlets: [{ type: 'amqp', broker: 'borough', queue: takesFrom, mappings: MAPPINGS, ...SENDING }],
  };
}
