import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LoopPlace, pageOfLoops } from '../../../../src/console/pages/loops/page-of-loops.ts';
import type { Store } from '../../../../src/ports-record.ts';
import { referral } from '../../../contract/store/samples.ts';

/** What a store promises of the order and of `after`. */
function storeOf(count: number): Pick<Store, 'loops'> {
  const ids = Array.from({ length: count }, (_, number) => `r${String(number).padStart(3, '0')}`);
  return {
    async loops({ after, newestFirst, limit }) {
      const ordered = newestFirst ? [...ids].reverse() : ids;
      const rest = ordered.filter((id) => after === undefined || (newestFirst ? id < after : id > after));
      return rest.slice(0, limit).map((id) => referral(id));
    },
  };
}

const turn = async (store: Pick<Store, 'loops'>, size: number, way: 'next' | 'previous', from: LoopPlace) => {
  const seen: string[][] = [];
  for (let place: LoopPlace | undefined = from; place !== undefined; ) {
    const page: Awaited<ReturnType<typeof pageOfLoops>> = await pageOfLoops(store, {}, place, size);
    seen.push(page.loops.map(({ id }) => id));
    place = page[way];
  }
  return seen;
};

describe('the pages of a list of loops', () => {
  it('show each loop once on the way down, and the same pages on the way up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 7 }), async (count, size) => {
        const store = storeOf(count);
        const down = await turn(store, size, 'next', {});
        expect(down.flat()).toHaveLength(count);
        expect(new Set(down.flat()).size).toBe(count);
        const lastPage = await pageOfLoops(store, {}, { after: down.at(-2)?.at(-1) ?? 'r999' }, size);
        if (lastPage.previous === undefined) return;
        const up = await turn(store, size, 'previous', lastPage.previous);
        expect(up.reverse().flat()).toEqual(down.slice(0, -1).flat());
      }),
    );
  });

  it('has no page before the first or after the last', async () => {
    expect(await pageOfLoops(storeOf(0), {}, {}, 5)).toEqual({ loops: [] });
    const only = await pageOfLoops(storeOf(5), {}, {}, 5);
    expect([only.previous, only.next]).toEqual([undefined, undefined]);
  });
});
