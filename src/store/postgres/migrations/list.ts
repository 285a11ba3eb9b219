import { RECORD } from './0001-record.ts';
import { WORK_REFERRAL } from './0002-work-referral.ts';
import { READ_BACK } from './0003-read-back.ts';
import { CONSOLE } from './0004-console.ts';
import { LOG_SEARCH } from './0005-log-search.ts';
import { SEALED_LOG } from './0006-sealed-log.ts';
import { RETENTION } from './0007-retention.ts';
import { PROPOSALS } from './0008-proposals.ts';
import { SERVER_LIFE } from './0009-server-life.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order, without gaps, append-only. Their numbers are PostgreSQL's own: SQLite's record is older and took more steps. */
export const MIGRATIONS: readonly Migration[] = [
  RECORD,
  WORK_REFERRAL,
  READ_BACK,
  CONSOLE,
  LOG_SEARCH,
  SEALED_LOG,
  RETENTION,
  PROPOSALS,
  SERVER_LIFE,
];
