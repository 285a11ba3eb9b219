import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../../../../src/store/sqlite/connection.ts';
import { makeSnapshots } from '../../../../src/store/sqlite/snapshots.ts';
import { freshFiles } from './fresh-connection.ts';

describe('snapshots', () => {
  const { path, connect } = freshFiles();

  function opened(failAt?: string) {
    const file = path();
    const writer = connect(file);
    writer.exec('create table t (v text unique)');
    const reader = connect(file);
    const noted: string[] = [];
    const noting: Connection = {
      ...reader,
      get inTransaction() {
        return reader.inTransaction;
      },
      exec: (sql) => {
        noted.push(sql);
        if (sql === failAt) throw new Error('no snapshot');
        reader.exec(sql);
      },
    };
    const count = () => reader.all('select v from t').length;
    const add = (v: string) => writer.run('insert into t values (:v)', { v });
    return { snapshots: makeSnapshots(noting), count, add, noted };
  }

  it('are shared by what is asked together, and hold still while it is read', async () => {
    const { snapshots, count, add, noted } = opened();
    const [before, , after] = await Promise.all([
      snapshots.run(count),
      snapshots.run(() => add('a')),
      snapshots.run(count),
    ]);
    expect([before, after]).toEqual([0, 0]);
    expect(noted).toEqual(['begin', 'commit']);
  });

  it('see what was committed before they were asked for', async () => {
    const { snapshots, count, add } = opened();
    expect(await snapshots.run(count)).toBe(0);
    add('a');
    expect(await snapshots.run(count)).toBe(1);
  });

  it('serve the others when one read fails', async () => {
    const { snapshots, count } = opened();
    const fails = () => {
      throw new Error('broken');
    };
    const [one, failed, other] = await Promise.allSettled([fails, count, fails].map((read) => snapshots.run(read)));
    expect([one?.status, failed?.status, other?.status]).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(one).toMatchObject({ reason: { name: 'StoreError', message: 'broken' } });
    expect(await snapshots.run(count)).toBe(0);
  });

  it('that cannot be taken are told to everybody', async () => {
    const { snapshots, count } = opened('begin');
    const outcomes = await Promise.allSettled([snapshots.run(count), snapshots.run(count)]);
    expect(outcomes).toEqual(
      [1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'database' }) })),
    );
  });
});
