import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventKind, LoopEvent } from '../../../../src/core/loop/event.ts';
import { type ItemsGiven, itemsDue, waitMs } from '../../../../src/core/loop/gp-items.ts';
import { at, happened } from './a-loop.ts';

const MINUTE = 60_000;
const EVERY = { items: 'every' } as const;
const END = { items: 'digest' } as const;
const WEEKLY = { items: 'digest', periodMs: 10 * MINUTE, most: 3 } as const;

function due(kinds: readonly EventKind[], more: Partial<ItemsGiven> = {}) {
  const untold = kinds.map((kind, minute) => happened(kind, minute));
  const { items, nextAt } = itemsDue({ untold, ended: false, summaries: 0, rules: END, now: at(60), ...more });
  return { items: items.map(({ kind, events }) => [kind, ...events.map((event) => event.kind)]), nextAt };
}

describe('what the GP gets as one item', () => {
  it.each<[string, readonly EventKind[], Partial<ItemsGiven>, readonly string[][]]>([
    [
      'every event, where the practice wants every one',
      ['accepted', 'waiting'],
      { rules: EVERY },
      [
        ['single', 'accepted'],
        ['single', 'waiting'],
      ],
    ],
    ['nothing, while there is nothing to do', ['accepted', 'did-not-attend', 'outcome-recorded'], {}, []],
    [
      'all that waited, at the end',
      ['accepted', 'outcome-recorded', 'completed'],
      { ended: true },
      [['digest', 'accepted', 'outcome-recorded', 'completed']],
    ],
    [
      'all that waited, when there is something to do',
      ['accepted', 'no-answer'],
      {},
      [['digest', 'accepted', 'no-answer']],
    ],
    ['what is urgent, at once and by itself', ['accepted', 'escalated', 'waiting'], {}, [['urgent', 'escalated']]],
    [
      'what is urgent apart from the end',
      ['escalated', 'completed'],
      { ended: true },
      [
        ['urgent', 'escalated'],
        ['digest', 'completed'],
      ],
    ],
    [
      'a summary when the period is over',
      ['accepted', 'waiting'],
      { rules: WEEKLY },
      [['digest', 'accepted', 'waiting']],
    ],
    ['nothing, before the period is over', ['accepted'], { rules: WEEKLY, now: at(9) }, []],
    ['nothing, when there were enough summaries', ['accepted'], { rules: WEEKLY, summaries: 2 }, []],
    [
      'the end, however many summaries there were',
      ['completed'],
      { rules: WEEKLY, summaries: 2, ended: true },
      [['digest', 'completed']],
    ],
    [
      'something to do, however many there were',
      ['unmet-need'],
      { rules: WEEKLY, summaries: 9 },
      [['digest', 'unmet-need']],
    ],
  ])('%s', (_what, kinds, more, items) => {
    expect(due(kinds, more).items).toEqual(items);
  });

  it('says when to look again for what waits', () => {
    expect(due(['accepted', 'waiting'], { rules: WEEKLY, now: at(9) }).nextAt).toBe(at(10));
    expect(due(['accepted'], { rules: WEEKLY, summaries: 2 }).nextAt).toBeUndefined();
    expect(due(['accepted']).nextAt).toBeUndefined();
  });

  it('tells news after the end, when it had time to gather', () => {
    const late = due(['outcome-recorded'], { ended: true, rules: WEEKLY, now: at(9), summaries: 5 });
    expect(late).toEqual({ items: [], nextAt: at(10) });
    expect(due(['outcome-recorded'], { ended: true, rules: WEEKLY, summaries: 5 }).items).toEqual([
      ['digest', 'outcome-recorded'],
    ]);
  });

  const anyKinds = fc.array(
    fc.constantFrom<EventKind>('accepted', 'waiting', 'did-not-attend', 'escalated', 'outcome-recorded', 'no-answer'),
    { maxLength: 40 },
  );

  it('never leaves anything untold at the end, and never tells it twice', () => {
    fc.assert(
      fc.property(anyKinds, (kinds) => {
        const untold: LoopEvent[] = [...kinds, 'completed' as const].map((kind, minute) => happened(kind, minute));
        const { items } = itemsDue({ untold, ended: true, summaries: 9, rules: END, now: at(60) });
        const told = items.flatMap(({ events }) => events.map(({ id }) => id));
        expect([...told].sort()).toEqual(untold.map(({ id }) => id).sort());
        expect(items.filter(({ kind }) => kind === 'digest')).toHaveLength(1);
      }),
    );
  });

  it('lets an event be owed as long as it may wait', () => {
    const outcomeMs = 26 * 7 * 24 * 3_600_000;
    expect(waitMs(happened('accepted', 1), EVERY, outcomeMs)).toBe(0);
    expect(waitMs(happened('escalated', 1), END, outcomeMs)).toBe(0);
    expect(waitMs(happened('no-answer', 1), END, outcomeMs)).toBe(0);
    expect(waitMs(happened('accepted', 1), END, outcomeMs)).toBe(outcomeMs);
    expect(waitMs(happened('completed', 1), END, outcomeMs, true)).toBe(0);
    expect(waitMs(happened('completed', 1), END, outcomeMs, false)).toBe(outcomeMs);
  });
});
