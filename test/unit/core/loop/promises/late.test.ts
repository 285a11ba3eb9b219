import { describe, expect, it } from '@jest/globals';
import { explain } from '../../../../../src/core/loop/promises/closure.ts';
import { deadlineFor, defaultDeadlines } from '../../../../../src/core/loop/promises/deadlines.ts';
import { formatDuration } from '../../../../../src/core/loop/promises/duration-words.ts';
import { markLate } from '../../../../../src/core/loop/promises/late.ts';
import { dueTimes } from '../../../../../src/core/loop/promises/ledger.ts';
import type { LoopPromise, PromiseKind } from '../../../../../src/core/loop/promises/promise.ts';
import type { Hold } from '../../../../../src/core/message.ts';
import { at, CHILD, GP, RIVERSIDE, referral } from '../a-loop.ts';

function promise(kind: PromiseKind, more: Partial<LoopPromise> = {}): LoopPromise {
  const base = { id: `promise-${kind}`, referral: referral.id, kind, task: CHILD, owedBy: RIVERSIDE, owedTo: GP };
  return { ...base, madeAt: at(0), dueAt: at(10), level: 'business', ...more };
}

describe('a promise that is not kept in time', () => {
  it('is late only after its deadline, and is marked once', () => {
    expect(markLate([promise('decide')], at(10)).changed).toEqual([]);
    const { changed } = markLate([promise('decide')], at(11));
    expect(changed).toEqual([{ ...promise('decide'), lateSince: at(11) }]);
    expect(markLate(changed, at(12))).toEqual({ changed: [], events: [] });
  });

  it('is not late once it was kept or released', () => {
    expect(
      markLate([promise('decide', { keptAt: at(9) }), promise('outcome', { releasedAt: at(9) })], at(11)).changed,
    ).toEqual([]);
  });

  it.each(['decide', 'outcome', 'answer-cancel'] as const)(
    'makes a no-answer event for %s, and never a decline',
    (kind) => {
      const { events } = markLate([promise(kind)], at(11));
      expect(events).toMatchObject([
        { kind: 'no-answer', task: CHILD, by: 'hearback', at: at(11), recordedAt: at(11) },
      ]);
      expect(events[0]).not.toHaveProperty('message');
    },
  );

  it('makes the same event however often it is concluded', () => {
    const ids = [markLate([promise('decide')], at(11)), markLate([promise('decide')], at(15))].map(
      ({ events }) => events[0]?.id,
    );
    expect(ids[0]).toBe(ids[1]);
  });

  it.each(['deliver', 'progress', 'tell-gp', 'resolve-hold'] as const)(
    'makes no event for %s: it is only shown',
    (kind) => {
      expect(markLate([promise(kind)], at(11))).toMatchObject({ changed: [{ lateSince: at(11) }], events: [] });
    },
  );

  it('is looked at again only for what was not seen to pass', () => {
    const list = [promise('decide', { lateSince: at(11) }), promise('progress', { dueAt: at(50) })];
    expect(dueTimes(list)).toEqual({ nextDueAt: at(10), wakeAt: at(50) });
    expect(dueTimes([promise('decide', { keptAt: at(1) })])).toEqual({});
  });
});

describe('explaining what is open', () => {
  it('says who owes what since when, and how late it is', () => {
    const [open] = explain([promise('decide')], '2026-11-05T10:10:00.000Z', { [RIVERSIDE]: 'Riverside Casework' });
    expect(open).toEqual({
      id: 'promise-decide',
      kind: 'decide',
      task: CHILD,
      owedBy: RIVERSIDE,
      owedTo: GP,
      since: at(0),
      due: at(10),
      late: true,
      words: 'Riverside Casework owes a decision since 2026-11-02T09:00:00.000Z, late by 3 days.',
    });
  });

  it('says when what is not late is due, the earliest first, and leaves out what is settled', () => {
    const list = [
      promise('outcome', { dueAt: at(30) }),
      promise('tell-gp', { owedBy: 'hearback', dueAt: at(20) }),
      promise('decide', { keptAt: at(1) }),
    ];
    expect(explain(list, at(5)).map((open) => open.words)).toEqual([
      `Hearback owes elm-road the news since ${at(0)}, due ${at(20)}.`,
      `riverside owes the outcome since ${at(0)}, due ${at(30)}.`,
    ]);
  });

  it('blames nobody who has spoken: what a platform said is held, so a person is waited for', () => {
    const hold: Hold = {
      id: 'hold-1',
      kind: 'unmapped-code',
      key: 'in|riverside|a-map|a-code',
      partner: RIVERSIDE,
      findings: [],
      openedAt: at(7),
    };
    const [open] = explain([promise('decide')], at(30), {}, [hold]);
    expect(open).toMatchObject({ late: false, heldSince: at(7) });
    expect(open?.words).toBe(
      `riverside owes a decision since ${at(0)}, held since ${at(7)}: what it said waits for a person.`,
    );
    for (const other of [
      { ...hold, resolvedAt: at(9) },
      { ...hold, key: 'riverside|a-map|a-code' },
    ]) {
      expect(explain([promise('decide')], at(30), {}, [other])).toMatchObject([{ late: true }]);
    }
  });

  it.each<[PromiseKind, string]>([
    ['deliver', 'riverside owes elm-road the delivery'],
    ['progress', 'riverside owes news of how it goes on'],
    ['answer-cancel', 'riverside owes an answer to the request to cancel'],
    ['resolve-hold', 'A person must resolve a hold'],
  ])('has words for %s', (kind, words) => {
    expect(explain([promise(kind)], at(5))[0]?.words).toContain(words);
  });
});

describe('a length of time', () => {
  it.each([
    [59_999, 'less than a minute'],
    [60_000, '1 minute'],
    [7_200_000, '2 hours'],
    [86_400_000 * 3 + 5, '3 days'],
  ])('of %d ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

describe('the default deadlines', () => {
  const days = (kind: PromiseKind, state: Parameters<typeof deadlineFor>[2]) =>
    deadlineFor(defaultDeadlines, kind, state) / 86_400_000;

  it('give two weeks for a decision, six on a waiting list, eight while work goes on, half a year for an outcome', () => {
    expect(days('decide', 'requested')).toBe(14);
    expect(days('progress', 'accepted')).toBe(21);
    expect(days('progress', 'waiting')).toBe(42);
    expect(days('progress', 'in-progress')).toBe(56);
    expect(days('outcome', 'in-progress')).toBe(182);
    expect(days('tell-gp', 'completed')).toBe(1);
  });
});
