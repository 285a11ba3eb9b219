import type { Work } from '../../../src/core/message.ts';
import type { Changes } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';

/** Makes two stores on one record behave as if the record had a fault. */
export type Meddle = (stores: readonly Store[]) => readonly Store[];

/** Faults that such records are known for, each in the words of what it does wrong. */
export const FAULTS: Readonly<Record<string, Meddle>> = {
  'takes the late word of a worker whose work another has': (stores) => {
    const latest = new Map<number, Work>();
    return stores.map((store) => ({
      ...store,
      claim: async (request) => {
        const claimed = await store.claim(request);
        for (const work of claimed) latest.set(work.seq, work);
        return claimed;
      },
      commit: (work, outcome, changes) => store.commit(latest.get(work.seq) ?? work, outcome, changes),
    }));
  },
  'gives back claims whose workers are alive': (stores) =>
    stores.map((store) => ({ ...store, recover: (now) => store.recover(now, true) })),
  'overwrites what moved on since it was read': (stores) =>
    stores.map((store) => ({
      ...store,
      commit: async (work, outcome, changes) => store.commit(work, outcome, await fromNow(store, changes)),
    })),
  'forgets to keep a lease alive': (stores) => stores.map((store) => ({ ...store, renew: async () => undefined })),
  'says that it committed what it did not': (stores) =>
    stores.map((store) => ({
      ...store,
      commit: async (work, outcome, changes) => {
        await store.commit(work, outcome, changes);
        return 'committed';
      },
    })),
  'does not say that a claim was cut off': (stores) =>
    stores.map((store) => ({
      ...store,
      claim: async (request) => (await store.claim(request)).map((work) => ({ ...work, interrupted: false })),
    })),
};

async function fromNow(store: Store, changes: Changes): Promise<Changes> {
  const { referral } = changes;
  if (referral === undefined) return changes;
  const current = await store.referral(referral.next.id);
  if (current === undefined) return changes;
  return {
    ...changes,
    referral: { ifVersion: current.version, next: { ...referral.next, version: current.version + 1 } },
  };
}
