import { describe, expect, it } from '@jest/globals';
import { summarise } from '../../../bench/summarise.ts';
import { tableLines } from '../../../bench/table.ts';

describe('tableLines', () => {
  it('shows figures in whole operations per second, compared with the first, and who was not measured', () => {
    const standings = summarise([
      { name: 'ours', rounds: [1000.4, 2000.4, 3000.4] },
      { name: 'theirs', rounds: [500.2, 1000.2, 1500.2] },
    ]);
    expect(tableLines('work', standings, [{ name: 'other', why: 'not there' }])).toEqual([
      'work',
      'contender  median/s  min/s  max/s  of ours',
      'ours          2,000  1,000  3,000   1.00 x',
      'theirs        1,000    500  1,500   0.50 x',
      'other  not measured: not there',
    ]);
  });
});
