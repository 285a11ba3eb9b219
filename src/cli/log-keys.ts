import { existsSync, readFileSync } from 'node:fs';
import { diskIo } from '../config/disk.ts';
import { resolveLogKey } from '../config/resolve-secrets.ts';
import type { Config } from '../config/schema.ts';
import { KEY_ROTATED } from '../core/seal/hand-over.ts';
import { keysBehind, keysNamedBy } from '../core/seal/key-trust.ts';
import { readVerifierKey, type SigningKey, type VerifierKey } from '../core/seal/note-key.ts';
import { notesIn } from '../journal/checkpoint-file.ts';
import type { RecordedEntry } from '../ports-queries.ts';
import type { Store } from '../ports-record.ts';
import { logKey } from '../wire-log.ts';
import { WrongUse } from './exit-code.ts';

/** Collects `--key`, which may be given several times: a public key, or a file that holds one. */
export function collectKeys(text: string, before: readonly VerifierKey[] = []): VerifierKey[] {
  const key = readVerifierKey(text) ?? (existsSync(text) ? readVerifierKey(readFileSync(text, 'utf8')) : undefined);
  if (key !== undefined) return [...before, key];
  throw new WrongUse(
    'This is neither a public key of a log (name+id+base64, as `hearback log key show` prints it) nor a file that holds one.',
  );
}

/** Collects `--checkpoint`: files that the engine appends checkpoints to, or that hold one as it is. */
export function collectCheckpoints(file: string, before: readonly string[] = []): string[] {
  if (!existsSync(file)) throw new WrongUse(`There is no file ${file}.`);
  const notes = notesIn(readFileSync(file, 'utf8'));
  if (notes.length === 0) throw new WrongUse(`${file} holds no checkpoint.`);
  return [...before, ...notes];
}

/** The key that a configuration signs its log with. @throws UnusableKey */
export function signingKeyOf(config: Config): SigningKey {
  const { logKey: secret, findings } = resolveLogKey(config, diskIo(process.env));
  const [finding] = findings;
  if (finding !== undefined) throw new WrongUse(`engine.log.key: ${finding.message} ${finding.remedy}`);
  return logKey({ config, secrets: { ...(secret !== undefined && { logKey: secret }) } });
}

const MOST_ROTATIONS = 1_000;

/** The keys that a log says it has had: candidates, each to be borne out by one that is trusted. */
export async function keysOfLog(store: Pick<Store, 'journal'>): Promise<VerifierKey[]> {
  return keysNamedBy(await rotationsOf(store));
}

/** Of these, the ones that the log's own key vouches for: an auditor may be given them. */
export async function keysOfLogBehind(own: VerifierKey, store: Pick<Store, 'journal'>): Promise<VerifierKey[]> {
  return keysBehind(own, await rotationsOf(store));
}

function rotationsOf(store: Pick<Store, 'journal'>): Promise<RecordedEntry[]> {
  return store.journal({ kind: KEY_ROTATED, limit: MOST_ROTATIONS });
}
