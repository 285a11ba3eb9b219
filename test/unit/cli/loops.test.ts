import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, changes, hold, newReferral, promise } from '../../contract/store/samples.ts';
import { type RecordToLookAt, recordToLookAt } from './record-to-look-at.ts';

const LOOPS = ['r1', 'r2', 'r3', 'r4', 'r5'];
/** The oldest is done with; in the next the platform has spoken, and a person is waited for, so that it is not late. */
const [CLOSED, HELD = ''] = LOOPS;

let record: RecordToLookAt;
beforeAll(async () => {
  const spoken = hold('h1', { kind: 'failed-check', key: 'in|casework|1', partner: 'casework', referral: HELD });
  record = await recordToLookAt(
    LOOPS.map((id) =>
      changes({
        holds: id === HELD ? [spoken] : [],
        referral: newReferral(
          id,
          id === CLOSED ? { status: 'closed' as const, closedAt: at(1) } : { nextDueAt: at(60) },
        ),
        promises: id === CLOSED ? [] : [promise(`${id}-decide`, { referral: id, task: `${id}-task` })],
      }),
    ),
  );
});
afterAll(() => record.remove());

const listed = async (...args: string[]) => {
  const { printed, errors, status } = await record.hearback('loops', '--json', ...args);
  const ids = printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line): string => JSON.parse(line).id);
  return { ids, errors, status, after: /^There is more: --after (\S+)$/m.exec(errors)?.[1] };
};

describe('hearback loops', () => {
  it.each([
    ['the open ones', ['--open'], LOOPS.slice(1)],
    ['a partner’s', ['--partner', 'casework'], LOOPS],
    ['the newest first', ['--newest'], LOOPS.toReversed()],
  ])('lists %s a page at a time, and says how to go on', async (_name, which, wanted) => {
    const first = await listed(...which, '--limit', '2');
    expect(first).toMatchObject({ ids: wanted.slice(0, 2), status: 0, after: wanted[1] });
    const rest = await listed(...which, '--limit', '5', '--after', first.after ?? '');
    expect(rest).toEqual({ ids: wanted.slice(2), errors: '', status: 0, after: undefined });
  });

  it('goes on from a page of late ones of which one turned out not to be', async () => {
    expect(await listed('--late', '--limit', '1')).toEqual({
      ids: [],
      errors: `There is more: --after ${HELD}\n`,
      status: 0,
      after: HELD,
    });
    expect(await listed('--late', '--limit', '3', '--after', HELD)).toMatchObject({ ids: LOOPS.slice(2), errors: '' });
  });

  it('says nothing of more where the page holds exactly all', async () => {
    expect(await listed('--limit', '5')).toMatchObject({ ids: LOOPS, errors: '' });
  });

  it('says so beside the readable list too', async () => {
    const { printed, errors } = await record.hearback('loops', '--open', '--limit', '1');
    expect(printed).toMatch(/^r2 {2}open/);
    expect(errors).toBe('There is more: --after r2\n');
  });

  it('goes on from no loop that is not there', async () => {
    expect(await record.hearback('loops', '--after', 'r3x')).toMatchObject({
      status: 1,
      printed: '',
      errors: expect.stringContaining('There is no loop r3x'),
    });
  });
});
