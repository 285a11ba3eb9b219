import { describe, expect, it } from '@jest/globals';
import { wholeMessages } from '../../../../docker/simulators/amqp-platform/amqp-shape.ts';
import { piecemeal } from '../../../../docker/simulators/amqp-platform/piecemeal.ts';
import { casework } from '../../../../docker/simulators/platform/casework.ts';

const of = (more: object = {}) => ({ id: 'm-1/t-1', referral: 'r-1', revision: 'm-1', ...more });
const need = (number: number) => of({ id: `m-1/t-1/need/${number}`, number });
const CLOSING = of({ task: 't-1', needs: 2, notes: 1, sentAt: '2026-11-21T09:00:00.000Z' });
const CASE = { number: 'PM-1001', reference: 'r-1', taskReference: 't-1', nhsNumber: '9990000018' };

describe('a platform that is told piece by piece', () => {
  const pieces = (read: ReturnType<typeof piecemeal.newReader>) => [
    read('person.given', of({ id: 'm-1/t-1/person', nhsNumber: '9990000018', familyName: 'Testwell' })),
    read('need.added', need(1)),
    read('note.added', of({ id: 'm-1/t-1/note/1', number: 1, text: 'Rings twice.' })),
  ];

  it('has the referral with its last piece, and counts a piece that comes again once', () => {
    const read = piecemeal.newReader();
    expect(pieces(read)).toEqual(['part', 'part', 'part']);
    pieces(read);
    expect(read('need.added', need(2))).toBe('part');
    expect(read('referral.requested', CLOSING)).toEqual({
      kind: 'referral',
      reference: 'r-1',
      taskReference: 't-1',
      nhsNumber: '9990000018',
      narrative: 'Rings twice.',
    });
  });

  it('takes nothing that is not whole, and no piece of another revision for one of this', () => {
    const read = piecemeal.newReader();
    pieces(read);
    expect(read('need.added', { ...need(2), revision: 'm-2' })).toBe('part');
    expect(read('referral.requested', CLOSING)).toBeUndefined();
    expect(read('made.up', CLOSING)).toBeUndefined();
    expect(read('need.added', { number: 1 })).toBeUndefined();
  });

  it('says a score and a state in messages of their own', () => {
    const one = { ...CASE, kind: 'referral' as const, narrative: '', delivery: 'msg-1', received: {} };
    const step = { afterMs: 0, status: 'done', note: 'Well.', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } };
    const said = piecemeal.reports(one, step, new Date('2026-11-21T10:00:00.000Z'));
    expect(said.map(({ type }) => type)).toEqual(['outcome.recorded', 'status.changed']);
    expect(said[0]?.body).toMatchObject({ ticket: 1001, score: 26, stage: 'follow-up', takenOn: '2026-11-21' });
    expect(said[1]?.body).toMatchObject({ referral: 'r-1', status: 'done', comment: 'Well.' });
  });
});

describe('a platform that is told in one message', () => {
  it('reads and says what it would by webhook', () => {
    const { newReader, reports } = wholeMessages(casework);
    const read = newReader();
    const delivery = { event: 'referral.cancel-requested', clientReference: 'r-1', taskReference: 't-1' };
    expect(read('cancel', delivery)).toMatchObject({ kind: 'cancel', reference: 'r-1' });
    expect(read('cancel', {})).toBeUndefined();
    const one = { ...CASE, kind: 'referral' as const, narrative: '', delivery: 'msg-1', received: {} };
    expect(reports(one, { afterMs: 0, status: 'active' }, new Date(0))).toMatchObject([
      { type: 'report', body: { status: 'active', clientReference: 'r-1' } },
    ]);
  });
});
