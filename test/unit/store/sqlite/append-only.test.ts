import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openForWriting } from '../../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/open-store.ts';
import { at, changes, entry, message } from '../../../contract/store/samples.ts';
import { sealAll } from '../../../fixtures/journal/seal-all.ts';

let directory: string;
let file: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-append-only-'));
  file = join(directory, 'record.db');
  const store = await openSqliteStore({ file, worker: false });
  await store.receive(message('m1'), changes({ journal: [entry('a'), entry('b')] }));
  await sealAll(store);
  await store.prune({ what: 'bodies', at: at(0), before: at(-5), messages: ['m1'] });
  await store.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a mistake at the database', () => {
  it.each([
    "update journal set kind = 'x'",
    'delete from journal',
    'delete from journal where seq = 1',
    'update log_leaf set seq = seq + 1',
    'delete from log_leaf',
    'delete from log_node',
    "update log_checkpoint set note = 'x'",
    'delete from log_checkpoint',
    "update message_body set body = x'00'",
    'delete from message_body',
  ])('is refused: %s', (sql) => {
    const connection = openForWriting(file);
    const before = connection.all('select count(*) as n from journal')[0]?.['n'];
    /* A statement on a table without rows changes nothing and is not refused. */
    const isEmpty = sql.includes('log_node');
    if (isEmpty) connection.run('insert into log_node (level, position, hash) values (9, 9, zeroblob(32))');
    expect(() => connection.run(sql)).toThrow(/append-only|as they came or went|until they are pruned/);
    expect(connection.all('select count(*) as n from journal')[0]?.['n']).toBe(before);
    connection.close();
  });
});
