import { afterEach } from '@jest/globals';
import type { Clock } from '../../../src/ports.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';

/** Somewhere a record can be kept and opened again: a file, a database. One implementation gives one maker of places. */
export interface Place {
  open(options: { readonly clock: Clock; readonly readonly?: boolean }): Promise<WholeRecord>;
  remove(): Promise<void>;
}

export type MakePlace = () => Promise<Place>;

/** What the store's own clock says in all contract tests. */
export const STORE_NOW = '2026-11-02T08:00:00.000Z';
const CLOCK: Clock = { now: () => new Date(STORE_NOW) };

interface Opened {
  readonly store: WholeRecord;
  /** Another opener of the same place, beside the first. */
  beside(readonly?: boolean): Promise<WholeRecord>;
  /** Closes the store and opens its place again. */
  reopened(): Promise<WholeRecord>;
}

/** Opens a fresh place for a test; everything opened is closed and removed after it. Call inside describe. */
export function freshStores(makePlace: MakePlace): () => Promise<Opened> {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  return async () => {
    const place = await makePlace();
    closers.push(() => place.remove());
    const open = async (readonly?: boolean) => {
      const store = await place.open(readonly === true ? { clock: CLOCK, readonly } : { clock: CLOCK });
      closers.push(() => store.close());
      return store;
    };
    const store = await open();
    return {
      store,
      beside: open,
      reopened: async () => {
        await store.close();
        return open();
      },
    };
  };
}
