import { LOG_KEY } from '../../bench/loop/town.ts';
import type { LogFault } from '../../src/core/seal/log-fault.ts';
import { publicText, readSigningKey, type SigningKey, secretText } from '../../src/core/seal/note-key.ts';
import type { Administrator, Row } from './administrator.ts';
import { COLUMNS, type LogRows, putEntries, rehash, sealMore, signAnew } from './log-in-database.ts';

/** A forger's deed, and how it is told that a fault names it: its kind and its place. */
export interface Deed {
  readonly what: string;
  readonly isNamedBy: (fault: LogFault) => boolean;
}

export interface Forger {
  readonly database: Administrator;
  readonly log: LogRows;
  /** A whole number from 0 to before this. */
  readonly pick: (before: number) => number;
}

export type Tampering = (forger: Forger) => Promise<Deed>;

/** The name of the log is no secret. */
const THIEF = keyOf(secretText('bench.example.org/loop', new Uint8Array(32).fill(66)));
/** Used as the engine uses it, which seals what it finds in the record; no forger has it. */
const OWN = keyOf(LOG_KEY);

function keyOf(text: string): SigningKey {
  const key = readSigningKey(text);
  if (key === undefined) throw new Error('this is the text of a key');
  return key;
}

const seqOf = (row: Row | undefined) => Number(row?.['seq']);
const sizesOf = ({ checkpoints }: LogRows) => checkpoints.map(({ size }) => Number(size));
/** The first checkpoint that an index is under. */
const checkpointOver = (log: LogRows, index: number) => sizesOf(log).find((size) => size > index) ?? 0;
const changed = (value: unknown) =>
  typeof value === 'string' && value !== '' ? `${value.slice(0, -1)}${value.endsWith('x') ? 'y' : 'x'}` : 'x';

/** A row of which one column is another. */
function forge(row: Row | undefined, pick: Forger['pick']): Row {
  if (row === undefined) throw new Error('there is such an entry');
  const column = COLUMNS[pick(COLUMNS.length)] ?? 'kind';
  if (column !== 'detail') return { ...row, [column]: changed(row[column]) };
  return { ...row, detail: JSON.stringify({ ...JSON.parse(String(row['detail'])), forged: pick(1_000) }) };
}

async function write(database: Administrator, row: Row): Promise<void> {
  const set = COLUMNS.map((column) => `${column} = ?`).join(', ');
  await database.run(
    `update journal set ${set} where seq = ?`,
    ...COLUMNS.map((column) => row[column] ?? null),
    seqOf(row),
  );
}

const isAt = (kind: LogFault['kind'], index: number) => (fault: LogFault) =>
  fault.kind === kind && fault.index === index;
/** Leaves were rewritten: the place is the first checkpoint that does not fit, and the entries that it is of. */
const isUnder = (kind: LogFault['kind'], log: LogRows, index: number) => (fault: LogFault) =>
  fault.kind === kind &&
  fault.checkpoint === checkpointOver(log, index) &&
  (fault.index === undefined || (fault.index <= index && index <= (fault.lastIndex ?? -1)));

/** The entry names another message since: of that one there are no bytes. */
const isUnderOrAt = (kind: LogFault['kind'], log: LogRows, index: number) => (fault: LogFault) =>
  isUnder(kind, log, index)(fault) || isAt('body-missing', index)(fault);

/** Each changes the database alone: the log's key is not there, but for the engine that seals what it finds. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  async 'change an entry'({ database, log, pick }) {
    const index = pick(log.entries.length);
    await write(database, forge(log.entries[index], pick));
    return { what: `entry at ${index}`, isNamedBy: isAt('entry-changed', index) };
  },
  async 'delete an entry'({ database, log, pick }) {
    const index = pick(log.entries.length);
    await database.run('delete from journal where seq = ?', seqOf(log.entries[index]));
    return { what: `entry at ${index}`, isNamedBy: isAt('entry-missing', index) };
  },
  async 'insert an entry among the others'({ database, log, pick }) {
    const index = pick(log.entries.length);
    const later = log.entries.slice(index);
    const inserted = { ...forge(log.entries[index], pick) };
    await putEntries(database, [
      ...log.entries.slice(0, index),
      inserted,
      ...later.map((row) => ({ ...row, seq: seqOf(row) + 1 })),
    ]);
    return { what: `entry at ${index}`, isNamedBy: isAt('entry-changed', index) };
  },
  async 'insert an entry before the first'({ database, log, pick }) {
    const seq = -1 - pick(1_000);
    await putEntries(database, [{ ...forge(log.entries[0], pick), seq }, ...log.entries]);
    return { what: `entry ${seq}`, isNamedBy: (fault) => fault.kind === 'entry-added' && fault.seq === seq };
  },
  async 'exchange two entries'({ database, log, pick }) {
    const [one, other] = twoOf(log.entries.length, pick);
    const [first, second] = [log.entries[one], log.entries[other]];
    await write(database, { ...second, seq: seqOf(first) });
    await write(database, { ...first, seq: seqOf(second) });
    return { what: `entries at ${one} and ${other}`, isNamedBy: isAt('entry-changed', one) };
  },
  async 'cut off the last entries'({ database, log, pick }) {
    const index = pick(log.entries.length);
    await database.run('delete from journal where seq >= ?', seqOf(log.entries[index]));
    return { what: `from ${index} on`, isNamedBy: isAt('entry-missing', index) };
  },
  async 'cut off the last entries with their leaves'({ database, log, pick }) {
    const index = 1 + pick(log.entries.length - 1);
    await database.run('delete from journal where seq >= ?', seqOf(log.entries[index]));
    await database.run('delete from log_leaf where position >= ?', index);
    return { what: `from ${index} on`, isNamedBy: isAt('leaf-out-of-order', index) };
  },
  async 'cut off the last entries with all that was signed of them'({ database, log, pick }) {
    const index = 1 + pick(log.entries.length - 1);
    await cutAll(database, log, index);
    return { what: `from ${index} on`, isNamedBy: isAt('rolled-back', index) };
  },
  async 'roll back to a checkpoint, and go on otherwise'({ database, log, pick }) {
    const sizes = sizesOf(log).slice(0, -1);
    const size = sizes[pick(sizes.length)] ?? 1;
    await cutAll(database, log, size);
    const row = { ...forge(log.entries[size], pick) };
    await putEntries(database, [...log.entries.slice(0, size), row]);
    return { what: `to ${size}`, isNamedBy: isAt('rolled-back', size) };
  },
  async 'replace a checkpoint by one of another key'({ database, log, pick }) {
    const size = sizesOf(log)[pick(log.checkpoints.length)] ?? 0;
    const row = log.checkpoints.find((one) => Number(one['size']) === size);
    await signAnew(database, size, THIEF);
    for (const later of log.checkpoints.filter((one) => Number(one['size']) > size)) {
      await database.run(
        'update log_checkpoint set note = ? where size = ?',
        String(later['note']),
        Number(later['size']),
      );
    }
    return { what: `checkpoint of ${String(row?.['size'])}`, isNamedBy: isOf('checkpoint-not-signed', size) };
  },
  async 'write another root into a checkpoint'({ database, log, pick }) {
    const row = log.checkpoints[pick(log.checkpoints.length)];
    const size = Number(row?.['size']);
    const [origin, count, root = '', ...rest] = String(row?.['note']).split('\n');
    const other = `${root.startsWith('A') ? 'B' : 'A'}${root.slice(1)}`;
    await database.run(
      'update log_checkpoint set note = ? where size = ?',
      [origin, count, other, ...rest].join('\n'),
      size,
    );
    return { what: `checkpoint of ${size}`, isNamedBy: isOf('checkpoint-not-signed', size) };
  },
  async 'put one checkpoint in the place of another'({ database, log, pick }) {
    const [one, other] = twoOf(log.checkpoints.length, pick);
    const [first, second] = [log.checkpoints[one], log.checkpoints[other]];
    const size = Number(first?.['size']);
    await database.run('update log_checkpoint set note = ? where size = ?', String(second?.['note']), size);
    return { what: `checkpoint of ${size}`, isNamedBy: isOf('checkpoint-out-of-order', size) };
  },
  async 'change the body of a message'({ database, log, pick }) {
    return withBody({ database, log, pick }, 'body', 'body-changed', async (message, bytes) => {
      await database.run('update message_body set body = ? where message = ?', flipped(bytes, pick), message);
    });
  },
  async 'change the body of a message with its digest'({ database, log, pick }) {
    return withBody({ database, log, pick }, 'body', 'body-changed', async (message, bytes) => {
      await database.run('update message_body set body = ? where message = ?', flipped(bytes, pick), message);
      await database.run('update message set digest = ? where id = ?', 'f'.repeat(64), message);
    });
  },
  async 'change the answer to a message'({ database, log, pick }) {
    return withBody({ database, log, pick }, 'answer_body', 'body-changed', async (message, bytes) => {
      await database.run('update message_body set answer_body = ? where message = ?', flipped(bytes, pick), message);
    });
  },
  async 'delete the body of a message'({ database, log, pick }) {
    return withBody({ database, log, pick }, 'body', 'body-missing', async (message) => {
      await database.run('delete from message_body where message = ?', message);
    });
  },
  async 'change a leaf'({ database, log, pick }) {
    const index = pick(log.leaves.length);
    const hash = flipped(log.leaves[index]?.['hash'] as Uint8Array, pick);
    await database.run('update log_leaf set hash = ? where position = ?', hash, index);
    return { what: `leaf ${index}`, isNamedBy: isAt('entry-changed', index) };
  },
  async 'exchange two leaves'({ database, log, pick }) {
    const [one, other] = twoOf(log.leaves.length, pick);
    await database.run(
      'update log_leaf set hash = ? where position = ?',
      log.leaves[other]?.['hash'] as Uint8Array,
      one,
    );
    await database.run(
      'update log_leaf set hash = ? where position = ?',
      log.leaves[one]?.['hash'] as Uint8Array,
      other,
    );
    return { what: `leaves ${one} and ${other}`, isNamedBy: isAt('entry-changed', one) };
  },
  async 'delete a leaf'({ database, log, pick }) {
    const index = pick(log.leaves.length - 1);
    await database.run('delete from log_leaf where position = ?', index);
    return {
      what: `leaf ${index}`,
      isNamedBy: (fault) => fault.kind === 'entry-added' && fault.seq === seqOf(log.entries[index]),
    };
  },
  async 'change a node'({ database }) {
    const [node] = await database.all('select level, position, hash from log_node order by level, position');
    if (node === undefined) throw new Error('the record has more entries than are under one node');
    const hash = flipped(node['hash'] as Uint8Array, () => 0);
    await database.run(
      'update log_node set hash = ? where level = ? and position = ?',
      hash,
      Number(node['level']),
      Number(node['position']),
    );
    return {
      what: 'node 0',
      isNamedBy: (fault) => fault.kind === 'node-changed' && fault.index === 0 && fault.lastIndex === 255,
    };
  },
  async 'change an entry and make all hashes anew'({ database, log, pick }) {
    const index = pick(log.entries.length);
    await write(database, forge(log.entries[index], pick));
    await rehash(database);
    return { what: `entry at ${index}`, isNamedBy: isUnderOrAt('tree-changed', log, index) };
  },
  async 'delete an entry and make all hashes anew'({ database, log, pick }) {
    const index = pick(log.entries.length - 1);
    await putEntries(
      database,
      log.entries.filter((_, at) => at !== index),
    );
    await rehash(database);
    /* Of the last checkpoint one leaf is missing. */
    return {
      what: `entry at ${index}`,
      isNamedBy: (fault) =>
        isUnder('tree-changed', log, index)(fault) ||
        (fault.kind === 'leaf-out-of-order' && fault.index === log.entries.length - 1),
    };
  },
  async 'have the engine seal a hand-over that its key has not made, and go on with another key'({
    database,
    log,
    pick,
  }) {
    const [from, to] = pick(2) === 0 ? [OWN, THIEF] : [THIEF, OWN];
    const keys = { from: publicText(from), to: publicText(to) };
    await sealMore(database, log, { kind: 'log.key-rotated', detail: JSON.stringify(keys), key: OWN });
    await sealMore(database, log, { kind: 'test.forged', detail: '{}', key: THIEF, after: 1 });
    const size = log.entries.length + 2;
    return { what: `checkpoint of ${size}`, isNamedBy: isOf('checkpoint-not-signed', size) };
  },
  async 'change an entry and sign all anew with another key'({ database, log, pick }) {
    const index = pick(log.entries.length);
    await write(database, forge(log.entries[index], pick));
    await rehash(database);
    await signAnew(database, checkpointOver(log, index), THIEF);
    return { what: `entry at ${index}`, isNamedBy: isUnderOrAt('checkpoint-not-signed', log, index) };
  },
};

const isOf = (kind: LogFault['kind'], size: number) => (fault: LogFault) =>
  fault.kind === kind && fault.checkpoint === size;

async function cutAll(database: Administrator, { entries }: LogRows, index: number): Promise<void> {
  await database.run('delete from journal where seq >= ?', seqOf(entries[index]));
  await database.run('delete from log_leaf where position >= ?', index);
  await database.run('delete from log_checkpoint where size > ?', index);
}

/** Where a message has such bytes, something is done to them. */
async function withBody(
  { database, log, pick }: Forger,
  column: 'body' | 'answer_body',
  kind: LogFault['kind'],
  harm: (message: string, bytes: Uint8Array) => Promise<void>,
): Promise<Deed> {
  const found = await database.all(`select message, ${column} as bytes from message_body where length(${column}) > 0`);
  const bytes = new Map(found.map((row) => [String(row['message']), row['bytes'] as Uint8Array]));
  const those = log.proven.filter(({ message }) => bytes.has(message));
  const one = those[pick(those.length)];
  if (one === undefined) throw new Error(`no message has ${column}`);
  await harm(one.message, bytes.get(one.message) ?? new Uint8Array());
  return {
    what: `message of entry ${one.seq}`,
    isNamedBy: (fault) => fault.kind === kind && fault.message === one.message && fault.index === one.index,
  };
}

function flipped(bytes: Uint8Array, pick: Forger['pick']): Uint8Array {
  const at = pick(bytes.length);
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

/** Two different places, the earlier first. */
function twoOf(count: number, pick: Forger['pick']): [number, number] {
  const one = pick(count);
  const other = (one + 1 + pick(count - 1)) % count;
  return one < other ? [one, other] : [other, one];
}
