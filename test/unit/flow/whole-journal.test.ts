import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../../src/core/loop/event.ts';
import type { Hold, Leg, Message } from '../../../src/core/message.ts';
import { wholeJournal } from '../../../src/flow/whole-journal.ts';
import type { Changes, JournalEntry } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';

const NOW = '2026-11-26T09:00:00.000Z';
const DIGEST = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

const message = (id: string, changed: Partial<Message> = {}): Message => ({
  ...{ id, direction: 'out', partner: 'casework', channel: 'webhook', identity: `i-${id}`, digest: DIGEST, at: NOW },
  ...{ contentType: 'text/plain', headers: {}, body: new TextEncoder().encode('hello'), verdict: 'sent', findings: [] },
  ...{ referral: 'r', ...changed },
});
const leg: Leg = {
  ...{ id: 'l', referral: 'r', task: 't', partner: 'casework', channel: 'webhook', purpose: 'referral', cause: 'm0' },
  ...{ message: 'm1', status: 'queued', attempts: 0, queuedAt: NOW },
};
const event: LoopEvent = {
  ...{ id: 'e', referral: 'r', kind: 'unmet-need', task: 't', at: NOW, recordedAt: NOW, by: 'hearback' },
  note: 'words of somebody',
};
const hold: Hold = { id: 'h', kind: 'no-route', key: 'route|r', referral: 'r', findings: [], openedAt: NOW };

/** What reaches the record of these changes' journal. */
async function written(changes: Changes): Promise<readonly JournalEntry[]> {
  const seen: Changes[] = [];
  const store: Pick<Store, 'receive' | 'commit' | 'apply' | 'resolveHold' | 'recover'> = {
    receive: async () => ({ kind: 'first' }),
    commit: async () => 'committed',
    apply: async (one) => {
      seen.push(one);
      return 'committed';
    },
    resolveHold: async () => [],
    recover: async () => 2,
  };
  await wholeJournal(store, { now: () => new Date(NOW) }).apply(changes);
  return seen.flatMap(({ journal, further = [] }) => [...journal, ...further.flatMap((one) => one.journal)]);
}

describe('the journal of a step that says nothing of what it did', () => {
  it('has an entry for each message, with its digest, and what it was made for', async () => {
    const reply = message('m2', { direction: 'in', headers: { status: '202' } });
    const entries = await written({ messages: [message('m1'), reply], legs: [{ ...leg, reply: 'm2' }], journal: [] });
    expect(entries).toEqual([
      {
        ...{ at: NOW, kind: 'message.made', actor: 'hearback', message: 'm1', referral: 'r' },
        detail: {
          ...{ partner: 'casework', channel: 'webhook', digest: DIGEST, bytes: 5, leg: 'l', purpose: 'referral' },
          cause: 'm0',
        },
      },
      {
        ...{ at: NOW, kind: 'message.answered', actor: 'casework', message: 'm2', referral: 'r' },
        detail: { channel: 'webhook', digest: DIGEST, bytes: 5, status: 202, leg: 'l', purpose: 'referral' },
      },
    ]);
  });

  it('has one for an event, a hold, a delivery that changed, without a word of what was said', async () => {
    const entries = await written({
      events: [event],
      holds: [hold],
      legs: [{ ...leg, status: 'abandoned' }],
      journal: [],
    });
    expect(entries.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['event.recorded', { event: 'e', kind: 'unmet-need', task: 't' }],
      ['hold.opened', { hold: 'h', kind: 'no-route' }],
      ['leg.changed', { leg: 'l', partner: 'casework', purpose: 'referral', status: 'abandoned' }],
    ]);
  });

  it('adds nothing to what the step said itself, here or in another referral', async () => {
    const own: JournalEntry[] = [
      { at: NOW, kind: 'event.recorded', actor: 'casework', detail: { event: 'e' } },
      { at: NOW, kind: 'leg.failed', actor: 'hearback', detail: { leg: 'l' } },
    ];
    const changes = { events: [event], legs: [leg], journal: own };
    expect(await written({ ...changes, further: [changes] })).toEqual([...own, ...own]);
  });

  it('is completed for each of several referrals', async () => {
    const entries = await written({ journal: [], further: [{ events: [event], journal: [] }] });
    expect(entries.map(({ kind }) => kind)).toEqual(['event.recorded']);
  });

  it('says that claims of another worker were taken back', async () => {
    const journal: JournalEntry[] = [];
    const store = {
      recover: async () => 2,
      apply: async (one: Changes) => {
        journal.push(...one.journal);
        return 'committed' as const;
      },
    };
    const whole = wholeJournal(store as unknown as Store, { now: () => new Date(NOW) });
    expect(await whole.recover(NOW, true)).toBe(2);
    expect(journal).toEqual([{ at: NOW, kind: 'work.taken-back', actor: 'hearback', detail: { claims: 2 } }]);
  });
});
