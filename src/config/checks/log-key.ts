import { dirname, resolve } from 'node:path';
import { readSigningKey } from '../../core/seal/note-key.ts';
import type { ConfigIo } from '../io.ts';
import { errorAt, type Flaw, type Problem } from '../problem.ts';
import { field, isSection, type Spot, textOf } from '../spot.ts';
import { problemsOf, secretAt } from './secrets.ts';

/** The log's key can be had and is that of the log which is named; a record that several engines share has one key for all of them. */
export function logKeyProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
  return [...keyProblems(root, file, io), ...checkpointsProblems(root, file, io)];
}

/** Checkpoints are added to a file: where a directory is, none would ever be kept. */
function checkpointsProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
  const spot = field(root, 'engine', 'log', 'checkpoints');
  const path = textOf(spot);
  return path !== undefined && io.list(resolve(dirname(file), path)) !== undefined
    ? [errorAt(spot.path, NOT_A_FILE)]
    : [];
}

function keyProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
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
    'A record that came from SQLite (`hearback store copy`) is sealed on with the key that stood beside it: take RECORD.log-key along and name it, since under a new one nothing would be sealed. For a new record make one with `hearback log key new --origin NAME --out log.key`. Keep it where the database’s administrators cannot read it, and name it: `log: { key: { file: log.key } }`. Every engine of this record has the same.',
};

const NOT_A_FILE: Flaw = {
  rule: 'config/not-a-file',
  message: 'The log’s checkpoints are to be kept in a file, and this is a directory.',
  remedy: 'Name a file in it, such as `checkpoints.txt`: it is made with the first checkpoint.',
};

const OTHER_LOG: Flaw = {
  rule: 'config/other-log',
  message: 'The log’s key is that of a log of another name.',
  remedy: 'Name the right key, or write the name that the key bears (or leave `origin` out).',
};
