import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unfitWords } from '../../../src/core/audit/detail-words.ts';
import type { LoopEvent } from '../../../src/core/loop/event.ts';
import type { Hold, Leg, Message } from '../../../src/core/message.ts';
import { wholeJournal } from '../../../src/flow/whole-journal.ts';
import type { Changes, JournalEntry } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';
import '../../fixtures/property-seed.ts';

const NOW = '2026-11-26T09:00:00.000Z';
/** Whatever a partner or a person may have written: none of it may reach an entry. */
const words = fc.constantFrom('Mrs Smith, of 3 High Street', 'rang 01632 960777!', '<script>', '{{ 1 }}');

const message: fc.Arbitrary<Message> = fc
  .record({
    id: fc.uuid(),
    direction: fc.constantFrom('in' as const, 'out' as const),
    text: words,
    referral: fc.option(fc.uuid(), { nil: undefined }),
  })
  .map(({ id, direction, text, referral }) => {
    const body = new TextEncoder().encode(text);
    return {
      ...{ id, direction, partner: 'casework', channel: 'webhook', identity: text, at: NOW, contentType: 'text/plain' },
      ...{ headers: direction === 'in' ? { status: '202' } : {}, body, verdict: 'sent', findings: [] },
      digest: createHash('sha256').update(body).digest('hex'),
      ...(referral !== undefined && { referral }),
    };
  });

const event: fc.Arbitrary<LoopEvent> = fc.record({ id: fc.uuid(), note: words }).map(({ id, note }) => ({
  ...{ id, referral: 'r', kind: 'accepted', task: 't', at: NOW, recordedAt: NOW, by: 'casework', note },
  reason: { text: note },
}));

const hold: fc.Arbitrary<Hold> = fc.record({ id: fc.uuid(), text: words }).map(({ id, text }) => ({
  ...{ id, kind: 'failed-check', key: text, partner: 'casework', referral: 'r', openedAt: NOW },
  findings: [{ severity: 'error', rule: 'x/y', place: {}, message: text, remedy: text }],
}));

const leg = (messages: readonly Message[]): fc.Arbitrary<Leg> =>
  fc.record({ id: fc.uuid(), of: fc.nat(), text: words }).map(({ id, of, text }) => ({
    ...{ id, referral: 'r', task: 't', partner: 'casework', channel: 'webhook', purpose: 'referral', attempts: 1 },
    ...{ message: messages[of % Math.max(1, messages.length)]?.id ?? 'm', status: 'refused', queuedAt: NOW },
    lastFailure: text,
  }));

/** With an entry of the step's own for some of it, and none for the rest. */
const changes: fc.Arbitrary<Omit<Changes, 'further'>> = fc
  .uniqueArray(message, { selector: ({ id }) => id, maxLength: 4 })
  .chain((messages) =>
    fc.record({
      messages: fc.constant(messages),
      events: fc.array(event, { maxLength: 3 }),
      holds: fc.array(hold, { maxLength: 3 }),
      legs: fc.array(leg(messages), { maxLength: 3 }),
      said: fc.array(fc.nat(20), { maxLength: 4 }),
    }),
  )
  .map(({ said, ...all }) => {
    const own: JournalEntry[] = [
      ...all.messages.map(({ id, digest }) => ({ kind: 'message.made', message: id, detail: { digest } })),
      ...all.events.map(({ id }) => ({ kind: 'event.recorded', detail: { event: id } })),
      ...all.legs.map(({ id }) => ({ kind: 'leg.failed', detail: { leg: id } })),
    ].map((entry) => ({ at: NOW, actor: 'hearback', ...entry }));
    return { ...all, journal: own.filter((_, place) => said.includes(place)) };
  });

async function written(given: Changes): Promise<readonly JournalEntry[]> {
  const seen: JournalEntry[] = [];
  const store = {
    apply: async (one: Changes) => {
      seen.push(...one.journal, ...(one.further ?? []).flatMap(({ journal }) => journal));
      return 'committed' as const;
    },
  };
  await wholeJournal(store as unknown as Store, { now: () => new Date(NOW) }).apply(given);
  return seen;
}

describe('whatever a step changes', () => {
  it('each message is proved by exactly one entry, everything else is named by one, and no entry has a word of what was said', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.array(changes, { maxLength: 2 }), async (first, further) => {
        const entries = await written({ ...first, further });
        const all = [first, ...further];
        const named = (key: string) => new Set(entries.map(({ detail }) => detail[key]));
        for (const { id, digest } of all.flatMap(({ messages = [] }) => messages)) {
          const proofs = entries.filter((entry) => entry.message === id && entry.detail['digest'] !== undefined);
          expect(proofs.map(({ detail }) => detail['digest'])).toEqual([digest]);
        }
        const [events, holds, legs] = [named('event'), named('hold'), named('leg')];
        for (const { id } of all.flatMap((one) => one.events ?? [])) expect(events).toContain(id);
        for (const { id } of all.flatMap((one) => one.holds ?? [])) expect(holds).toContain(id);
        for (const { id } of all.flatMap((one) => one.legs ?? [])) expect(legs).toContain(id);
        expect(entries.flatMap(({ actor, detail }) => unfitWords(actor, detail))).toEqual([]);
      }),
    );
  });
});
