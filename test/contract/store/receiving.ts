import { describe, expect, it } from '@jest/globals';
import { freshStores, type MakePlace } from './place.ts';
import { AT, changes, claim, entry, event, message, newReferral, task, work } from './samples.ts';

/** Laws 1 and 2: recorded before it is answered; the same message has one effect. */
export function receivingContract(makePlace: MakePlace): void {
  describe('receiving', () => {
    const fresh = freshStores(makePlace);

    it('keeps the first message exactly as it was, with its answer', async () => {
      const { store } = await fresh();
      const body = new Uint8Array([0, 1, 255, 0, 128]);
      const first = message('m1', {
        body,
        correlation: 'case-1',
        referral: 'r1',
        verdict: 'refused',
        findings: [
          { severity: 'error', rule: 'fhir/structure', place: { expression: 'Task' }, message: 'a', remedy: 'b' },
        ],
      });
      expect(await store.receive(first, changes({ referral: newReferral('r1') }))).toEqual({ kind: 'first' });
      expect(await store.message('m1')).toEqual(first);
      expect(await store.messagesOf('r1')).toEqual([first]);
    });

    it('answers the same bytes under the same identity with the first answer and does nothing else', async () => {
      const { store } = await fresh();
      const first = message('m1', { identity: 'same', referral: 'r1' });
      await store.receive(first, changes({ referral: newReferral('r1'), work: [work('in/r1', 'm1')] }));
      const again = { ...first, id: 'm2', at: '2026-11-02T09:30:00.000Z' };
      const reception = await store.receive(
        again,
        changes({ referral: newReferral('r2'), work: [work('in/r2', 'm2')] }),
      );
      expect(reception).toEqual({ kind: 'repeat', message: 'm1', answer: first.answer });
      expect(await store.message('m2')).toBeUndefined();
      expect(await store.referral('r2')).toBeUndefined();
      expect(await store.counts()).toMatchObject({ 'message.accepted': 1, 'referral.open': 1, 'work.ready': 1 });
    });

    it('says in the log that a message was repeated', async () => {
      const { store } = await fresh();
      const first = message('m1', { identity: 'same', referral: 'r1' });
      await store.receive(first, changes({ referral: newReferral('r1'), journal: [entry('message.received')] }));
      const again = { ...first, id: 'm2', at: '2026-11-02T09:30:00.000Z' };
      await store.receive(again, changes({ journal: [entry('message.received')] }));
      expect((await store.journal({ limit: 9 })).slice(1)).toEqual([
        {
          seq: expect.any(Number),
          at: '2026-11-02T09:30:00.000Z',
          kind: 'message.repeated',
          actor: 'elm-tree',
          referral: 'r1',
          message: 'm1',
          detail: { channel: 'fhir' },
        },
      ]);
    });

    it('calls other bytes under the same identity a conflict and keeps only a line in the log', async () => {
      const { store } = await fresh();
      await store.receive(message('m1', { identity: 'same' }), changes());
      const other = message('m2', { identity: 'same', body: new Uint8Array([1]) });
      const reception = await store.receive(other, changes({ referral: newReferral('r2') }));
      expect(reception).toEqual({ kind: 'conflict', message: 'm1' });
      expect(await store.message('m2')).toBeUndefined();
      expect(await store.referral('r2')).toBeUndefined();
      expect(await store.journal({ limit: 9 })).toEqual([
        expect.objectContaining({
          kind: 'message.conflict',
          message: 'm1',
          detail: { channel: 'fhir', sent: other.digest },
        }),
      ]);
    });

    it('gives a refused message its refusal again', async () => {
      const { store } = await fresh();
      const answer = { status: 422, headers: {}, body: new Uint8Array([7]) };
      const refused = message('m1', { verdict: 'refused', answer });
      await store.receive(refused, changes());
      expect(await store.receive({ ...refused, id: 'm2' }, changes())).toEqual({
        kind: 'repeat',
        message: 'm1',
        answer,
      });
    });

    it('treats the same identity of another partner as another message', async () => {
      const { store } = await fresh();
      await store.receive(message('m1', { identity: 'same' }), changes());
      const reception = await store.receive(message('m2', { identity: 'same', partner: 'oak-road' }), changes());
      expect(reception).toEqual({ kind: 'first' });
    });

    it('counts a reply that we got to our own request as no message of its own', async () => {
      const { store } = await fresh();
      await store.apply(changes({ messages: [message('reply', { identity: 'same' })] }));
      expect(await store.receive(message('m1', { identity: 'same' }), changes())).toEqual({ kind: 'first' });
      expect(await store.counts()).toMatchObject({ 'message.accepted': 1, 'message.reply': 1 });
    });

    it('lets exactly one of many that arrive at once be the first', async () => {
      const { store } = await fresh();
      const same = message('m', { identity: 'same' });
      const receptions = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.receive({ ...same, id: `m${index}` }, changes())),
      );
      expect(receptions.map(({ kind }) => kind).sort()).toEqual(['first', ...Array<string>(19).fill('repeat')]);
    });

    it('changes several referrals in one, or none of them', async () => {
      const { store } = await fresh();
      const two = changes({
        referral: newReferral('r1'),
        further: [
          changes({
            referral: newReferral('r2'),
            resources: [task('t2', 1, { referral: 'r2' })],
            work: [work('in/r2/m1', 'm1', { kind: 'onward', referral: 'r2' })],
            journal: [entry('patient.changed', { referral: 'r2', message: 'm1' })],
          }),
        ],
      });
      expect(await store.receive(message('m1'), two)).toEqual({ kind: 'first' });
      expect([(await store.referral('r1'))?.id, (await store.referral('r2'))?.id]).toEqual(['r1', 'r2']);
      expect((await store.dossier('r2')).entry).toHaveLength(1);
      expect(await store.journal({ referral: 'r2', limit: 9 })).toHaveLength(1);
      expect(await store.claim(claim())).toEqual([expect.objectContaining({ subject: 'm1', referral: 'r2' })]);

      const moved = { ifVersion: 7, next: { ...newReferral('r2').next, version: 8 } };
      const first = { ifVersion: 1, next: { ...newReferral('r1').next, version: 2 } };
      const late = changes({ referral: first, further: [changes({ referral: moved })], journal: [entry()] });
      expect(await store.receive(message('m2'), late)).toEqual({ kind: 'stale' });
      expect((await store.referral('r1'))?.version).toBe(1);
      expect(await store.message('m2')).toBeUndefined();
    });

    it('is told of a name that is taken among further changes too', async () => {
      const { store } = await fresh();
      const name = (referral: string) => ({ partner: 'elm-tree', kind: 'resource', value: 'n|1', referral }) as const;
      await store.receive(message('m1'), changes({ referral: newReferral('r1'), references: [name('r1')] }));
      const taken = changes({ further: [changes({ referral: newReferral('r2'), unique: [name('r2')] })] });
      expect(await store.receive(message('m2'), taken)).toEqual({ kind: 'taken', referral: 'r1' });
      expect(await store.referral('r2')).toBeUndefined();
    });

    it('is stale when the referral moved on, and keeps nothing, so that it can be decided again', async () => {
      const { store } = await fresh();
      await store.receive(message('m1'), changes({ referral: newReferral('r1') }));
      const late = message('m2');
      const decided = { ifVersion: 0, next: { ...newReferral('r1').next, version: 1 } };
      const stale = changes({ referral: decided, events: [event('e1')], journal: [entry()] });
      expect(await store.receive(late, stale)).toEqual({ kind: 'stale' });
      expect(await store.message('m2')).toBeUndefined();
      expect(await store.events('r1')).toEqual([]);
      expect(await store.journal({ limit: 9 })).toEqual([]);
      expect(await store.receive(late, changes())).toEqual({ kind: 'first' });
    });

    it('is stale when a referral that should be new is there', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1') }));
      expect(await store.receive(message('m1'), changes({ referral: newReferral('r1') }))).toEqual({ kind: 'stale' });
    });

    it('is taken when a name that must be unique names another referral, and keeps nothing', async () => {
      const { store } = await fresh();
      const name = { partner: 'elm-tree', kind: 'resource' as const, value: 'urn:number|7' };
      const named = (referral: string) => ({
        referral: newReferral(referral),
        references: [{ ...name, referral }],
        unique: [{ ...name, referral }],
        journal: [entry()],
      });
      expect(await store.receive(message('m1'), changes(named('r1')))).toEqual({ kind: 'first' });
      expect(await store.receive(message('m2'), changes(named('r2')))).toEqual({ kind: 'taken', referral: 'r1' });
      expect(await store.message('m2')).toBeUndefined();
      expect(await store.referral('r2')).toBeUndefined();
      expect(await store.journal({ limit: 9 })).toHaveLength(1);
      expect(await store.receive(message('m2'), changes())).toEqual({ kind: 'first' });
    });

    it('lets exactly one of many have a name that must be unique, also when they arrive at once', async () => {
      const { store } = await fresh();
      const name = { partner: 'elm-tree', kind: 'resource' as const, value: 'urn:number|7' };
      const receptions = await Promise.all(
        ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'].map((referral) => {
          const references = [{ ...name, referral }];
          const wanted = changes({ referral: newReferral(referral), references, unique: references });
          return store.receive(message(`m-${referral}`), wanted);
        }),
      );
      expect(receptions.map(({ kind }) => kind).sort()).toEqual(['first', ...Array<string>(7).fill('taken')]);
      expect(await store.loops({ limit: 9 })).toHaveLength(1);
      expect(await store.namesakes('elm-tree', 'resource', 'urn:number|7')).toHaveLength(1);
    });

    it('knows a repeat even when what was decided for it is stale', async () => {
      const { store } = await fresh();
      const first = message('m1');
      await store.receive(first, changes({ referral: newReferral('r1') }));
      const again = await store.receive({ ...first, id: 'm2' }, changes({ referral: newReferral('r1') }));
      expect(again.kind).toBe('repeat');
    });

    it('keeps all of the changes or none: a fault in one undoes the others', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r0'), events: [event('e0', { referral: 'r0' })] }));
      const faulty = changes({
        referral: newReferral('r1'),
        resources: [task('t1', 1)],
        events: [event('e1'), event('e0')],
        work: [work('in/r1', 'm1')],
        journal: [entry()],
      });
      await expect(store.receive(message('m1'), faulty)).rejects.toMatchObject({
        name: 'StoreError',
        code: 'database',
      });
      expect(await store.message('m1')).toBeUndefined();
      expect(await store.referral('r1')).toBeUndefined();
      expect(await store.resource('Task', 't1')).toBeUndefined();
      expect(await store.nextWorkAt()).toBeUndefined();
      expect(await store.journal({ limit: 9 })).toEqual([]);
    });

    it('lets a fault of one fail alone among many that arrive at once', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), events: [event('e1')] }));
      const outcomes = await Promise.allSettled([
        store.receive(message('m1'), changes()),
        store.receive(message('m2'), changes({ events: [event('e1')] })),
        store.receive(message('m3'), changes({ events: [event('e2')] })),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.message('m2')).toBeUndefined();
      expect((await store.events('r1')).map(({ id }) => id)).toEqual(['e1', 'e2']);
    });

    it('links a message to the referral that it turned out to speak of', async () => {
      const { store } = await fresh();
      await store.receive(message('m1'), changes());
      await store.apply(changes({ referral: newReferral('r1'), link: { message: 'm1', referral: 'r1' } }));
      expect((await store.messagesOf('r1')).map(({ id }) => id)).toEqual(['m1']);
    });

    it('refuses to link a message that is not there', async () => {
      const { store } = await fresh();
      const linked = store.apply(changes({ link: { message: 'nowhere', referral: 'r1' } }));
      await expect(linked).rejects.toMatchObject({ code: 'misuse' });
    });

    it('refuses an inbound message without its answer: a repeat could not be answered', async () => {
      const { store } = await fresh();
      const { answer, ...unanswered } = message('m1');
      await expect(store.receive(unanswered, changes())).rejects.toMatchObject({ code: 'misuse' });
    });

    it('knows a message again by a name of any length', async () => {
      const { store } = await fresh();
      const long = 'n'.repeat(20_000);
      const first = message('m1', { identity: `${long}1` });
      expect(await store.receive(first, changes())).toEqual({ kind: 'first' });
      expect(await store.receive(message('m2', { identity: `${long}2` }), changes())).toEqual({ kind: 'first' });
      expect(await store.receive({ ...first, id: 'm3' }, changes())).toMatchObject({ kind: 'repeat', message: 'm1' });
    });

    it('keeps what senders write into texts, however odd, without losing its end', async () => {
      const { store } = await fresh();
      const note = 'O"Neil","role":"admin {{ 1+1 }} \u0000 after \ud83d\ude00 \\';
      await store.receive(
        message('m1', { at: AT }),
        changes({ referral: newReferral('r1'), events: [event('e1', { note })] }),
      );
      expect((await store.events('r1'))[0]?.note).toBe(note);
      await store.receive(message('m2', { identity: 'a\u0000b' }), changes());
      expect((await store.message('m2'))?.identity).toHaveLength(3);
    });
  });
}
