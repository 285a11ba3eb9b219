import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoopEvent } from '../../../../../src/core/loop/event.ts';
import { inOrder } from '../../../../../src/core/loop/event-order.ts';
import { judgeMove } from '../../../../../src/core/loop/moves.ts';
import { stateRow } from '../../../../../src/core/loop/states.ts';
import { foldLoop } from '../../../../../src/core/loop/tasks/fold.ts';
import type { LoopState, TaskState } from '../../../../../src/core/loop/tasks/task-state.ts';
import { anyEvents, at, byGp, CHILD, happened, OPENDOOR, OTHER, oneChild, PARENT, twoChildren } from '../a-loop.ts';

const requested = happened('requested', 0, byGp);
const asked = (minute: number) => happened('cancel-requested', minute, byGp);
const other = { by: OPENDOOR, task: OTHER } as const;

function child(state: LoopState): TaskState {
  const [first] = state.children;
  if (first === undefined) throw new Error('no child');
  return first;
}

function fold(...events: LoopEvent[]): LoopState {
  return foldLoop(oneChild, [requested, ...events]);
}

describe('the state of one part', () => {
  it('is requested before anything is said, also without any event', () => {
    expect(child(foldLoop(oneChild, []))).toMatchObject({
      kind: 'requested',
      status: 'requested',
      terminal: false,
      cancel: 'none',
    });
  });

  it('follows the words of the platform', () => {
    const state = child(fold(happened('received', 1), happened('accepted', 2), happened('waiting', 3)));
    expect(state).toMatchObject({ kind: 'waiting', status: 'on-hold', since: at(3), terminal: false });
    expect(state.accepted).toMatchObject({ event: 'accepted-2-task-riverside' });
  });

  it('has an inferred acceptance when work is reported without one', () => {
    const state = child(fold(happened('in-progress', 4)));
    expect(state.steps).toEqual([
      { kind: 'requested', status: 'requested', at: at(0), event: requested.id, inferred: false },
      { kind: 'accepted', status: 'accepted', at: at(4), event: 'in-progress-4-task-riverside', inferred: true },
      { kind: 'in-progress', status: 'in-progress', at: at(4), event: 'in-progress-4-task-riverside', inferred: false },
    ]);
  });

  it('goes on after a missed appointment, until something ends it', () => {
    expect(child(fold(happened('did-not-attend', 3)))).toMatchObject({ status: 'in-progress', terminal: false });
    expect(child(fold(happened('did-not-attend', 3), happened('scheduled', 5)))).toMatchObject({ kind: 'scheduled' });
    expect(child(fold(happened('did-not-attend', 3), happened('declined', 5)))).toMatchObject({
      kind: 'declined',
      status: 'cancelled',
    });
  });

  it('makes a no before any yes rejected, and after a yes failed or cancelled', () => {
    expect(child(fold(happened('rejected', 1))).status).toBe('rejected');
    expect(child(fold(happened('declined', 1))).status).toBe('rejected');
    expect(child(fold(happened('accepted', 1), happened('rejected', 2))).status).toBe('failed');
    expect(child(fold(happened('accepted', 1), happened('declined', 2))).status).toBe('cancelled');
  });

  it('ends when the service has given up contacting, and a later yes is for a person to look at', () => {
    const state = fold(happened('could-not-contact', 2), happened('accepted', 3), happened('completed', 4));
    expect(child(state)).toMatchObject({ kind: 'could-not-contact', status: 'failed', terminal: true });
    expect(state.ignored.map(({ kind, why }) => [kind, why])).toEqual([
      ['accepted', 'ended'],
      ['completed', 'contradicts-end'],
    ]);
  });

  it('ignores a late lesser event after the end, and says why', () => {
    const state = fold(happened('completed', 5), happened('accepted', 6), happened('completed', 7));
    expect(child(state)).toMatchObject({ kind: 'completed', since: at(5) });
    expect(state.ignored).toEqual([
      { event: 'accepted-6-task-riverside', task: CHILD, kind: 'accepted', why: 'ended' },
      { event: 'completed-7-task-riverside', task: CHILD, kind: 'completed', why: 'said-already' },
    ]);
  });

  it('lets a follow-up score and an escalation count after the end without moving it', () => {
    const state = fold(happened('completed', 5), happened('outcome-recorded', 6), happened('escalated', 7));
    expect(child(state)).toMatchObject({ kind: 'completed' });
    expect(state.ignored).toEqual([]);
  });

  it('is not moved by an answer that Hearback tells the GP of, and the telling counts', () => {
    const told = happened('escalated', 6, { by: 'hearback' });
    expect(child(fold(happened('received', 5), told))).toMatchObject({ kind: 'received', status: 'requested' });
    expect(child(fold(told)).accepted).toBeUndefined();
    expect(fold(happened('completed', 5), told).ignored).toEqual([]);
  });

  it('places a late report of an earlier thing where it happened', () => {
    const late = happened('accepted', 2, { recordedAt: at(20) });
    expect(child(fold(happened('completed', 5), late)).steps.map((step) => step.kind)).toEqual([
      'requested',
      'accepted',
      'completed',
    ]);
    expect(fold(happened('completed', 5), late).ignored).toEqual([]);
  });

  it('reads what happened at the same instant in the order of rank', () => {
    const state = child(fold(happened('completed', 5), happened('accepted', 5), happened('received', 5)));
    expect(state.steps.map((step) => step.kind)).toEqual(['requested', 'received', 'accepted', 'completed']);
    expect(child(fold(happened('cancelled', 5), happened('completed', 5))).kind).toBe('completed');
  });

  it('does not take silence for an answer', () => {
    const state = fold(happened('no-answer', 9, { by: 'hearback' }));
    expect(child(state)).toMatchObject({ kind: 'requested', terminal: false });
    expect(state.ignored).toEqual([]);
  });

  it('is void when the referral was sent in error, whatever was said of it', () => {
    const state = fold(
      happened('accepted', 1),
      happened('entered-in-error', 3, byGp),
      happened('completed', 2),
      happened('outcome-recorded', 6),
    );
    expect(child(state)).toMatchObject({ kind: 'entered-in-error', terminal: true });
    expect(state.parent.kind).toBe('entered-in-error');
    expect(state.ignored.map(({ kind, why }) => [kind, why])).toEqual([
      ['accepted', 'void'],
      ['completed', 'void'],
      ['outcome-recorded', 'void'],
    ]);
  });

  it('takes a platform that names the referral instead of its part to speak of its part, and of no other', () => {
    const state = foldLoop(twoChildren, [requested, happened('cancelled', 3, { task: PARENT })]);
    expect(state.children.map((one) => one.kind)).toEqual(['cancelled', 'requested']);
  });

  it('lists an event about a task it does not know', () => {
    expect(fold(happened('completed', 3, { task: 'task-elsewhere' })).ignored).toMatchObject([{ why: 'unknown-task' }]);
  });
});

describe('a request to cancel', () => {
  it('stands beside the state, which goes on', () => {
    const state = fold(happened('in-progress', 2), asked(3));
    expect(child(state)).toMatchObject({ kind: 'in-progress', cancel: 'asked' });
    expect(state.parent.cancel).toBe('asked');
  });

  it('is confirmed by the platform', () => {
    const state = fold(happened('in-progress', 2), asked(3), happened('cancelled', 4));
    expect(child(state)).toMatchObject({ kind: 'cancelled', cancel: 'confirmed' });
    expect(state.parent).toMatchObject({ kind: 'cancelled', cancel: 'confirmed' });
  });

  it('is refused by the platform, and may be asked again', () => {
    const refused = [happened('in-progress', 2), asked(3), happened('cancel-refused', 4)];
    expect(child(fold(...refused))).toMatchObject({ kind: 'in-progress', cancel: 'refused' });
    expect(child(fold(...refused, asked(5)))).toMatchObject({ cancel: 'asked' });
  });

  it('is overtaken when completion wins the race, and completion stays', () => {
    const state = fold(happened('in-progress', 2), asked(3), happened('completed', 4), happened('cancelled', 5));
    expect(child(state)).toMatchObject({ kind: 'completed', cancel: 'overtaken' });
    expect(state.parent).toMatchObject({ kind: 'completed', cancel: 'overtaken' });
    expect(state.ignored).toMatchObject([{ kind: 'cancelled', why: 'contradicts-end' }]);
  });

  it('is overtaken when the end was there first and only became known later', () => {
    const state = fold(asked(5), happened('completed', 4, { recordedAt: at(9) }));
    expect(child(state)).toMatchObject({ kind: 'completed', cancel: 'overtaken' });
  });

  it('answered by a clock that is behind is answered all the same', () => {
    const answer = happened('cancel-refused', 1, { recordedAt: at(6) });
    expect(child(fold(happened('in-progress', 0), asked(5), answer)).cancel).toBe('refused');
  });

  it('does not concern a part that was known to have ended', () => {
    const state = foldLoop(twoChildren, [
      requested,
      happened('rejected', 1),
      happened('in-progress', 2, other),
      asked(3),
    ]);
    expect(state.children.map((one) => one.cancel)).toEqual(['none', 'asked']);
  });

  it('is what an outright cancellation becomes once work has begun', () => {
    const cancelled = happened('cancelled', 4, byGp);
    expect(child(fold(cancelled))).toMatchObject({ kind: 'cancelled', terminal: true });
    expect(child(fold(happened('accepted', 2), cancelled))).toMatchObject({ kind: 'cancelled', terminal: true });
    expect(child(fold(happened('in-progress', 2), cancelled))).toMatchObject({ kind: 'in-progress', cancel: 'asked' });
    expect(child(fold(happened('waiting', 2), cancelled))).toMatchObject({ kind: 'waiting', cancel: 'asked' });
    expect(child(fold(happened('in-progress', 2), cancelled, happened('cancelled', 6)))).toMatchObject({
      kind: 'cancelled',
      cancel: 'confirmed',
    });
  });

  it('is not needed for the platform itself to cancel', () => {
    expect(child(fold(happened('in-progress', 2), happened('cancelled', 4)))).toMatchObject({
      kind: 'cancelled',
      cancel: 'none',
    });
  });

  it('refused without having been made is listed', () => {
    expect(fold(happened('cancel-refused', 4)).ignored).toMatchObject([{ why: 'nothing-asked' }]);
  });
});

describe('the state of the parent', () => {
  const two = (...events: LoopEvent[]) => foldLoop(twoChildren, [requested, ...events]).parent;

  it('without parts is what was said of the whole', () => {
    const alone = { parent: PARENT, children: [] };
    expect(foldLoop(alone, [requested]).parent).toMatchObject({ kind: 'requested', terminal: false });
    const unmet = happened('unmet-need', 1, { by: 'hearback', task: PARENT });
    expect(foldLoop(alone, [requested, unmet]).parent).toMatchObject({
      kind: 'unmet-need',
      status: 'rejected',
      terminal: true,
    });
  });

  it('forgets that nothing fitted once it was routed after all', () => {
    const unmet = happened('unmet-need', 1, { by: 'hearback', task: PARENT });
    const state = fold(unmet);
    expect(state.parent).toMatchObject({ kind: 'requested', terminal: false });
    expect(state.ignored).toMatchObject([{ kind: 'unmet-need', why: 'already-past' }]);
  });

  it('is as far as the furthest open part', () => {
    expect(two(happened('accepted', 1), happened('in-progress', 2, other))).toMatchObject({ kind: 'in-progress' });
    expect(two(happened('rejected', 1), happened('waiting', 2, other))).toMatchObject({
      kind: 'waiting',
      status: 'on-hold',
    });
  });

  it('does not fall back when an accepted part ends while another has not answered', () => {
    expect(two(happened('accepted', 1), happened('declined', 2))).toMatchObject({
      kind: 'in-progress',
      terminal: false,
    });
    expect(two(happened('rejected', 2))).toMatchObject({ kind: 'requested', terminal: false });
  });

  it.each([
    ['completed', 'rejected', 'completed', 'completed'],
    ['signposted', 'completed', 'completed', 'completed'],
    ['could-not-contact', 'declined', 'could-not-contact', 'failed'],
    ['rejected', 'declined', 'declined', 'rejected'],
    ['rejected', 'rejected', 'rejected', 'rejected'],
    ['rejected', 'cancelled', 'cancelled', 'cancelled'],
    ['unmet-need', 'could-not-contact', 'unmet-need', 'failed'],
  ] as const)('with one part %s and one %s is %s', (one, another, kind, status) => {
    expect(two(happened(one, 1), happened(another, 2, other))).toMatchObject({ kind, status, terminal: true });
  });

  it('of a part entered in error follows the others', () => {
    const mistake = happened('entered-in-error', 1, { by: 'hearback' });
    expect(two(mistake, happened('completed', 2, other))).toMatchObject({ kind: 'completed' });
  });
});

describe('for any events', () => {
  const shuffledTwice = anyEvents.chain((events) =>
    fc.record({
      events: fc.constant(events),
      again: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
    }),
  );

  it('order of arrival and repetition change nothing', () => {
    fc.assert(
      fc.property(shuffledTwice, ({ events, again }) => {
        expect(foldLoop(twoChildren, again)).toEqual(foldLoop(twoChildren, events));
      }),
    );
  });

  it('every move of a part is one of the twenty that Gravity allows', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const { steps } of foldLoop(twoChildren, events).children) {
          steps.forEach((step, index) => {
            const before = steps[index - 1]?.status ?? 'requested';
            expect(
              judgeMove(before, step.status, 'performer').filter((finding) => finding.rule === 'loop/move'),
            ).toEqual([]);
          });
        }
      }),
    );
  });

  it('exactly one end wins, and nothing but an entry in error comes after it', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const part of foldLoop(twoChildren, events).children) {
          const ends = part.steps.filter((step) => stateRow(step.kind).terminal && step.kind !== 'entered-in-error');
          expect(ends.length).toBeLessThanOrEqual(1);
          expect(part.terminal).toBe(stateRow(part.kind).terminal);
          const after = ends[0] === undefined ? [] : part.steps.slice(part.steps.indexOf(ends[0]) + 1);
          expect(after.every((step) => step.kind === 'entered-in-error')).toBe(true);
        }
      }),
    );
  });

  it('work that has begun is cancelled only by the platform', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const part of foldLoop(twoChildren, events).children) {
          const before = part.steps.at(-2)?.status;
          if (part.kind !== 'cancelled' || (before !== 'in-progress' && before !== 'on-hold')) continue;
          expect(part.end?.by).toBe(part.partner);
        }
      }),
    );
  });

  it('a cancel request ends as confirmed only with a cancellation, and is never left asked after an end', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const part of foldLoop(twoChildren, events).children) {
          if (part.cancel === 'confirmed') expect(part.kind).toBe('cancelled');
          if (part.cancel === 'overtaken') expect(part.terminal && part.kind !== 'cancelled').toBe(true);
          if (part.terminal) expect(['none', 'confirmed', 'overtaken']).toContain(part.cancel);
        }
      }),
    );
  });

  it('told one after the other as they happened, the parent never makes a move that Gravity forbids', () => {
    // An inferred acceptance may fall between two versions of the parent; an entry in error unmakes what counted.
    const reaches = (from: TaskState['status'], to: TaskState['status']) =>
      from === to || [[to], ['accepted', to]].some((path) => allAllowed(from, path as TaskState['status'][]));
    fc.assert(
      fc.property(anyEvents, (events) => {
        const ordered = inOrder(events).filter((event) => event.kind !== 'entered-in-error');
        let before: TaskState['status'] = 'requested';
        ordered.forEach((_, count) => {
          const { status } = foldLoop(twoChildren, ordered.slice(0, count + 1)).parent;
          expect({ before, status, fits: reaches(before, status) }).toEqual({ before, status, fits: true });
          before = status;
        });
      }),
    );
  });

  it('every event that moves a state either does so or is listed with why', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const state = foldLoop(twoChildren, events);
        const known = new Set([
          ...state.ignored.map((one) => one.event),
          ...state.children.flatMap((part) => [...part.steps, ...part.asks].map((one) => one.event)),
        ]);
        const silent = events.filter((event) => !known.has(event.id)).map((event) => event.kind);
        const beside = [
          'requested',
          'no-answer',
          'cancel-requested',
          'cancel-refused',
          'outcome-recorded',
          'escalated',
          'entered-in-error',
        ];
        expect(silent.filter((kind) => !beside.includes(kind))).toEqual([]);
      }),
    );
  });
});

function allAllowed(from: TaskState['status'], path: readonly TaskState['status'][]): boolean {
  let here = from;
  for (const next of path) {
    if (judgeMove(here, next, 'performer').some((finding) => finding.rule === 'loop/move')) return false;
    here = next;
  }
  return true;
}
