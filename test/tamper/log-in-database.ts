import { readCheckpoint, signCheckpoint } from '../../src/core/seal/checkpoint.ts';
import { entryLeaf, type LogEntry } from '../../src/core/seal/entry-bytes.ts';
import { growTree, type KeptNode } from '../../src/core/seal/growing-tree.ts';
import type { Hash } from '../../src/core/seal/hash-tree.ts';
import type { SigningKey } from '../../src/core/seal/note-key.ts';
import type { Administrator, Row, Value } from './administrator.ts';

/** What is tampered with: the rows of the log, read once. Everything was sealed. */
export interface LogRows {
  readonly entries: readonly Row[];
  readonly leaves: readonly Row[];
  readonly checkpoints: readonly Row[];
  /** Messages whose bytes an entry vouches for, with that entry's place. */
  readonly proven: readonly { readonly message: string; readonly index: number; readonly seq: number }[];
}

export async function readLog(database: Administrator): Promise<LogRows> {
  const entries = await database.all('select * from journal order by seq');
  const proven = entries.flatMap((row, index) =>
    row['message'] !== null && String(row['detail']).includes('"digest"')
      ? [{ message: String(row['message']), index, seq: Number(row['seq']) }]
      : [],
  );
  return {
    entries,
    leaves: await database.all('select * from log_leaf order by position'),
    checkpoints: await database.all('select * from log_checkpoint order by size'),
    proven,
  };
}

export const COLUMNS = ['at', 'kind', 'actor', 'partner', 'referral', 'message', 'detail'] as const;

/** The rows that a forger would put in place of those that are there. */
export async function putEntries(database: Administrator, rows: readonly Row[]): Promise<void> {
  await database.run('delete from journal');
  for (const row of rows) {
    const values = ['seq', ...COLUMNS].map((column) => row[column] ?? null);
    await database.run(`insert into journal (seq, ${COLUMNS.join(', ')}) values (?, ?, ?, ?, ?, ?, ?, ?)`, ...values);
  }
}

/** Makes leaves and nodes anew from the entries, as anybody can. Gives the root. */
export async function rehash(database: Administrator): Promise<Hash> {
  const entries = await database.all('select * from journal order by seq');
  await database.run('delete from log_leaf');
  await database.run('delete from log_node');
  const tree = growTree();
  const nodes: KeptNode[] = [];
  for (const [position, row] of entries.entries()) {
    const hash = entryLeaf(entryOf(row));
    tree.add(hash, (node) => nodes.push(node));
    await database.run(
      'insert into log_leaf (position, seq, hash) values (?, ?, ?)',
      position,
      Number(row['seq']),
      hash,
    );
  }
  for (const { level, index, hash } of nodes) {
    await database.run('insert into log_node (level, position, hash) values (?, ?, ?)', level, index, hash);
  }
  return tree.root();
}

interface More {
  readonly kind: string;
  readonly detail: string;
  readonly key: SigningKey;
  /** So many entries after the last of the log. */
  readonly after?: number;
}

/** An entry after the last, written into the database and sealed: its leaf, and a checkpoint by this key. */
export async function sealMore(
  database: Administrator,
  { entries, checkpoints }: LogRows,
  { kind, detail, key, after = 0 }: More,
): Promise<void> {
  const seq = Number(entries.at(-1)?.['seq']) + 1 + after;
  const row = { ...entries.at(-1), seq, kind, actor: 'user:x', partner: null, referral: null, message: null, detail };
  const columns = ['seq', ...COLUMNS];
  await database.run(
    `insert into journal (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    ...columns.map((column) => (row as Row)[column] ?? null),
  );
  const size = entries.length + 1 + after;
  const [first] = checkpoints;
  const origin = readCheckpoint(String(first?.['note']))?.origin ?? '';
  await database.run(
    'insert into log_checkpoint (size, at, note) values (?, ?, ?)',
    ...[size, String(first?.['at']), signCheckpoint({ origin, size, root: await rehash(database) }, [key])],
  );
}

/** Signs every checkpoint from a size on anew, with a key that is not the log's. */
export async function signAnew(database: Administrator, from: number, key: SigningKey): Promise<void> {
  const leaves = await database.all('select hash from log_leaf order by position');
  const tree = growTree();
  const roots = leaves.map(({ hash }) => {
    tree.add(hash as Uint8Array);
    return tree.root();
  });
  for (const { size, note } of await database.all(
    'select size, note from log_checkpoint where size >= ? order by size',
    from,
  )) {
    const root = roots[Number(size) - 1];
    const origin = readCheckpoint(String(note))?.origin ?? '';
    if (root === undefined) continue;
    const forged = signCheckpoint({ origin, size: Number(size), root }, [key]);
    await database.run('update log_checkpoint set note = ? where size = ?', forged, Number(size));
  }
}

function entryOf(row: Row): LogEntry {
  const present = (value: Value | undefined): value is string => typeof value === 'string';
  const { seq, at, kind, actor, partner, referral, message, detail } = row;
  return {
    ...{ seq: Number(seq), at: String(at), kind: String(kind), actor: String(actor) },
    ...(present(partner) && { partner }),
    ...(present(referral) && { referral }),
    ...(present(message) && { message }),
    detail: JSON.parse(String(detail)),
  };
}
