import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../../../../src/store/sqlite/connection.ts';
import { makeGroupCommit } from '../../../../src/store/sqlite/group-commit.ts';
import { freshFiles } from './fresh-connection.ts';

/** Notes what a group does, and may be told to fail at one statement. */
function noting(
  connection: Connection,
  failAt?: string,
): { readonly noted: string[]; readonly connection: Connection } {
  const noted: string[] = [];
  return {
    noted,
    connection: {
      ...connection,
      get inTransaction() {
        return connection.inTransaction;
      },
      exec: (sql) => {
        noted.push(sql);
        if (sql === failAt) throw new Error('the disk is full');
        connection.exec(sql);
      },
    },
  };
}

describe('group commit', () => {
  const { path, connect } = freshFiles();

  function opened(failAt?: string) {
    const file = path();
    const inner = connect(file);
    inner.exec('create table t (v text unique)');
    const { noted, connection } = noting(inner, failAt);
    const group = makeGroupCommit(connection);
    const add = (v: string) => () => connection.run('insert into t values (:v)', { v });
    const kept = () =>
      connect(file)
        .all('select v from t order by v')
        .map((row) => row['v']);
    return { group, add, kept, noted, inner };
  }

  it('commits all that arrive in one turn together', async () => {
    const { group, add, kept, noted } = opened();
    await Promise.all(['a', 'b', 'c'].map((v) => group.run(add(v))));
    expect(noted.filter((sql) => sql === 'commit')).toHaveLength(1);
    expect(noted).toEqual(['begin immediate', 'commit']);
    expect(kept()).toEqual(['a', 'b', 'c']);
  });

  it('begins a new group for what arrives later', async () => {
    const { group, add, noted } = opened();
    await group.run(add('a'));
    await group.run(add('b'));
    expect(noted.filter((sql) => sql === 'commit')).toHaveLength(2);
  });

  it('answers nobody before the commit', async () => {
    const { group, add, noted } = opened();
    const answered: number[] = [];
    await Promise.all(['a', 'b'].map((v) => group.run(add(v)).then(() => answered.push(noted.indexOf('commit')))));
    expect(answered.every((place) => place >= 0)).toBe(true);
  });

  it('rolls back a failing operation alone, with everything it had written', async () => {
    const { group, add, kept } = opened();
    const twice = () => {
      add('x')();
      return add('a')();
    };
    const outcomes = await Promise.allSettled([group.run(add('a')), group.run(twice), group.run(add('b'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(kept()).toEqual(['a', 'b']);
  });

  it('keeps each operation once when another of its group fails', async () => {
    const { group, inner, kept, add } = opened();
    inner.exec('create table counted (n integer)');
    const count = () => inner.run('insert into counted select count(*) from counted');
    const fails = () => {
      add('a')();
      throw new Error('broken');
    };
    const outcomes = await Promise.allSettled([group.run(count), group.run(fails), group.run(count)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(inner.all('select n from counted order by n').map((row) => row['n'])).toEqual([0, 1]);
    expect(kept()).toEqual([]);
  });

  it('lets a later operation see what an earlier one of its group wrote', async () => {
    const { group, add, inner } = opened();
    const [, seen] = await Promise.all([group.run(add('a')), group.run(() => inner.all('select v from t').length)]);
    expect(seen).toBe(1);
  });

  it.each(['begin immediate', 'commit'])('tells everybody no when %s fails, and keeps nothing', async (failAt) => {
    const { group, add, kept } = opened(failAt);
    const outcomes = await Promise.allSettled(['a', 'b'].map((v) => group.run(add(v))));
    expect(outcomes).toEqual(
      ['a', 'b'].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'database' }) })),
    );
    expect(kept()).toEqual([]);
  });

  it('tells everybody no when an operation cost the database its transaction', async () => {
    const { group, add, kept, inner } = opened();
    const fatal = () => {
      inner.exec('rollback');
      throw new Error('the disk is full');
    };
    const outcomes = await Promise.allSettled([group.run(add('a')), group.run(fatal), group.run(add('b'))]);
    const why = { code: 'database', message: 'the disk is full' };
    expect(outcomes).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: expect.objectContaining(why) })));
    expect(kept()).toEqual([]);
  });

  it('works on after a failed group', async () => {
    const { group, add, kept } = opened();
    await expect(
      group.run(() => {
        throw new Error('broken');
      }),
    ).rejects.toMatchObject({ name: 'StoreError' });
    await group.run(add('z'));
    expect(kept()).toEqual(['z']);
  });
});
