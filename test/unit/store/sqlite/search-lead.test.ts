import { describe, expect, it } from '@jest/globals';
import type { SearchCondition } from '../../../../src/ports-queries.ts';
import { applyChanges } from '../../../../src/store/sqlite/apply-changes.ts';
import { migrate } from '../../../../src/store/sqlite/migrate.ts';
import { leadOf } from '../../../../src/store/sqlite/search.ts';
import { changes, newReferral, task } from '../../../contract/store/samples.ts';
import { freshFiles } from './fresh-connection.ts';

describe('the leading condition of a search', () => {
  const { connect } = freshFiles();
  const is = (param: string, ...values: string[]): SearchCondition => ({ param, values, compare: 'equal' });

  function leads(...where: SearchCondition[]): number | undefined {
    const connection = connect();
    migrate(connection, 'now');
    const tasks = Array.from({ length: 20 }, (_, index) =>
      task(`t${index}`, 1, {
        index: [
          { param: 'status', value: 'requested' },
          { param: 'patient', value: `Patient/${index}` },
        ],
      }),
    );
    applyChanges(connection, changes({ referral: newReferral('r1'), resources: tasks }), 'now');
    return leadOf(connection, { type: 'Task', where, referrer: 'elm-tree', limit: 10 });
  }

  it('is the one that names the fewest rows, wherever it stands', () => {
    expect(leads(is('status', 'requested'), is('patient', 'Patient/1'))).toBe(1);
    expect(leads(is('patient', 'Patient/1'), is('status', 'requested'))).toBe(0);
    expect(leads(is('status', 'requested'), is('_id', 't1', 't2'))).toBe(1);
    expect(leads(is('status', 'never'), is('_id', 't1', 't2'))).toBe(0);
  });

  it('is none when no condition names rows by a value', () => {
    expect(
      leads({ param: 'authored', values: ['2026'], compare: 'ge' }, { param: 'owner', values: [], compare: 'missing' }),
    ).toBeUndefined();
    expect(leads(is('_lastUpdated', '2026'))).toBeUndefined();
  });
});
