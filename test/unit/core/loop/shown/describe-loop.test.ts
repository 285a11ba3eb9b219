import { describe, expect, it } from '@jest/globals';
import { defaultDeadlines } from '../../../../../src/core/loop/promises/deadlines.ts';
import { owe } from '../../../../../src/core/loop/promises/ledger.ts';
import { describeLoop, type LoopDescription } from '../../../../../src/core/loop/shown/describe-loop.ts';
import { renderLoop } from '../../../../../src/core/loop/shown/render-loop.ts';
import { foldLoop } from '../../../../../src/core/loop/tasks/fold.ts';
import type { Hold } from '../../../../../src/core/message.ts';
import { acknowledged, at, byGp, happened, oneChild, RIVERSIDE, referral } from '../a-loop.ts';

const secret = 'Mrs Example lives alone';
const events = [
  happened('requested', 0, byGp),
  happened('accepted', 3, { note: secret, actor: secret, reason: { text: secret } }),
  happened('received', 4),
];
const legs = [acknowledged('referral')];
const holds: Hold[] = [{ id: 'hold-1', kind: 'unmapped-code', key: secret, findings: [], openedAt: at(6) }];

function described(now: string): LoopDescription {
  const state = foldLoop(oneChild, events);
  const { all } = owe({ referral, state, events, promises: [], legs, holds, deadlines: defaultDeadlines, now: at(10) });
  return describeLoop({
    referral,
    state,
    events,
    promises: all,
    legs,
    holds,
    now,
    names: { [RIVERSIDE]: 'Riverside Casework' },
  });
}

describe('a loop, described', () => {
  const loop = described(at(20));

  it('says where it stands, as a whole and in each part', () => {
    expect(loop).toMatchObject({
      id: 'referral-1',
      status: 'open',
      state: { kind: 'accepted', status: 'accepted' },
      children: [{ partner: RIVERSIDE, kind: 'accepted', since: at(3), cancel: 'none' }],
    });
  });

  it('says what was promised, sent and acknowledged, and by whom', () => {
    expect(loop.promised.map((promise) => [promise.kind, promise.is, promise.owedBy]).sort()).toEqual([
      ['decide', 'kept', RIVERSIDE],
      ['deliver', 'kept', 'hearback'],
      ['outcome', 'open', RIVERSIDE],
      ['progress', 'open', RIVERSIDE],
      ['resolve-hold', 'open', 'hearback'],
      ['tell-gp', 'open', 'hearback'],
    ]);
    expect(loop.sent).toMatchObject([{ id: 'leg-referral', partner: RIVERSIDE, attempts: 1 }]);
    expect(loop.acknowledged).toMatchObject([{ id: 'leg-referral', ack: 'technical' }]);
  });

  it('says what is late and what is not yet, the earliest deadline first', () => {
    expect(loop.late).toEqual([]);
    const later = described('2026-11-25T09:10:00.000Z');
    expect(later.late.map((promise) => promise.kind)).toEqual(['tell-gp', 'resolve-hold', 'progress']);
    expect(later.owes).toHaveLength(4);
    expect(later.late[2]?.words).toContain('Riverside Casework owes news of how it goes on');
  });

  it('tells what happened in order, and what does not count', () => {
    expect(loop.timeline.map((moment) => moment.what)).toEqual([
      'event requested',
      'leg referral acknowledged',
      'event accepted',
      'event received',
      'hold unmapped-code',
    ]);
    expect(loop.timeline[3]).toMatchObject({ ignored: 'already-past' });
  });

  it('holds nothing of what the messages said', () => {
    expect(JSON.stringify(loop)).not.toContain('Example');
    expect(renderLoop(loop)).not.toContain('Example');
  });

  it('is printed one thing a line', () => {
    const text = renderLoop(described('2026-11-04T09:10:00.000Z'));
    expect(text.split('\n').slice(0, 5)).toEqual([
      'Loop referral-1: open, referred by elm-road',
      '',
      'State',
      `  referral: Accepted by the service (accepted), since ${at(3)}`,
      `  riverside: Accepted by the service (accepted), since ${at(3)}`,
    ]);
    expect(text).toContain('  referral to riverside: acknowledged (technical), 1 attempt');
    expect(text).toContain('  Hearback owes elm-road the news since 2026-11-02T09:10:00.000Z, late by 1 day.');
    expect(text).toContain('(does not count: already-past)');
  });
});
