import { describe, expect, it } from '@jest/globals';
import { freshStores, type MakePlace } from './place.ts';
import { AT, at, changes, claim, keptMapping, leg, message, newReferral, sent, task, work } from './samples.ts';

/** Which mapping read or made what, and its text for ever. */
export function mappingVersionsContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('versions of mappings', () => {
    it('are kept with all their files, each digest once and as it was first', async () => {
      const { store } = await fresh();
      const first = keptMapping('casework/report', 1);
      const second = keptMapping('casework/report', 2, { keptAt: at(5) });
      const other = keptMapping('casework/referral', 1, { keptAt: at(1) });
      await store.apply(changes({ mappings: [first, other] }));
      await store.apply(changes({ mappings: [{ ...first, keptAt: at(9), files: [] }, second] }));
      expect(await store.keptMappings({})).toEqual([first, other, second]);
      expect(await store.keptMappings({ name: 'casework/report' })).toEqual([first, second]);
      expect(await store.keptMappings({ digest: other.digest })).toEqual([other]);
      expect(await store.keptMappings({ digest: 'unknown' })).toEqual([]);
    });

    it('stand with the message that one of them read, the last one', async () => {
      const { store } = await fresh();
      const [one, two] = [1, 2].map((version) => ({ name: 'casework/report', version, digest: `d${version}` }));
      if (one === undefined || two === undefined) throw new Error('two stamps');
      await store.receive(message('m1'), changes());
      expect(await store.message('m1')).not.toHaveProperty('mapping');
      await store.apply(changes({ readBy: { message: 'm1', mapping: one } }));
      await store.apply(changes({ readBy: { message: 'm1', mapping: two } }));
      expect(await store.message('m1')).toMatchObject({ mapping: two });
      await expect(store.apply(changes({ readBy: { message: 'm9', mapping: one } }))).rejects.toMatchObject({
        code: 'misuse',
      });
    });

    it('can be chosen for a piece of work', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('in/1', 'm1', { kind: 'onward', mapping: 'd1' }), work('in/2', 'm2')] }));
      const claimed = await store.claim(claim());
      expect(claimed.map(({ subject, mapping }) => [subject, mapping])).toEqual([
        ['m1', 'd1'],
        ['m2', undefined],
      ]);
    });
  });

  describe('a leg of several', () => {
    it('says which it is', async () => {
      const { store } = await fresh();
      const part = { set: 'l1', number: 2, of: 3, key: 'client.registered' };
      await store.apply(
        changes({ referral: newReferral('r1'), messages: [sent('l2-message')], legs: [leg('l2', { part })] }),
      );
      expect(await store.leg('l2')).toEqual(leg('l2', { part }));
    });
  });

  describe('a dossier as it was', () => {
    it('has of each resource the version of that moment, and none that came after', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), resources: [task('t1', 1)] }));
      await store.apply(
        changes({ resources: [task('t1', 2, { lastUpdated: at(10) }), task('t2', 1, { lastUpdated: at(10) })] }),
      );
      await store.apply(changes({ resources: [task('t1', 3, { lastUpdated: at(20) })] }));
      const versions = async (instant: string) =>
        (await store.dossierAt('r1', instant)).entry?.map(
          ({ resource }) => `${resource?.id}/${resource?.meta?.versionId}`,
        );
      expect(await versions(AT)).toEqual(['t1/1']);
      expect(await versions(at(10))).toEqual(['t1/2', 't2/1']);
      expect(await versions(at(99))).toEqual(['t1/3', 't2/1']);
      expect(await versions(at(-1))).toEqual([]);
      expect(await store.dossierAt('r1', at(99))).toEqual(await store.dossier('r1'));
    });
  });
}
