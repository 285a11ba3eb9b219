import { RECORD } from './0001-record.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order, without gaps, append-only. */
export const MIGRATIONS: readonly Migration[] = [RECORD];
