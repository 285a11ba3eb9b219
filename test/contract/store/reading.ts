import { describe, expect, it } from '@jest/globals';
import { freshStores, type MakePlace } from './place.ts';
import {
  at,
  changes,
  claim,
  entry,
  event,
  hold,
  leg,
  message,
  newReferral,
  promise,
  referral,
  sent,
  task,
  work,
} from './samples.ts';

export function readingContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('references', () => {
    const named = { partner: 'casework', kind: 'platform-reference' as const, value: 'CW-1', referral: 'r1' };

    it('find the referral that a partner names, and only for that partner and kind', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), references: [{ ...named, task: 't1' }] }));
      expect(await store.findReferral('casework', ['platform-reference'], 'CW-1')).toEqual({ ...named, task: 't1' });
      expect(await store.findReferral('signpost', ['platform-reference'], 'CW-1')).toBeUndefined();
      expect(await store.findReferral('casework', ['correlation', 'resource'], 'CW-1')).toBeUndefined();
      expect(await store.findReferral('casework', ['platform-reference'], 'cw-1')).toBeUndefined();
    });

    it('are tried in the order of the kinds asked for', async () => {
      const { store } = await fresh();
      await store.apply(
        changes({ referral: newReferral('r2'), references: [{ ...named, referral: 'r2', kind: 'correlation' }] }),
      );
      await store.apply(changes({ referral: newReferral('r1'), references: [named] }));
      const found = await store.findReferral('casework', ['correlation', 'platform-reference'], 'CW-1');
      expect(found?.referral).toBe('r2');
    });

    it('that two referrals bear name neither: nothing is guessed', async () => {
      const { store } = await fresh();
      await store.apply(
        changes({ referral: newReferral('r1'), references: [named, { ...named, kind: 'referral', value: 'CW-1' }] }),
      );
      await store.apply(changes({ referral: newReferral('r2'), references: [{ ...named, referral: 'r2' }] }));
      expect(await store.findReferral('casework', ['platform-reference'], 'CW-1')).toBeUndefined();
      expect(await store.findReferral('casework', ['platform-reference', 'referral'], 'CW-1')).toMatchObject({
        kind: 'referral',
      });
      const both = await store.namesakes('casework', 'platform-reference', 'CW-1');
      expect(both.map(({ referral }) => referral).sort()).toEqual(['r1', 'r2']);
      expect(await store.namesakes('casework', 'platform-reference', 'CW-2')).toEqual([]);
    });

    it('of any length find exactly their referral', async () => {
      const { store } = await fresh();
      const long = (end: string) => ({ ...named, value: `${'x'.repeat(20_000)}${end}` });
      await store.apply(changes({ referral: newReferral('r1'), references: [long('1')] }));
      await store.apply(changes({ referral: newReferral('r2'), references: [{ ...long('2'), referral: 'r2' }] }));
      const found = await store.findReferral('casework', ['platform-reference'], long('2').value);
      expect(found?.referral).toBe('r2');
    });

    it('that must be unique make a step stale when they name another referral, and not when they name this one', async () => {
      const { store } = await fresh();
      const unique = [{ ...named, referral: 'r2' }];
      await store.apply(changes({ referral: newReferral('r1'), references: [named], unique: [named] }));
      expect(await store.apply(changes({ references: [named], unique: [named] }))).toBe('committed');
      const late = changes({ referral: newReferral('r2'), references: unique, unique });
      expect(await store.apply(late)).toBe('stale');
      expect(await store.referral('r2')).toBeUndefined();
    });

    it('learnt again add the task and never lose it', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), references: [named] }));
      await store.apply(changes({ references: [{ ...named, task: 't1' }] }));
      await store.apply(changes({ references: [named] }));
      expect(await store.referencesOf('r1')).toEqual([{ ...named, task: 't1' }]);
    });
  });

  describe('dossiers', () => {
    it('hold the current version of every resource of one referral, by type and id', async () => {
      const { store } = await fresh();
      const patient = task('p1', 1, { type: 'Patient', resource: { resourceType: 'Patient', id: 'p1' } });
      await store.apply(changes({ referral: newReferral('r1'), resources: [task('t2', 1), task('t1', 1), patient] }));
      await store.apply(changes({ referral: newReferral('r2'), resources: [task('t3', 1, { referral: 'r2' })] }));
      const second = task('t2', 2, { lastUpdated: at(1) });
      await store.apply(changes({ resources: [second] }));
      expect(await store.dossier('r1')).toEqual({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [
          { fullUrl: 'https://hearback.example/fhir/Patient/p1', resource: patient.resource },
          { fullUrl: 'https://hearback.example/fhir/Task/t1', resource: task('t1', 1).resource },
          { fullUrl: 'https://hearback.example/fhir/Task/t2', resource: second.resource },
        ],
      });
    });
  });

  describe('a snapshot', () => {
    const whole = (r: string) =>
      changes({
        referral: newReferral(r),
        messages: [sent(`m-${r}`, { identity: `l-${r}`, referral: r })],
        resources: [task(`t-${r}`, 1, { referral: r })],
        references: [{ partner: 'casework', kind: 'platform-reference', value: `CW-${r}`, referral: r }],
        events: [event(`e2-${r}`, { referral: r }), event(`e1-${r}`, { referral: r })],
        promises: [promise(`p-${r}`, { referral: r })],
        legs: [leg(`l-${r}`, { referral: r, message: `m-${r}` })],
        holds: [hold(`h-${r}`, { referral: r, key: `key-${r}` }), hold(`i-${r}`, { referral: r, key: `other-${r}` })],
      });

    it('is everything that belongs to one referral, as each read by itself gives it, and nothing of another', async () => {
      const { store } = await fresh();
      await store.apply(whole('r1'));
      await store.apply(whole('r2'));
      await store.resolveHold('i-r1', 'user:one', 'seen', 'retry', changes());
      const snapshot = await store.snapshot('r1');
      expect(snapshot).toEqual({
        referral: await store.referral('r1'),
        dossier: await store.dossier('r1'),
        events: await store.events('r1'),
        promises: await store.promises('r1'),
        legs: await store.legs('r1'),
        references: await store.referencesOf('r1'),
        holds: [
          ...(await store.holds({ open: true, referral: 'r1' })),
          ...(await store.holds({ open: false, referral: 'r1' })),
        ],
      });
      expect(snapshot?.events.map(({ id }) => id)).toEqual(['e2-r1', 'e1-r1']);
      expect(snapshot?.holds.map(({ id }) => id)).toEqual(['h-r1', 'i-r1']);
      expect(snapshot?.dossier.entry).toHaveLength(1);
    });

    it('of a referral with nothing has empty lists, and there is none of one that is not there', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1') }));
      const empty = { events: [], promises: [], legs: [], references: [], holds: [] };
      expect(await store.snapshot('r1')).toMatchObject({ ...empty, referral: { id: 'r1' } });
      expect(await store.snapshot('r2')).toBeUndefined();
    });
  });

  describe('loops', () => {
    const three = async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1', { nextDueAt: at(60) }) }));
      await store.apply(
        changes({ referral: newReferral('r2', { status: 'closed', closedAt: at(1), referrer: 'oak-road' }) }),
      );
      await store.apply(changes({ referral: newReferral('r3', { nextDueAt: at(10), platforms: ['signpost'] }) }));
      const ids = async (query: Partial<Parameters<typeof store.loops>[0]>) =>
        (await store.loops({ limit: 100, ...query })).map(({ id }) => id);
      return { store, ids };
    };

    it('are found by status, in the order of their making', async () => {
      const { ids } = await three();
      expect(await ids({})).toEqual(['r1', 'r2', 'r3']);
      expect(await ids({ status: 'open' })).toEqual(['r1', 'r3']);
      expect(await ids({ status: 'closed' })).toEqual(['r2']);
    });

    it('are late when their earliest promise was due before the instant', async () => {
      const { store, ids } = await three();
      expect(await ids({ lateAt: at(10) })).toEqual([]);
      expect(await ids({ lateAt: at(11) })).toEqual(['r3']);
      expect(await ids({ lateAt: at(61), status: 'open' })).toEqual(['r1', 'r3']);
      await store.apply(changes({ referral: { ifVersion: 1, next: referral('r3', { version: 2 }) } }));
      expect(await ids({ lateAt: at(61) })).toEqual(['r1']);
    });

    it('are found by whoever takes part, referrer or platform', async () => {
      const { ids } = await three();
      expect(await ids({ partner: 'oak-road' })).toEqual(['r2']);
      expect(await ids({ partner: 'signpost' })).toEqual(['r3']);
      expect(await ids({ partner: 'elm-tree', status: 'open' })).toEqual(['r1', 'r3']);
      expect(await ids({ partner: 'nobody' })).toEqual([]);
    });

    it('come in pages', async () => {
      const { ids } = await three();
      expect(await ids({ limit: 2 })).toEqual(['r1', 'r2']);
      expect(await ids({ limit: 2, after: 'r2' })).toEqual(['r3']);
      expect(await ids({ status: 'open', after: 'r1', lateAt: at(99), partner: 'elm-tree' })).toEqual(['r3']);
    });
  });

  describe('loops that somebody looks for', () => {
    const asked = async () => {
      const { store } = await fresh();
      const indexed = (type: string, id: string, of: string, ...index: readonly (readonly [string, string])[]) => ({
        ...task(id, 1, { referral: of, index: index.map(([param, value]) => ({ param, value })) }),
        type,
      });
      const named = { partner: 'casework', kind: 'platform-reference' as const, referral: 'r1' };
      await store.apply(
        changes({
          referral: newReferral('r1', { openedAt: at(0), parentTask: 't1' }),
          references: [{ ...named, value: 'CW-1' }],
          resources: [
            indexed('Patient', 'p1', 'r1', ['identifier', 'nhs|9990000001']),
            indexed('Task', 't1', 'r1', ['business-status', 'loop-state|accepted']),
            indexed('Task', 't1b', 'r1', ['business-status', 'loop-state|completed']),
            indexed('ServiceRequest', 's1', 'r1', ['_need', 'sct|160932005']),
          ],
        }),
      );
      await store.apply(
        changes({
          referral: newReferral('r2', { openedAt: at(60), parentTask: 't2', referrer: 'oak-road' }),
          resources: [
            indexed('Patient', 'p2', 'r2', ['identifier', 'nhs|9990000002'], ['_former-identifier', 'nhs|9990000001']),
            indexed('Task', 't2', 'r2', ['business-status', 'loop-state|completed']),
            indexed('ServiceRequest', 's2', 'r2', ['_need', 'sct|105531004'], ['code', 'sct|160932005']),
          ],
        }),
      );
      return async (query: Partial<Parameters<typeof store.loops>[0]>) =>
        (await store.loops({ limit: 100, ...query })).map(({ id }) => id);
    };

    it('are found by an identifier that the patient has or had', async () => {
      const ids = await asked();
      expect(await ids({ patient: 'nhs|9990000001' })).toEqual(['r1', 'r2']);
      expect(await ids({ patient: 'nhs|9990000002' })).toEqual(['r2']);
      expect(await ids({ patient: 'other|9990000002' })).toEqual([]);
    });

    it('are found by what the whole referral came to, not by what one platform said', async () => {
      const ids = await asked();
      expect(await ids({ state: 'completed' })).toEqual(['r2']);
      expect(await ids({ state: 'accepted' })).toEqual(['r1']);
    });

    it('are found by a reason, not by the service asked for', async () => {
      const ids = await asked();
      expect(await ids({ need: '160932005' })).toEqual(['r1']);
      expect(await ids({ need: '105531004', status: 'open' })).toEqual(['r2']);
    });

    it('are found by our id, or by the name that a partner asked about gave', async () => {
      const ids = await asked();
      expect(await ids({ named: { value: 'r2', partners: [] } })).toEqual(['r2']);
      expect(await ids({ named: { value: 'CW-1', partners: ['casework', 'elm-tree'] } })).toEqual(['r1']);
      expect(await ids({ named: { value: 'CW-1', partners: ['signpost'] } })).toEqual([]);
      expect(await ids({ named: { value: 'CW', partners: ['casework'] } })).toEqual([]);
    });

    it('are found by when they began, the first instant in and the last one out', async () => {
      const ids = await asked();
      expect(await ids({ openedFrom: at(60) })).toEqual(['r2']);
      expect(await ids({ openedFrom: at(0), openedBefore: at(60) })).toEqual(['r1']);
    });

    it('are among those of the partners that somebody may see', async () => {
      const ids = await asked();
      expect(await ids({ among: ['oak-road', 'elsewhere'] })).toEqual(['r2']);
      expect(await ids({ among: [] })).toEqual([]);
      expect(await ids({ among: ['oak-road'], patient: 'nhs|9990000001' })).toEqual(['r2']);
      expect(await ids({ partner: 'oak-road', alsoPartner: 'casework' })).toEqual(['r2']);
      expect(await ids({ partner: 'oak-road', alsoPartner: 'signpost' })).toEqual([]);
    });

    it('come with the newest first where that is asked for, page by page', async () => {
      const ids = await asked();
      expect(await ids({ newestFirst: true })).toEqual(['r2', 'r1']);
      expect(await ids({ newestFirst: true, after: 'r2' })).toEqual(['r1']);
      expect(await ids({ newestFirst: true, lateAt: at(99), after: 'r1' })).toEqual([]);
    });
  });

  describe('the journal', () => {
    const lines = [
      entry('message.received', {
        at: at(0),
        actor: 'elm-tree',
        referral: 'r1',
        message: 'm1',
        detail: { entries: 3, late: false },
      }),
      entry('leg.sent', { at: at(1), referral: 'r1', detail: { partner: 'casework' } }),
      entry('leg.sent', { at: at(2), referral: 'r2', detail: { partner: 'signpost' } }),
      entry('resource.read', { at: at(3), actor: 'user:kim', referral: 'r2' }),
    ];

    it.each([
      ['nothing asked', {}, [0, 1, 2, 3]],
      ['referral', { referral: 'r1' }, [0, 1]],
      ['a partner that acted', { partner: 'elm-tree' }, [0]],
      ['a partner that it speaks of', { partner: 'signpost' }, [2]],
      ['kind', { kind: 'leg.sent' }, [1, 2]],
      ['since, inclusive', { since: at(2) }, [2, 3]],
      ['until, exclusive', { until: at(2) }, [0, 1]],
      ['several together', { kind: 'leg.sent', referral: 'r2', since: at(1), until: at(9) }, [2]],
      ['a limit', { limit: 2 }, [0, 1]],
    ])('is read in order by %s', async (_what, query, expected) => {
      const { store } = await fresh();
      await store.apply(changes({ journal: lines }));
      const found = await store.journal({ limit: 100, ...query });
      expect(found.map(({ seq, ...line }) => line)).toEqual(expected.map((index) => lines[index]));
    });

    it('is numbered upwards and read on from a number', async () => {
      const { store } = await fresh();
      await store.apply(changes({ journal: lines.slice(0, 2) }));
      await store.apply(changes({ journal: lines.slice(2) }));
      const seqs = (await store.journal({ limit: 100 })).map(({ seq }) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      expect(new Set(seqs).size).toBe(4);
      const rest = await store.journal({ limit: 100, afterSeq: seqs[1] ?? 0 });
      expect(rest.map(({ seq }) => seq)).toEqual(seqs.slice(2));
    });
  });

  describe('counts', () => {
    it('name every table and state', async () => {
      const { store } = await fresh();
      expect(await store.counts()).toEqual({});
      await store.receive(message('m1'), changes());
      await store.receive(message('m2', { verdict: 'refused' }), changes());
      await store.apply(
        changes({
          referral: newReferral('r1'),
          messages: [sent('l1-message'), sent('l2-message')],
          resources: [task('t1', 1)],
          events: [event('e1')],
          promises: [
            promise('p1'),
            promise('p2', { keptAt: at(1) }),
            promise('p3', { releasedAt: at(1) }),
            promise('p4', { lateSince: at(1) }),
          ],
          legs: [leg('l1', { status: 'acknowledged' }), leg('l2')],
          holds: [hold('h1')],
          work: [work('a', 'a1'), work('b', 'b1')],
          journal: [entry('leg.sent')],
        }),
      );
      await store.apply(changes({ referral: newReferral('r2', { status: 'closed' }) }));
      await store.claim(claim({ limit: 1 }));
      expect(await store.counts()).toEqual({
        'message.accepted': 1,
        'message.refused': 1,
        'message.sent': 2,
        'referral.open': 1,
        'referral.closed': 1,
        'resource.Task': 1,
        'event.accepted': 1,
        'promise.open': 1,
        'promise.kept': 1,
        'promise.released': 1,
        'promise.late': 1,
        'leg.acknowledged': 1,
        'leg.queued': 1,
        'hold.open': 1,
        'work.ready': 1,
        'work.claimed': 1,
        'journal.leg.sent': 1,
      });
    });
  });
}
