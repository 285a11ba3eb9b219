/** Wires the sealed log: which key it is signed with, where its checkpoints are kept besides, and who seals it. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Config } from './config/schema.ts';
import { readCheckpoint } from './core/seal/checkpoint.ts';
import { readSigningKey, type SigningKey } from './core/seal/note-key.ts';
import { appendCheckpoint, lastCheckpoints } from './journal/checkpoint-file.ts';
import { keyBeside, readKeyFile, UnusableKey } from './journal/key-file.ts';
import { newPruner, type Pruner } from './journal/pruner.ts';
import type { KnownHead } from './journal/seal-log.ts';
import { newSealer, type Sealer } from './journal/sealer.ts';
import type { Clock, Log, Meter } from './ports.ts';
import type { LogStore } from './ports-log.ts';

/** What must be known to sign: a whole set-up, or as much of it as a command needs. */
export interface LogSetup {
  readonly config: Config;
  readonly secrets: { readonly logKey?: string };
}

/**
 * The key that the log is signed with. With a record on SQLite and none configured it is the file beside the record, which is
 * made when `make` says so.
 * @throws UnusableKey when there is none
 */
export function logKey({ config, secrets }: LogSetup, { make = false } = {}): SigningKey {
  const { log, store } = config.engine;
  const configured = secrets.logKey === undefined ? undefined : readSigningKey(secrets.logKey);
  if (configured !== undefined) return configured;
  if (store.kind !== 'sqlite') throw new UnusableKey('No key of the log is configured (engine.log.key).');
  const file = keyFileBeside(store.path);
  if (!make && !existsSync(file)) {
    throw new UnusableKey(`There is no key at ${file} yet: the engine makes it when it first starts.`);
  }
  const name = () => log.origin ?? `hearback/${randomBytes(4).toString('hex')}`;
  const key = make ? keyBeside(file, name, () => randomBytes(32)) : readKeyFile(file);
  if (log.origin === undefined || log.origin === key.name) return key;
  throw new UnusableKey(`The key at ${file} is that of the log ${key.name}, and engine.log.origin names another.`);
}

export function keyFileBeside(record: string): string {
  return `${record}.log-key`;
}

/** The newest of the checkpoints that were kept outside the database, where they are. The file is made when it is not there: it must be writable. */
export async function keptHead({ config }: Pick<LogSetup, 'config'>): Promise<KnownHead | undefined> {
  const { checkpoints } = config.engine.log;
  const notes = checkpoints === undefined ? [] : await lastCheckpoints(checkpoints);
  const heads = notes.flatMap((note) => readCheckpoint(note) ?? []);
  return heads.reduce<KnownHead | undefined>(
    (newest, head) => (newest === undefined || head.size > newest.size ? head : newest),
    undefined,
  );
}

interface SealerGiven {
  readonly log: LogStore;
  readonly operational: Log;
  readonly clock: Clock;
}

/** @throws UnusableKey when there is no key to sign with */
export async function wireSealer(setup: LogSetup, given: SealerGiven & { readonly meter: Meter }): Promise<Sealer> {
  const { checkpoints } = setup.config.engine.log;
  return newSealer({
    ...given,
    keys: [logKey(setup, { make: true })],
    before: await keptHead(setup),
    keep: async (checkpoint) => {
      if (checkpoints !== undefined) await appendCheckpoint(checkpoints, checkpoint);
    },
  });
}

/** Does nothing where everything is kept for ever. */
export function wirePruner({ config }: Pick<LogSetup, 'config'>, given: SealerGiven): Pruner {
  return newPruner({ ...given, retention: config.engine.retention });
}
