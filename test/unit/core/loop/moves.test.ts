import { describe, expect, it } from '@jest/globals';
import { judgeMove, MOVES } from '../../../../src/core/loop/moves.ts';
import type { TaskStatus } from '../../../../src/core/loop/states.ts';

const STATUSES: readonly TaskStatus[] = [
  'draft',
  'requested',
  'accepted',
  'rejected',
  'in-progress',
  'on-hold',
  'cancelled',
  'completed',
  'failed',
  'entered-in-error',
];

const FORBIDDEN = [
  ['completed', 'in-progress'],
  ['rejected', 'completed'],
  ['rejected', 'accepted'],
  ['cancelled', 'completed'],
  ['failed', 'accepted'],
  ['draft', 'completed'],
  ['requested', 'draft'],
  ['requested', 'in-progress'],
  ['requested', 'completed'],
  ['accepted', 'requested'],
  ['accepted', 'rejected'],
] as const;

const rules = (from: TaskStatus | 'start', to: TaskStatus, by: 'requester' | 'performer') =>
  judgeMove(from, to, by).map((finding) => finding.rule);

describe('the moves of a Gravity referral Task', () => {
  it('are twenty, each once', () => {
    expect(MOVES).toHaveLength(20);
    expect(new Set(MOVES.map((move) => move.join('>'))).size).toBe(20);
  });

  it.each(MOVES)('%s to %s is allowed', (from, to) => {
    expect(rules(from === '*' ? 'completed' : from, to, 'performer')).not.toContain('loop/move');
  });

  it.each(FORBIDDEN)('%s to %s is not', (from, to) => {
    expect(rules(from, to, 'performer')).toContain('loop/move');
  });

  it.each(['rejected', 'cancelled', 'completed', 'failed', 'entered-in-error'] as const)(
    'nothing but an error leaves %s',
    (end) => {
      const out = STATUSES.filter((to) => to !== end && !rules(end, to, 'performer').includes('loop/move'));
      expect(out).toEqual(end === 'entered-in-error' ? [] : ['entered-in-error']);
    },
  );

  it('staying is no move', () => {
    for (const status of STATUSES) expect(judgeMove(status, status, 'performer')).toEqual([]);
  });

  it.each([
    ['requested', 'accepted', 'requester'],
    ['in-progress', 'completed', 'requester'],
    ['draft', 'requested', 'performer'],
    ['accepted', 'entered-in-error', 'performer'],
  ] as const)('from %s to %s is not for the %s to say', (from, to, by) => {
    expect(rules(from, to, by)).toEqual(['loop/mover']);
  });

  it('either side may cancel', () => {
    expect(rules('accepted', 'cancelled', 'requester')).toEqual([]);
    expect(rules('accepted', 'cancelled', 'performer')).toEqual([]);
  });

  it('says place, rule and what would be allowed', () => {
    expect(judgeMove('requested', 'in-progress', 'performer')).toEqual([
      {
        severity: 'error',
        rule: 'loop/move',
        place: { expression: 'Task.status' },
        message: 'A referral Task cannot go from requested to in-progress (Gravity SDOHCC, allowed moves).',
        remedy: 'From requested it can go to: accepted, rejected, cancelled, entered-in-error. Acceptance comes first.',
        issue: 'business-rule',
      },
    ]);
  });

  it('knows that received and ready are not used', () => {
    expect(rules('requested', 'received', 'performer')).toEqual(['loop/move']);
    expect(rules('requested', 'ready', 'performer')).toEqual(['loop/move']);
  });
});
