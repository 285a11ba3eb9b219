import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, changes, hold, newReferral } from '../../contract/store/samples.ts';
import { type RecordToLookAt, recordToLookAt } from './record-to-look-at.ts';

const UNKNOWN = ['h1', 'h2', 'h3', 'h4'];

let record: RecordToLookAt;
beforeAll(async () => {
  const unknown = UNKNOWN.map((id, minute) =>
    hold(id, { kind: 'unknown-referral', key: `in|casework|${id}`, partner: 'casework', openedAt: at(minute) }),
  );
  const refused = hold('h5', { kind: 'refused-delivery', partner: 'elm-tree', referral: 'r1', openedAt: at(9) });
  // To abandon it would end referrals for a code: it is the one that many at once must leave alone.
  const code = hold('h6', {
    key: 'code|elm-tree|needs|http://snomed.info/sct|1',
    partner: 'elm-tree',
    openedAt: at(10),
  });
  record = await recordToLookAt([
    changes({ referral: newReferral('r1'), holds: [refused] }),
    changes({ holds: [...unknown, code] }),
  ]);
});
afterAll(() => record.remove());

const listed = async (...args: string[]) => {
  const { printed, errors } = await record.hearback('holds', '--json', ...args);
  const ids = printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line): string => JSON.parse(line).id);
  return { ids, errors };
};
const open = async () => (await record.look((store) => store.holds({ open: true }))).map(({ id }) => id);
const resolve = (...args: string[]) => record.hearback('holds', 'resolve', ...args, '--reason', 'a test of theirs');

describe('hearback holds', () => {
  it('lists a page at a time, and says how to go on', async () => {
    expect(await listed('--limit', '4')).toEqual({ ids: UNKNOWN, errors: 'There is more: --after h4\n' });
    expect(await listed('--limit', '4', '--after', 'h4')).toEqual({ ids: ['h5', 'h6'], errors: '' });
    expect((await record.hearback('holds', '--after', 'h9')).errors).toContain('No open hold h9');
  });

  it.each([
    [['--kind', 'unknown-referral'], UNKNOWN],
    [
      ['--partner', 'elm-tree'],
      ['h5', 'h6'],
    ],
    [['--referral', 'r1'], ['h5']],
    [['--kind', 'unknown-referral', '--partner', 'elm-tree'], []],
  ])('lists only %j', async (which, ids) => {
    expect(await listed(...which)).toEqual({ ids, errors: '' });
  });

  it('knows no kind that there is not', async () => {
    expect(await record.hearback('holds', '--kind', 'unknown')).toMatchObject({ status: 2, printed: '' });
  });
});

describe('hearback holds resolve for many', () => {
  it('says how many they are, and changes nothing without --yes', async () => {
    const { status, errors } = await resolve('--kind', 'unknown-referral', '--partner', 'casework', '--abandon');
    expect([status, errors]).toEqual([2, expect.stringContaining('4 open holds')]);
    expect(await open()).toHaveLength(6);
  });

  it.each([
    ['nothing says which', ['--abandon', '--yes']],
    ['one is named as well', ['h1', '--kind', 'unknown-referral', '--abandon', '--yes']],
    ['an answer is for one code', ['--kind', 'unmapped-code', '--no-match', '--yes']],
  ])('is refused where %s', async (_why, args) => {
    expect((await resolve(...args)).status).toBe(2);
    expect(await open()).toHaveLength(6);
  });

  it('resolves each as an entry of its own, and no other', async () => {
    const { status, printed } = await resolve(
      '--kind',
      'unknown-referral',
      '--partner',
      'casework',
      '--abandon',
      '--yes',
    );
    expect([status, printed]).toEqual([0, '4 holds resolved: 0 waiting dropped.\n']);
    expect(await open()).toEqual(['h5', 'h6']);
    const entries = await record.look((store) => store.journal({ kind: 'hold.resolved', limit: 99 }));
    expect(entries.map(({ detail }) => [detail['hold'], detail['then'], detail['reason']])).toEqual(
      UNKNOWN.map((id) => [id, 'abandon', 'a test of theirs']),
    );
  });

  it('leaves those that must not be dropped, says which and why, and resolves the others', async () => {
    const { status, printed, errors } = await resolve('--partner', 'elm-tree', '--abandon', '--yes');
    expect([status, printed]).toEqual([1, '1 hold resolved: 0 waiting dropped.\n']);
    expect(errors).toContain('h6 stays: Abandoning this hold would end referrals for a code');
    expect(await open()).toEqual(['h6']);
  });
});
