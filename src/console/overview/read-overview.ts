import type { Clock } from '../../ports.ts';
import type { ConsoleRecord, Overview } from '../../ports-console.ts';
import type { Standing } from '../../ports-queries.ts';
import type { Store } from '../../ports-record.ts';
import type { ConsolePartner } from '../console-partner.ts';
import { keptFor } from './kept-for.ts';
import { DAYS_BACK, dayOf } from './view-overview.ts';

/** How the loops stood at an instant that is not long ago. */
export interface OverviewRead {
  readonly overview: Overview;
  readonly standing: Standing;
  readonly now: string;
}

/** Reads the overview for somebody who sees these partners; `limits` are those of their account, if it has any. */
export type ReadOverview = (seen: {
  readonly partners: readonly ConsolePartner[];
  readonly limits?: readonly string[];
}) => Promise<OverviewRead>;

const KEPT_MS = 15_000;
const LONGEST = 20;

export function newReadOverview(
  record: Pick<Store, 'standing'> & Pick<ConsoleRecord, 'overview'>,
  clock: Clock,
): ReadOverview {
  type Seen = Parameters<ReadOverview>[0];
  const read = keptFor(KEPT_MS, clock, async ({ partners, limits }: Seen): Promise<OverviewRead> => {
    const now = clock.now().toISOString();
    const query = {
      ...{ now, since: `${dayOf(now, DAYS_BACK - 1)}T00:00:00.000Z`, longest: LONGEST },
      heardOf: partners.map(({ id }) => id),
      ...(limits !== undefined && { partners: limits }),
    };
    const [overview, standing] = await Promise.all([record.overview(query), record.standing(now)]);
    return { overview, standing, now };
  });
  return (seen) => read(JSON.stringify(seen.limits ?? null), seen);
}
