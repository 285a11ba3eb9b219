import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Bindings, bytes } from '../../../../src/store/rows/row.ts';
import { bindable, openForReading, openForWriting, parameterNames } from '../../../../src/store/sqlite/connection.ts';
import { freshFiles } from './fresh-connection.ts';

describe('a connection', () => {
  const { path, connect } = freshFiles();

  it('flushes every commit, writes ahead, waits for others and checks what rows point at', () => {
    const connection = connect();
    const pragma = (name: string) => Object.values(connection.all(`pragma ${name}`)[0] ?? {})[0];
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('busy_timeout')).toBe(10_000);
  });

  it('makes the file readable by its owner only', () => {
    const file = path();
    connect(file).exec('create table t (v text)');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gives rows without the additions of the library, and blobs as bytes', () => {
    const connection = connect();
    connection.exec('create table t (v text, b blob)');
    connection.run('insert into t values (:v, :b)', { v: 'x', b: new Uint8Array([0, 255]) });
    const rows = connection.all('select * from t');
    expect(Object.keys(rows[0] ?? {})).toEqual(['v', 'b']);
    expect(rows.map((row) => bytes(row, 'b'))).toEqual([new Uint8Array([0, 255])]);
  });

  it('refuses a boolean, on which the library would end the whole process', () => {
    const careless = JSON.parse('{"flag": true}') as Bindings;
    expect(() => bindable(['flag'], careless)).toThrow('parameter flag');
    expect(() => bindable(['list'], JSON.parse('{"list": []}') as Bindings)).toThrow('parameter list');
  });

  it('writes a text with a NUL so that it is read back to its end', () => {
    expect(bindable(['a', 'b', 'c'], { a: 'x\0y', b: null, c: 1 })).toEqual(['x\uFFFDy', null, 1]);
  });

  it('numbers parameters as the database does, whatever stands in texts and comments', () => {
    const sql = "select :b, '09:00:00', 'it''s :no', :a, :b -- :neither\n, :c2";
    expect(parameterNames(sql)).toEqual(['b', 'a', 'c2']);
    const [row] = connect().all(sql, { a: 'A', b: 'B', c2: 'C' });
    expect(Object.values(row ?? {})).toEqual(['B', '09:00:00', "it's :no", 'A', 'B', 'C']);
  });

  it('refuses a statement that is given too little', () => {
    expect(() => connect().all('select :a', {})).toThrow('parameter a');
  });

  it('for reading refuses to write, and makes no file where there was none', () => {
    const file = path();
    connect(file).exec('create table t (v text)');
    const reader = openForReading(file);
    expect(() => reader.run("insert into t values ('x')")).toThrow('readonly');
    reader.close();
    const nowhere = path();
    expect(() => openForReading(nowhere)).toThrow('there is no record at');
    expect(existsSync(nowhere)).toBe(false);
  });

  it('says what is wrong with a file that it cannot open', () => {
    const file = path();
    writeFileSync(file, 'This is a letter and no database. '.repeat(100));
    expect(() => openForWriting(file)).toThrow('is not a SQLite database');
    expect(() => openForWriting(join(path(), 'deeper', 'record.db'))).toThrow('the directory of the record');
  });
});
