import { describe, expect, it } from '@jest/globals';
import { type TimelineGiven, viewTimeline } from '../../../../src/console/pages/loops/view-timeline.ts';
import { pathTo } from '../../../../src/console/paths.ts';
import { describeLoop } from '../../../../src/core/loop/shown/describe-loop.ts';
import { foldLoop } from '../../../../src/core/loop/tasks/fold.ts';
import { at, event, hold, leg, message, promise, reading, referral } from '../../../contract/store/samples.ts';

function given(more: Partial<TimelineGiven> = {}): TimelineGiven {
  const events = [event('e1', { task: 't1', at: at(2), recordedAt: at(2), by: 'casework', note: 'at home' })];
  const promises = [
    promise('p1', {
      kind: 'decide',
      owedBy: 'casework',
      owedTo: 'elm-tree',
      madeAt: at(1),
      dueAt: at(9),
      keptAt: at(2),
    }),
  ];
  const legs = [
    leg('l1', { queuedAt: at(1), settledAt: at(1), status: 'acknowledged', ack: 'technical', reply: 'm2' }),
  ];
  const holds = [hold('h1', { openedAt: at(3), resolvedAt: at(4), resolvedBy: 'user:erik', resolution: 'asked' })];
  const readings = [reading('g1', { at: at(5), messages: ['m3'] })];
  const state = foldLoop({ parent: 't0', children: [{ task: 't1', partner: 'casework' }] }, events);
  const described = describeLoop({
    referral: referral('r1'),
    ...{ state, events, promises, legs, holds, readings },
    now: at(99),
  });
  return {
    ...{ described, events, legs, holds, readings },
    messages: [message('m1', { at: at(0) }), message('m2', { at: at(1), partner: 'casework', identity: 'reply:l1' })],
    names: { casework: 'Casework', 'elm-tree': 'Elm Tree Surgery' },
    unmasked: true,
    user: { roles: ['engineer'] },
    opens: { message: (id) => pathTo('message', { message: id }), hold: (id) => pathTo('hold', { hold: id }) },
    ...more,
  };
}

describe('the timeline of a loop', () => {
  it('tells everything in order: message, delivery with its acknowledgement and answer, event, hold, look at the record', () => {
    const items = viewTimeline(given());
    expect(items.map(({ at: when }) => when)).toEqual([...items.map(({ at: when }) => when)].sort());
    expect(items.map(({ title }) => title)).toEqual([
      'Message from Elm Tree Surgery accepted',
      'Referral to Casework: acknowledged',
      'Casework owes a decision',
      'Accepted by the service, says Casework',
      'Kept: Casework owes a decision',
      expect.stringMatching(/^Held.*: /),
      expect.stringMatching(/^Hold resolved by user:erik: /),
      'Record of Elm Tree Surgery read back: kept',
    ]);
    const delivery = items[1];
    expect(delivery?.details).toContain('acknowledgement: technical');
    // The answer stands with what it answers, not as a message of its own.
    expect(delivery?.links.map(({ href }) => href)).toContain('/console/messages/m2');
    expect(items.some(({ details }) => details.includes('reason: asked'))).toBe(true);
  });

  it('shows what one partner wrote to no account of another, and no way to what an account may not open', () => {
    const opens = { message: () => undefined, hold: () => undefined };
    const items = viewTimeline(given({ user: { roles: ['engineer'], partners: ['elm-tree'] }, opens }));
    expect(items.flatMap(({ links }) => links)).toEqual([]);
    expect(JSON.stringify(items)).not.toContain('at home');
    expect(items.some(({ details }) => details.includes('reason: asked'))).toBe(false);
  });

  it('hides notes before they were asked for, and from operators always', () => {
    for (const seen of [{ unmasked: false }, { unmasked: true, user: { roles: ['operator'] as const } }]) {
      const items = viewTimeline(given(seen));
      expect(JSON.stringify(items)).not.toContain('at home');
      expect(items.find(({ note }) => note !== undefined)?.note?.masked).toBe(true);
    }
  });
});
