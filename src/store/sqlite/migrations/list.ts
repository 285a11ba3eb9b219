import { RECORD } from './0001-record.ts';
import { HOLD_REACH } from './0002-hold-reach.ts';
import { MAPPING_VERSIONS } from './0003-mapping-versions.ts';
import { WORK_REFERRAL } from './0004-work-referral.ts';
import { READ_BACK } from './0005-read-back.ts';
import { CONSOLE } from './0006-console.ts';
import { LOG_SEARCH } from './0007-log-search.ts';
import { SEALED_LOG } from './0008-sealed-log.ts';
import { RETENTION } from './0009-retention.ts';
import { PROPOSALS } from './0010-proposals.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order, without gaps, append-only. */
export const MIGRATIONS: readonly Migration[] = [
  RECORD,
  HOLD_REACH,
  MAPPING_VERSIONS,
  WORK_REFERRAL,
  READ_BACK,
  CONSOLE,
  LOG_SEARCH,
  SEALED_LOG,
  RETENTION,
  PROPOSALS,
];
