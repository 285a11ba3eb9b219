import type { LogName, LogPage, LogQuery, LogSubjects } from '../../ports-queries.ts';
import { logFilter, pageOf } from '../log-filter.ts';
import { type Bindings, text } from '../rows/row.ts';
import { toEntry } from '../rows/row-journal.ts';
import type { Connection } from './connection.ts';
import {
  logEntries,
  MESSAGES_BY_NAME,
  REFERRALS_BY_MESSAGE_NAME,
  REFERRALS_BY_NAME,
  REFERRALS_OF_PATIENT,
} from './statements-log-search.ts';

export function logSubjects(connection: Connection, named: LogName): LogSubjects {
  const ask = (sql: string, name: string, column: string) =>
    connection.all(sql, { name }).map((row) => text(row, column));
  if ('patient' in named) return { referrals: ask(REFERRALS_OF_PATIENT, named.patient, 'referral'), messages: [] };
  if ('reference' in named) return { referrals: ask(REFERRALS_BY_NAME, named.reference, 'referral'), messages: [] };
  return {
    referrals: ask(REFERRALS_BY_MESSAGE_NAME, named.message, 'referral'),
    messages: ask(MESSAGES_BY_NAME, named.message, 'message'),
  };
}

export function searchLog(connection: Connection, query: LogQuery): LogPage {
  const rows = connection.all(logEntries(logFilter(query)), bindingsOf(query)).map(toEntry);
  return pageOf(rows, query.limit);
}

function bindingsOf({ about, partner, actor, kind, since, until, after, limit }: LogQuery): Bindings {
  const lists = about && {
    referrals: JSON.stringify(about.referrals),
    messages: JSON.stringify(about.messages),
  };
  return {
    ...lists,
    ...(partner !== undefined && { partner }),
    ...(actor !== undefined && { actor }),
    ...(kind !== undefined && { kind }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(after !== undefined && { afterAt: after.at, afterSeq: after.seq }),
    limit: limit + 1,
  };
}
