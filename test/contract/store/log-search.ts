import { describe, expect, it } from '@jest/globals';
import type { StoredResource } from '../../../src/core/referral.ts';
import type { LogQuery, RecordedEntry } from '../../../src/ports-queries.ts';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace } from './place.ts';
import { at, changes, entry, message, newReferral, sent, task } from './samples.ts';

const NUMBER = '9990000050';

/** How auditors find entries: by whom they are about, by what partners call it, by who did what, by time, page by page. */
export function logSearchContract(makePlace: MakePlace): void {
  describe('searching the log', () => {
    const fresh = freshStores(makePlace);

    function patient(id: string, referral: string, number: string): StoredResource {
      const index = [{ param: 'identifier', value: `https://fhir.nhs.uk/Id/nhs-number|${number}` }];
      const resource = { resourceType: 'Patient' as const, id };
      return { ...task(id, 1), type: 'Patient', referral, index, resource };
    }

    /** Two referrals of one patient, one of another; messages with and without a referral. */
    async function filled(): Promise<Store> {
      const { store } = await fresh();
      const note = (kind: string, minute: number, more: object = {}) => entry(kind, { at: at(minute), ...more });
      for (const [place, id] of ['r1', 'r2', 'r3'].entries()) {
        const number = id === 'r3' ? '9990000069' : NUMBER;
        const own = task(`t-${id}`, 1, {
          referral: id,
          index: [{ param: 'identifier', value: `https://gp.example/number|SP-${id}` }],
        });
        await store.receive(
          message(`m-${id}`, { identity: `sent-${id}`, referral: id }),
          changes({
            referral: newReferral(id),
            resources: [patient(`p-${id}`, id, number), own],
            references: [
              { partner: 'casework', kind: 'platform-reference', value: `C-${place}`, referral: id },
              { partner: 'elm-tree', kind: 'correlation', value: `corr-${place}`, referral: id },
              { partner: 'casework', kind: 'control-id', value: `MSH-${place}`, referral: id },
            ],
            journal: [note('message.received', place, { actor: 'elm-tree', referral: id, message: `m-${id}` })],
          }),
        );
      }
      await store.receive(
        message('m-late', { partner: 'casework', identity: 'hook-1' }),
        changes({ journal: [note('message.received', 10, { actor: 'casework', message: 'm-late' })] }),
      );
      await store.apply(
        changes({
          link: { message: 'm-late', referral: 'r1' },
          messages: [sent('m-out', { referral: 'r2' })],
          journal: [
            note('event.recorded', 11, { actor: 'casework', referral: 'r1', message: 'm-late' }),
            note('leg.acknowledged', 12, { referral: 'r2', message: 'm-out', detail: { partner: 'casework' } }),
            note('loop.closed', 13, { referral: 'r3' }),
            note('configuration.loaded', 14),
          ],
        }),
      );
      return store;
    }

    const shown = (entries: readonly RecordedEntry[]) =>
      entries.map((one) => `${one.kind} ${one.referral ?? one.message ?? ''}`.trim());
    const found = async (store: Store, query: Partial<LogQuery>) =>
      shown((await store.searchLog({ limit: 100, ...query })).entries);
    const sorted = (list: readonly string[]) => [...list].sort();

    it('knows the referrals of a patient by the number that is theirs now, and nobody else’s', async () => {
      const store = await filled();
      const subjects = await store.logSubjects({ patient: NUMBER });
      expect({ ...subjects, referrals: sorted(subjects.referrals) }).toEqual({ referrals: ['r1', 'r2'], messages: [] });
      expect(await store.logSubjects({ patient: '9990000051' })).toEqual({ referrals: [], messages: [] });
      expect(await store.logSubjects({ patient: '%' })).toEqual({ referrals: [], messages: [] });
    });

    it.each([
      ['our id', 'r2'],
      ['a platform’s reference', 'C-1'],
      ['a number that the GP gave', 'SP-r2'],
      ['the id of its Task', 't-r2'],
      ['a correlation id', 'corr-1'],
      ['a control id', 'MSH-1'],
    ])('knows a referral by %s', async (_what, reference) => {
      expect(await (await filled()).logSubjects({ reference })).toEqual({ referrals: ['r2'], messages: [] });
    });

    it.each([
      ['our id', 'm-out', { referrals: [], messages: ['m-out'] }],
      ['the id that the sender gave it', 'hook-1', { referrals: [], messages: ['m-late'] }],
      ['a correlation id', 'corr-2', { referrals: ['r3'], messages: [] }],
      ['a control id', 'MSH-2', { referrals: ['r3'], messages: [] }],
      ['a name that nobody bears', 'nobody', { referrals: [], messages: [] }],
    ])('knows a message by %s', async (_what, name, expected) => {
      expect(await (await filled()).logSubjects({ message: name })).toEqual(expected);
    });

    it('finds what is about referrals, with what came before it was known whom it is about, each once', async () => {
      const store = await filled();
      expect(await found(store, { about: { referrals: ['r1', 'r2'], messages: ['m-late'] } })).toEqual([
        'message.received r1',
        'message.received r2',
        'message.received m-late',
        'event.recorded r1',
        'leg.acknowledged r2',
      ]);
      expect(await found(store, { about: { referrals: [], messages: ['m-out'] } })).toEqual(['leg.acknowledged r2']);
      expect(await found(store, { about: { referrals: [], messages: [] } })).toEqual([]);
    });

    it('finds by partner, actor, kind and time, and by all of them together', async () => {
      const store = await filled();
      expect(await found(store, { partner: 'casework' })).toEqual([
        'message.received m-late',
        'event.recorded r1',
        'leg.acknowledged r2',
      ]);
      expect(await found(store, { actor: 'casework' })).toEqual(['message.received m-late', 'event.recorded r1']);
      expect(await found(store, { kind: 'loop.closed' })).toEqual(['loop.closed r3']);
      expect(await found(store, { since: at(12), until: at(14) })).toEqual(['leg.acknowledged r2', 'loop.closed r3']);
      const all = { partner: 'casework', actor: 'casework', kind: 'event.recorded', since: at(11), until: at(12) };
      expect(await found(store, all)).toEqual(['event.recorded r1']);
      expect(await found(store, { ...all, about: { referrals: ['r1'], messages: [] } })).toEqual(['event.recorded r1']);
      expect(await found(store, { ...all, about: { referrals: ['r2'], messages: [] } })).toEqual([]);
    });

    it.each([
      ['oldest first', {}],
      ['newest first', { newestFirst: true }],
      ['of a partner', { partner: 'elm-tree' }],
      ['of referrals', { about: { referrals: ['r1', 'r2', 'r3'], messages: [] } }],
    ])('gives every entry once, a page at a time, and says when there is no more: %s', async (_name, query) => {
      const store = await filled();
      // Several of one instant: a page ends among them.
      await store.apply(
        changes({
          journal: Array.from({ length: 7 }, () =>
            entry('same.time', { at: at(2), actor: 'elm-tree', referral: 'r1' }),
          ),
        }),
      );
      const whole = await store.searchLog({ limit: 100, ...query });
      expect(whole.next).toBeUndefined();
      const paged: RecordedEntry[] = [];
      for (let page = await store.searchLog({ limit: 3, ...query }); ; ) {
        paged.push(...page.entries);
        if (page.next === undefined) break;
        expect(page.entries).toHaveLength(3);
        page = await store.searchLog({ limit: 3, ...query, after: page.next });
      }
      expect(paged).toEqual(whole.entries);
      expect(new Set(paged.map(({ seq }) => seq)).size).toBe(paged.length);
    });

    it('gives one entry by its number, and the patients of referrals', async () => {
      const store = await filled();
      const [first] = (await store.searchLog({ limit: 1 })).entries;
      expect(await store.entry(first?.seq ?? 0)).toEqual(first);
      expect(await store.entry(999_999)).toBeUndefined();
      const patients = await store.patientsOf(['r1', 'r3', 'nobody']);
      expect(sorted(patients.map((one) => `${one.referral} ${one.patient}`))).toEqual(['r1 p-r1', 'r3 p-r3']);
      expect(await store.patientsOf([])).toEqual([]);
    });
  });
}
