import type { Referral } from '../../../core/referral.ts';
import type { LoopQuery } from '../../../ports-queries.ts';
import type { Store } from '../../../ports-record.ts';

/** Where a page of loops begins or ends: after one loop or before one, by id. */
export interface LoopPlace {
  readonly after?: string;
  readonly before?: string;
}

export interface PageOfLoops {
  /** The newest first. */
  readonly loops: readonly Referral[];
  readonly previous?: LoopPlace;
  readonly next?: LoopPlace;
}

/** One page of what is looked for, and where the pages beside it are. */
export async function pageOfLoops(
  store: Pick<Store, 'loops'>,
  query: Omit<LoopQuery, 'limit'>,
  { after, before }: LoopPlace,
  size: number,
): Promise<PageOfLoops> {
  // Backwards is the other order from there on, turned round.
  const isBack = before !== undefined;
  const from = isBack ? { after: before } : { ...(after !== undefined && { after }), newestFirst: true as const };
  const found = await store.loops({ ...query, ...from, limit: size + 1 });
  const page = found.slice(0, size);
  const loops = isBack ? page.reverse() : page;
  const [first, last] = [loops[0], loops.at(-1)];
  const isMore = found.length > size;
  const hasPrevious = isBack ? isMore : after !== undefined;
  const hasNext = isBack || isMore;
  return {
    loops,
    ...(hasPrevious && first !== undefined && { previous: { before: first.id } }),
    ...(hasNext && last !== undefined && { next: { after: last.id } }),
  };
}
