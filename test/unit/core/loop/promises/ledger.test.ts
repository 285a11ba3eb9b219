import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoopEvent } from '../../../../../src/core/loop/event.ts';
import { closure } from '../../../../../src/core/loop/promises/closure.ts';
import { defaultDeadlines } from '../../../../../src/core/loop/promises/deadlines.ts';
import { holdBehind, keepByRead, type Owed, owe } from '../../../../../src/core/loop/promises/ledger.ts';
import type { LedgerGiven } from '../../../../../src/core/loop/promises/need.ts';
import { isOpen, type LoopPromise, type PromiseKind } from '../../../../../src/core/loop/promises/promise.ts';
import { foldLoop, type LoopTasks } from '../../../../../src/core/loop/tasks/fold.ts';
import type { Hold, Leg } from '../../../../../src/core/message.ts';
import {
  acknowledged,
  anyEvent,
  at,
  byGp,
  CHILD,
  GP,
  happened,
  leg,
  oneChild,
  PARENT,
  RIVERSIDE,
  referral,
  twoChildren,
} from '../a-loop.ts';

const requested = happened('requested', 0, byGp);
const delivered = acknowledged('referral');

interface Case {
  readonly tasks?: LoopTasks;
  readonly events?: readonly LoopEvent[];
  readonly legs?: readonly Leg[];
  readonly holds?: readonly Hold[];
  readonly promises?: readonly LoopPromise[];
  readonly levels?: LedgerGiven['levels'];
  readonly now?: string;
}

function given({
  tasks = oneChild,
  events = [],
  legs = [],
  holds = [],
  promises = [],
  levels,
  now = at(30),
}: Case): LedgerGiven {
  const all = [requested, ...events];
  const state = foldLoop(tasks, all);
  return {
    referral,
    state,
    events: all,
    promises,
    legs,
    holds,
    deadlines: defaultDeadlines,
    now,
    ...(levels && { levels }),
  };
}

const ledger = (one: Case): Owed => owe(given(one));
const closed = (one: Case) => closure(given(one).state, ledger(one).all).closed;
const openKinds = (owed: Owed): PromiseKind[] => owed.all.filter(isOpen).map((promise) => promise.kind);
const of = (owed: Owed, kind: PromiseKind) => owed.all.filter((promise) => promise.kind === kind);

/** A write-back that the GP acknowledged for this event. */
const written = (event: LoopEvent, more: Partial<Leg> = {}): Leg =>
  acknowledged('write-back', {
    id: `write-${event.id}`,
    task: PARENT,
    ...(event.message && { cause: event.message }),
    ...more,
  });

describe('delivering the referral', () => {
  it('is owed by Hearback from the moment there is somebody to send it to', () => {
    const owed = ledger({ legs: [leg('referral')] });
    expect(of(owed, 'deliver')).toMatchObject([
      { owedBy: 'hearback', owedTo: RIVERSIDE, task: CHILD, dueAt: '2026-11-03T09:01:00.000Z' },
    ]);
    expect(openKinds(owed)).toEqual(['deliver']);
  });

  it('is owed to the GP as routing while there is nobody', () => {
    const owed = ledger({ tasks: { parent: PARENT, children: [] } });
    expect(of(owed, 'deliver')).toMatchObject([{ owedBy: 'hearback', owedTo: GP, task: PARENT }]);
    const routed = ledger({ promises: owed.all });
    expect(routed.all.find((promise) => promise.task === PARENT)).toMatchObject({ releasedWhy: 'It has been routed.' });
  });

  it('is kept by an acknowledgement of the promised level, and by no weaker one', () => {
    const weak = acknowledged('referral', { ack: 'transport' });
    expect(of(ledger({ legs: [weak] }), 'deliver')).toMatchObject([
      { keptAs: 'transport', keptBy: 'leg-referral', keptAt: at(2) },
    ]);
    expect(openKinds(ledger({ legs: [weak], levels: { [RIVERSIDE]: 'technical' } }))).toEqual(['deliver']);
    expect(of(ledger({ legs: [delivered], levels: { [RIVERSIDE]: 'technical' } }), 'deliver')).toMatchObject([
      { keptAs: 'technical' },
    ]);
  });

  it('is proved by the platform speaking of it, whatever became of the acknowledgement', () => {
    const owed = ledger({ legs: [leg('referral', { status: 'ambiguous' })], events: [happened('accepted', 5)] });
    expect(of(owed, 'deliver')).toMatchObject([{ keptAs: 'business', keptBy: 'accepted-5-task-riverside' }]);
  });

  it('stays owed after a refusal or when it was given up, so that no loop goes silent', () => {
    for (const status of ['refused', 'ambiguous', 'abandoned'] as const) {
      expect(openKinds(ledger({ legs: [leg('referral', { status })] }))).toEqual(['deliver']);
    }
  });

  it('is released when the referral ends before it was sent, but not while it is under way', () => {
    const before = ledger({});
    const cancelled = [happened('cancelled', 4, byGp)];
    expect(of(ledger({ promises: before.all, events: cancelled }), 'deliver')).toMatchObject([
      { releasedWhy: 'It ended before it was sent.' },
    ]);
    expect(
      openKinds(ledger({ promises: before.all, events: cancelled, legs: [leg('referral', { status: 'sending' })] })),
    ).toEqual(['deliver']);
  });

  it('counts for updates and cancellations too', () => {
    expect(openKinds(ledger({ legs: [delivered, leg('cancel')] }))).toEqual(['deliver', 'decide']);
    expect(openKinds(ledger({ legs: [delivered, acknowledged('cancel')] }))).toEqual(['decide']);
    const gaveUp = ledger({
      promises: ledger({ legs: [delivered, leg('cancel')] }).all,
      legs: [delivered, leg('cancel', { status: 'abandoned' })],
    });
    expect(of(gaveUp, 'deliver')).toContainEqual(
      expect.objectContaining({ releasedWhy: 'A person gave this delivery up.' }),
    );
  });
});

describe('what the platform owes', () => {
  it('is a decision once the referral was delivered', () => {
    const owed = ledger({ legs: [delivered] });
    expect(of(owed, 'decide')).toMatchObject([
      { owedBy: RIVERSIDE, owedTo: GP, dueAt: '2026-11-16T09:02:00.000Z', level: 'business' },
    ]);
  });

  it('is not answered by saying that it was received', () => {
    expect(openKinds(ledger({ legs: [delivered], events: [happened('received', 3)] }))).toEqual(['decide']);
  });

  it('is an outcome and news of progress once it said yes', () => {
    const owed = ledger({ legs: [delivered], events: [happened('accepted', 3)] });
    expect(of(owed, 'decide')).toMatchObject([
      { keptAt: at(3), keptAs: 'business', keptBy: 'accepted-3-task-riverside' },
    ]);
    expect(openKinds(owed).sort()).toEqual(['outcome', 'progress', 'tell-gp']);
  });

  it('is nothing more once it said no', () => {
    expect(openKinds(ledger({ legs: [delivered], events: [happened('rejected', 3)] }))).toEqual(['tell-gp']);
  });

  it('renews with each word: the last promise of progress is kept, the next has the deadline of the new state', () => {
    const first = ledger({ legs: [delivered], events: [happened('accepted', 3)] });
    const second = ledger({
      legs: [delivered],
      events: [happened('accepted', 3), happened('waiting', 4)],
      promises: first.all,
    });
    expect(of(second, 'progress')).toMatchObject([
      { keptBy: 'waiting-4-task-riverside' },
      { dueAt: '2026-12-14T09:04:00.000Z' },
    ]);
    expect(of(second, 'progress')[1]).not.toHaveProperty('keptAt');
  });

  it('is settled by the end', () => {
    const before = ledger({ legs: [delivered], events: [happened('accepted', 3)] });
    const owed = ledger({
      legs: [delivered],
      events: [happened('accepted', 3), happened('completed', 9)],
      promises: before.all,
    });
    expect(of(owed, 'outcome')).toMatchObject([{ keptBy: 'completed-9-task-riverside', keptAs: 'business' }]);
    expect(openKinds(owed)).toEqual(['tell-gp', 'tell-gp']);
  });

  it('is released when the referrer ended it', () => {
    const before = ledger({ legs: [delivered] });
    const owed = ledger({ legs: [delivered], events: [happened('cancelled', 5, byGp)], promises: before.all });
    expect(of(owed, 'decide')).toMatchObject([
      { releasedAt: at(30), releasedWhy: 'The referral was ended (cancelled).' },
    ]);
  });

  it('begins a new line when a released promise is owed again after all', () => {
    const cancelled = [happened('cancelled', 5, byGp)];
    const before = ledger({ legs: [delivered], events: [happened('accepted', 3)] });
    const ended = ledger({ legs: [delivered], events: [happened('accepted', 3), ...cancelled], promises: before.all });
    expect(of(ended, 'outcome')).toMatchObject([{ releasedWhy: expect.any(String) }]);
    const late = happened('in-progress', 4, { recordedAt: at(20) });
    const again = ledger({
      legs: [delivered],
      events: [happened('accepted', 3), late, ...cancelled],
      promises: ended.all,
    });
    expect(of(again, 'outcome').map(isOpen)).toEqual([false, true]);
    expect(of(again, 'answer-cancel').map(isOpen)).toEqual([true]);
  });
});

describe('an answer to a request to cancel', () => {
  const working = [happened('in-progress', 3), happened('cancel-requested', 5, byGp)];
  const before = ledger({ legs: [delivered], events: working });

  it('is owed by the platform', () => {
    expect(of(before, 'answer-cancel')).toMatchObject([{ owedBy: RIVERSIDE, dueAt: '2026-11-04T09:05:00.000Z' }]);
  });

  it.each(['cancelled', 'cancel-refused'] as const)('is kept by %s', (answer) => {
    const owed = ledger({ legs: [delivered], events: [...working, happened(answer, 7)], promises: before.all });
    expect(of(owed, 'answer-cancel')).toMatchObject([{ keptAs: 'business', keptAt: at(7) }]);
  });

  it('is released when completion won the race', () => {
    const owed = ledger({ legs: [delivered], events: [...working, happened('completed', 7)], promises: before.all });
    expect(of(owed, 'answer-cancel')).toMatchObject([{ releasedWhy: 'The request was overtaken: completed.' }]);
    expect(of(owed, 'tell-gp').filter(isOpen)).toHaveLength(1);
  });
});

describe('telling the GP', () => {
  const completed = happened('completed', 9);

  it('is owed for each event that the GP must hear of, and not for what the GP said', () => {
    const events = [
      happened('received', 1),
      happened('accepted', 2),
      happened('in-progress', 3),
      happened('cancel-requested', 4, byGp),
      completed,
    ];
    const told = of(ledger({ events }), 'tell-gp');
    expect(told).toHaveLength(2);
    expect(told).toMatchObject([
      { task: PARENT, owedBy: 'hearback', owedTo: GP, dueAt: '2026-11-03T09:02:00.000Z', level: 'technical' },
      {},
    ]);
  });

  it('is kept by the write-back of that very event', () => {
    const rejected = happened('rejected', 9);
    const legs = [delivered, written(happened('accepted', 2)), written(rejected)];
    expect(of(ledger({ events: [rejected], legs }), 'tell-gp')).toMatchObject([
      { keptBy: `write-${rejected.id}`, keptAs: 'technical' },
    ]);
    expect(of(ledger({ events: [rejected], legs: legs.slice(0, 2) }), 'tell-gp').filter(isOpen)).toHaveLength(1);
  });

  it('is kept, for what a clock concluded, by a write-back that no message caused and that came after', () => {
    const { message: _, ...silence } = happened('no-answer', 9, { by: 'hearback' });
    const late = written(silence, { queuedAt: at(10) });
    expect(of(ledger({ events: [silence], legs: [late] }), 'tell-gp')).toMatchObject([{ keptBy: late.id }]);
    expect(
      of(ledger({ events: [silence], legs: [written(silence, { queuedAt: at(8) })] }), 'tell-gp').filter(isOpen),
    ).toHaveLength(1);
  });

  it('is released when a person gave the write-back up', () => {
    const before = ledger({ events: [completed] });
    const owed = ledger({
      events: [completed],
      promises: before.all,
      legs: [written(completed, { status: 'abandoned' })],
    });
    expect(of(owed, 'tell-gp')).toMatchObject([{ releasedWhy: 'A person gave the write-back up.' }]);
  });

  it('is released when the referral turns out to be an error before the GP was told', () => {
    const before = ledger({ events: [completed] });
    const owed = ledger({ events: [completed, happened('entered-in-error', 20, byGp)], promises: before.all });
    expect(of(owed, 'tell-gp')).toMatchObject([{ releasedWhy: 'Another report made it void before it was told.' }]);
  });

  it('is not owed for an event that does not count', () => {
    expect(of(ledger({ events: [completed, happened('declined', 12)] }), 'tell-gp')).toHaveLength(1);
  });
});

describe('a GP that polls', () => {
  const promises = ledger({ events: [happened('completed', 9)], now: at(10) }).all;
  const read = { partner: GP, task: PARENT, version: 4, lastUpdated: at(10), at: at(40) };

  it('has been told by reading that version', () => {
    expect(keepByRead(promises, read)).toMatchObject([
      { kind: 'tell-gp', keptAt: at(40), keptAs: 'read-back', keptBy: `Task/${PARENT}/_history/4` },
    ]);
  });

  it('has not been told by an older version, another Task, or somebody else reading', () => {
    expect(keepByRead(promises, { ...read, lastUpdated: at(9) })).toEqual([]);
    expect(keepByRead(promises, { ...read, task: CHILD })).toEqual([]);
    expect(keepByRead(promises, { ...read, partner: RIVERSIDE })).toEqual([]);
  });

  it('is told once: a second read keeps nothing more', () => {
    const once = keepByRead(promises, read);
    const kept = promises.map((promise) => once.find((one) => one.id === promise.id) ?? promise);
    expect(keepByRead(kept, read)).toEqual([]);
  });
});

describe('a hold', () => {
  const hold: Hold = { id: 'hold-1', kind: 'unmapped-code', key: 'k', findings: [], openedAt: at(3) };

  it('is a promise of ours until a person resolves it', () => {
    const before = ledger({ legs: [delivered], holds: [hold] });
    expect(of(before, 'resolve-hold')).toMatchObject([{ owedBy: 'hearback', dueAt: '2026-11-05T09:03:00.000Z' }]);
    const after = ledger({ legs: [delivered], holds: [{ ...hold, resolvedAt: at(8) }], promises: before.all });
    expect(of(after, 'resolve-hold')).toMatchObject([{ keptAt: at(8), keptBy: 'hold-1' }]);
  });
});

describe('holds with one key', () => {
  const hold: Hold = { id: 'hold-1', kind: 'unmapped-code', key: 'k', findings: [], openedAt: at(3) };
  const joined: Hold = { ...hold, id: 'hold-2', openedAt: at(4) };

  it('are one promise: the one that a step meant to open and the one it joined', () => {
    const before = ledger({ legs: [delivered], holds: [joined] });
    const after = ledger({ legs: [delivered], holds: [hold], promises: before.all });
    expect(of(after, 'resolve-hold')).toHaveLength(1);
    const resolved = [{ ...hold, resolvedAt: at(8) }];
    const over = ledger({ legs: [delivered], holds: resolved, promises: after.all });
    expect(of(over, 'resolve-hold').filter(isOpen)).toEqual([]);
  });

  it('are a promise each when the question is asked again after it was answered', () => {
    const resolved = { ...hold, resolvedAt: at(8) };
    let { all } = ledger({ legs: [delivered], holds: [hold] });
    ({ all } = ledger({ legs: [delivered], holds: [resolved], promises: all }));
    const asked = ledger({
      legs: [delivered],
      holds: [resolved, { ...hold, id: 'hold-2', openedAt: at(9) }],
      promises: all,
    });
    expect(of(asked, 'resolve-hold').map(isOpen).sort()).toEqual([false, true]);
    const open = of(asked, 'resolve-hold').find(isOpen);
    expect(open && holdBehind(open, [resolved, { ...hold, id: 'hold-2' }])?.id).toBe('hold-2');
  });
});

describe('closing, as acknowledgements come in', () => {
  const completed = happened('completed', 9);
  const ended = { events: [completed] };
  const write = (ack: Leg['ack'], more: Partial<Leg> = {}) => written(completed, { ...(ack && { ack }), ...more });
  const business = { [GP]: 'business' } as const;

  it.each<[string, readonly Leg[], LedgerGiven['levels'], boolean]>([
    ['nothing seen', [], undefined, false],
    ['queued only', [leg('write-back', { cause: 'message-completed-9' })], undefined, false],
    ['transport only', [write('transport')], undefined, false],
    ['technical, as promised', [write('technical')], undefined, true],
    ['technical where business was promised', [write('technical')], business, false],
    ['business, as promised', [write('business')], business, true],
    ['repeated', [write('technical'), write('technical', { id: 'write-again' })], undefined, true],
    ['weak and strong in any order', [write('business', { id: 'strong' }), write('transport')], business, true],
    ['refused by the GP', [write(undefined, { status: 'refused' })], undefined, false],
    ['perhaps arrived', [write(undefined, { status: 'ambiguous' })], undefined, false],
    ['another message acknowledged', [write('technical', { cause: 'message-accepted-2' })], undefined, false],
    ['acknowledged by somebody else', [write('technical', { partner: RIVERSIDE })], undefined, false],
  ])('%s', (_, legs, levels, expected) => {
    expect(closed({ ...ended, legs, ...(levels && { levels }) })).toBe(expected);
  });

  it('needs the end, however much was acknowledged', () => {
    const accepted = happened('accepted', 2);
    expect(closed({ events: [accepted], legs: [delivered, written(accepted)] })).toBe(false);
  });

  it('is not closed by an empty ledger', () => {
    expect(closure(given(ended).state, []).closed).toBe(false);
  });

  it('waits for both of two platforms', () => {
    const legs = [delivered, written(completed)];
    expect(closed({ tasks: twoChildren, events: [completed], legs })).toBe(false);
  });
});

describe('for any events and legs', () => {
  const anyLeg: fc.Arbitrary<Leg> = fc
    .record({
      id: fc.uuid(),
      purpose: fc.constantFrom('referral' as const, 'cancel' as const, 'write-back' as const),
      status: fc.constantFrom(
        'queued' as const,
        'sending' as const,
        'acknowledged' as const,
        'refused' as const,
        'abandoned' as const,
      ),
      ack: fc.constantFrom('transport' as const, 'technical' as const),
      cause: fc.nat({ max: 5 }),
    })
    .map(({ id, purpose, status, ack, cause }) =>
      leg(purpose, {
        id,
        status,
        cause: `message-${cause}`,
        ...(status === 'acknowledged' && { ack, settledAt: at(20) }),
      }),
    );
  const anyCase = fc.record({
    events: fc
      .array(anyEvent, { maxLength: 10 })
      .map((list) => list.map((event, index) => ({ ...event, message: `message-${index % 6}` }))),
    legs: fc.array(anyLeg, { maxLength: 6 }),
    cut: fc.nat({ max: 10 }),
    tasks: fc.constantFrom(oneChild, twoChildren),
  });

  it('a loop is never closed while a promise is open or a part goes on', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { state } = given(one);
        const result = closure(state, ledger(one).all);
        if (result.closed) {
          expect(result.open).toEqual([]);
          expect(state.children.every((child) => child.terminal)).toBe(true);
        }
      }),
    );
  });

  it('a loop that goes on always has somebody who owes something', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { state } = given(one);
        const owed = ledger(one);
        for (const child of state.children.filter((part) => !part.terminal)) {
          expect(owed.all.some((promise) => isOpen(promise) && promise.task === child.task)).toBe(true);
        }
      }),
    );
  });

  it('computing it again changes nothing', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        expect(ledger({ ...one, promises: ledger(one).all, now: at(50) }).changed).toEqual([]);
      }),
    );
  });

  it('promises never vanish, and what was kept or released stays so', () => {
    fc.assert(
      fc.property(anyCase, ({ cut, ...one }) => {
        const before = ledger({ ...one, events: one.events.slice(0, cut), legs: one.legs.slice(0, cut) });
        const after = ledger({ ...one, promises: before.all });
        for (const promise of before.all) {
          const now = after.all.find((other) => other.id === promise.id);
          expect(now).toMatchObject({ kind: promise.kind, madeAt: promise.madeAt, dueAt: promise.dueAt });
          if (!isOpen(promise)) expect(now).toEqual(promise);
        }
      }),
    );
  });

  it('a part that goes on has somebody owing also when the ledger grew step by step', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        let promises: readonly LoopPromise[] = [];
        one.events.forEach((_, index) => {
          const step = { ...one, events: one.events.slice(0, index + 1), promises };
          promises = ledger(step).all;
          for (const child of given(step).state.children.filter((part) => !part.terminal)) {
            expect(promises.some((promise) => isOpen(promise) && promise.task === child.task)).toBe(true);
          }
        });
      }),
    );
  });

  it('the next deadline is the earliest of the open promises', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const owed = ledger(one);
        const dues = owed.all.filter(isOpen).map((promise) => promise.dueAt);
        expect(owed.nextDueAt).toBe(dues.sort()[0]);
      }),
    );
  });
});
