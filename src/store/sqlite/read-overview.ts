import type { Overview, OverviewQuery } from '../../ports-console.ts';
import { overviewValues, toOverview } from '../rows/row-overview.ts';
import type { Connection } from './connection.ts';
import {
  closedByDay,
  LAST_HEARD_OF,
  lateByDebtor,
  longestLate,
  openByStateAndAge,
  openedByDay,
} from './statements-overview.ts';

/** See `ConsoleRecord.overview`. */
export function readOverview(connection: Connection, query: OverviewQuery): Overview {
  const { ages, late, longest, opened, closed } = overviewValues(query);
  const limited = query.partners !== undefined;
  const partners = limited && { partners: JSON.stringify(query.partners) };
  const rows = {
    open: connection.all(openByStateAndAge(limited), { ...ages, ...partners }),
    late: connection.all(lateByDebtor(limited), { ...late, ...partners }),
    longest: connection.all(longestLate(limited), { ...longest, ...partners }),
    opened: connection.all(openedByDay(limited), { ...opened, ...partners }),
    closed: connection.all(closedByDay(limited), { ...closed, ...partners }),
    heard: query.heardOf.map((partner) => connection.all(LAST_HEARD_OF, { partner })[0]),
  };
  return toOverview(rows, query);
}
