import type { LogName, LogPage, LogQuery, LogSubjects } from '../../ports-queries.ts';
import { logFilter, pageOf } from '../log-filter.ts';
import { text } from '../rows/row.ts';
import { toEntry } from '../rows/row-journal.ts';
import type { Parameters } from './named-parameters.ts';
import type { Asked } from './reading-pool.ts';
import {
  logEntries,
  MESSAGES_BY_NAME,
  REFERRALS_BY_MESSAGE_NAME,
  REFERRALS_BY_NAME,
  REFERRALS_OF_PATIENT,
} from './statements-log-search.ts';

export async function logSubjects(session: Asked, named: LogName): Promise<LogSubjects> {
  const ask = async (sql: string, name: string, column: string) =>
    (await session.all(sql, { name })).map((row) => text(row, column));
  if ('patient' in named)
    return { referrals: await ask(REFERRALS_OF_PATIENT, named.patient, 'referral'), messages: [] };
  if ('reference' in named) {
    return { referrals: await ask(REFERRALS_BY_NAME, named.reference, 'referral'), messages: [] };
  }
  return {
    referrals: await ask(REFERRALS_BY_MESSAGE_NAME, named.message, 'referral'),
    messages: await ask(MESSAGES_BY_NAME, named.message, 'message'),
  };
}

/** `through`: the number up to which no entry can come any more. */
export async function searchLog(session: Asked, query: LogQuery, through: number): Promise<LogPage> {
  const rows = await session.all(logEntries(logFilter(query)), { ...parametersOf(query), through });
  return pageOf(rows.map(toEntry), query.limit);
}

function parametersOf({ about, partner, actor, kind, since, until, after, limit }: LogQuery): Parameters {
  return {
    ...(about && { referrals: about.referrals, messages: about.messages }),
    ...(partner !== undefined && { partner }),
    ...(actor !== undefined && { actor }),
    ...(kind !== undefined && { kind }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(after !== undefined && { afterAt: after.at, afterSeq: after.seq }),
    limit: limit + 1,
  };
}
