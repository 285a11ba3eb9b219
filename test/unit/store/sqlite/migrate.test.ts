import { describe, expect, it } from '@jest/globals';
import { checkSchema, migrate } from '../../../../src/store/sqlite/migrate.ts';
import { MIGRATIONS, type Migration } from '../../../../src/store/sqlite/migrations/list.ts';
import { freshFiles } from './fresh-connection.ts';

const NOW = '2026-11-02T08:00:00.000Z';
const FIRST: Migration = { number: 1, name: 'one', sql: 'create table one (v text)' };
const SECOND: Migration = { number: 2, name: 'two', sql: 'create table two (v text); insert into one values (1)' };

describe('migrations', () => {
  const { path, connect } = freshFiles();
  const tables = (file: string) =>
    connect(file)
      .all("select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name")
      .map((row) => row['name']);

  it('are numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('run in order, and once', () => {
    const file = path();
    const connection = connect(file);
    migrate(connection, NOW, [FIRST]);
    migrate(connection, NOW, [FIRST, SECOND]);
    migrate(connection, NOW, [FIRST, SECOND]);
    expect(tables(file)).toEqual(['migration', 'one', 'two']);
    expect(connection.all('select * from one')).toHaveLength(1);
    expect(connection.all('select number, name, applied_at from migration')).toEqual([
      { number: 1, name: 'one', applied_at: NOW },
      { number: 2, name: 'two', applied_at: NOW },
    ]);
  });

  it('take every step or none', () => {
    const file = path();
    const broken = { number: 2, name: 'broken', sql: 'create table two (v text); create table (' };
    expect(() => migrate(connect(file), NOW, [FIRST, broken])).toThrow();
    expect(tables(file)).toEqual([]);
  });

  it('refuse a record that ran another text of an old migration', () => {
    const connection = connect();
    migrate(connection, NOW, [FIRST]);
    const edited = { ...FIRST, sql: `${FIRST.sql} -- edited` };
    expect(() => migrate(connection, NOW, [edited])).toThrow('migration 1 one is not the one that this record ran');
  });

  it('refuse a record that is newer than the program', () => {
    const connection = connect();
    migrate(connection, NOW, [FIRST, SECOND]);
    expect(() => migrate(connection, NOW, [FIRST])).toThrow('newer than this program (it has migration 2 two)');
  });

  it('refuse a record in which an old migration is missing', () => {
    const connection = connect();
    migrate(connection, NOW, [FIRST, SECOND]);
    connection.run('delete from migration where number = 1');
    expect(() => migrate(connection, NOW, [FIRST, SECOND])).toThrow('migration 1 one is not the one');
  });

  it('are only looked at by readers: an older or an empty record is refused', () => {
    const connection = connect();
    expect(() => checkSchema(connection, [FIRST])).toThrow('older than this program');
    migrate(connection, NOW, [FIRST]);
    expect(() => checkSchema(connection, [FIRST])).not.toThrow();
    expect(() => checkSchema(connection, [FIRST, SECOND])).toThrow('migration 2 two is missing');
    expect(() => checkSchema(connection, [])).toThrow('newer than this program');
  });

  it('keep the journal append-only for whoever opens the file', () => {
    const connection = connect();
    migrate(connection, NOW);
    connection.exec("insert into journal (at, kind, actor, detail) values ('a', 'k', 'x', '{}')");
    expect(() => connection.exec("update journal set actor = 'y'")).toThrow('append-only');
    expect(() => connection.exec('delete from journal')).toThrow('append-only');
  });

  it('let no lane have two heads', () => {
    const connection = connect();
    migrate(connection, NOW);
    const head =
      "insert into work (kind, lane, subject, status, is_head, not_before, first_queued_at) values ('settle', 'a', 's', 'ready', 1, 'x', 'x')";
    connection.exec(head);
    expect(() => connection.exec(head)).toThrow('UNIQUE');
  });
});
