import { readSigningKey } from '../../core/seal/note-key.ts';
import type { ConfigIo } from '../io.ts';
import { errorAt, type Flaw, type Problem } from '../problem.ts';
import { field, isSection, type Spot, textOf } from '../spot.ts';
import { problemsOf, secretAt } from './secrets.ts';

/** The log's key can be had and is that of the log which is named; a record that several engines share has one key for all of them. */
export function logKeyProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
  const key = field(root, 'engine', 'log', 'key');
  if (key.value === undefined) {
    const store = field(root, 'engine', 'store');
    return isSection(field(store, 'postgres').value) ? [errorAt(store.path, NO_KEY, 'key')] : [];
  }
  const found = secretAt(key, 'log-key', { file, io });
  const read = 'value' in found ? readSigningKey(found.value) : undefined;
  const origin = field(root, 'engine', 'log', 'origin');
  const isOther = read !== undefined && textOf(origin) !== undefined && textOf(origin) !== read.name;
  return [...problemsOf(found), ...(isOther ? [errorAt(origin.path, OTHER_LOG)] : [])];
}

const NO_KEY: Flaw = {
  rule: 'config/no-log-key',
  message: 'No key is named that the message log of this record is sealed with.',
  remedy:
    'Make one with `hearback log key new --origin NAME --out log.key`, keep it where the database’s administrators cannot read it, and name it: `log: { key: { file: log.key } }`. Every engine of this record has the same.',
};

const OTHER_LOG: Flaw = {
  rule: 'config/other-log',
  message: 'The log’s key is that of a log of another name.',
  remedy: 'Name the right key, or write the name that the key bears (or leave `origin` out).',
};
