import type { Overview, OverviewQuery } from '../../ports-console.ts';
import type { Row } from '../rows/row.ts';
import { overviewValues, toOverview } from '../rows/row-overview.ts';
import type { Asked } from './reading-pool.ts';
import {
  closedByDay,
  LAST_HEARD_OF,
  lateByDebtor,
  longestLate,
  openByStateAndAge,
  openedByDay,
} from './statements-overview.ts';

/** See `ConsoleRecord.overview`. */
export async function readOverview(session: Asked, query: OverviewQuery): Promise<Overview> {
  const { ages, late, longest, opened, closed } = overviewValues(query);
  const limited = query.partners !== undefined;
  const partners = query.partners !== undefined && { partners: query.partners };
  const heard: (Row | undefined)[] = [];
  for (const partner of query.heardOf) heard.push((await session.all(LAST_HEARD_OF, { partner }))[0]);
  const rows = {
    open: await session.all(openByStateAndAge(limited), { ...ages, ...partners }),
    late: await session.all(lateByDebtor(limited), { ...late, ...partners }),
    longest: await session.all(longestLate(limited), { ...longest, ...partners }),
    opened: await session.all(openedByDay(limited), { ...opened, ...partners }),
    closed: await session.all(closedByDay(limited), { ...closed, ...partners }),
    heard,
  };
  return toOverview(rows, query);
}
