import { RECORD } from './0001-record.ts';
import { HOLD_REACH } from './0002-hold-reach.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order, without gaps, append-only. */
export const MIGRATIONS: readonly Migration[] = [RECORD, HOLD_REACH];
