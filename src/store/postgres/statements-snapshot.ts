import { OPEN_HOLDS_OF_REFERRAL, RESOLVED_HOLDS_OF_REFERRAL } from './statements-hold.ts';
import { EVENTS_OF_REFERRAL, LEGS_OF_REFERRAL, PROMISES_OF_REFERRAL } from './statements-loop.ts';
import { REFERENCES_OF_REFERRAL, REFERRAL_BY_ID } from './statements-referral.ts';
import { RESOURCES_OF_REFERRAL } from './statements-resource.ts';

/** What belongs to a referral, each by the statement that reads it alone. */
export const SNAPSHOT_PARTS = {
  referral: REFERRAL_BY_ID,
  resources: RESOURCES_OF_REFERRAL,
  events: EVENTS_OF_REFERRAL,
  promises: PROMISES_OF_REFERRAL,
  legs: LEGS_OF_REFERRAL,
  references: REFERENCES_OF_REFERRAL,
  open_holds: OPEN_HOLDS_OF_REFERRAL,
  resolved_holds: RESOLVED_HOLDS_OF_REFERRAL,
} as const;

export type SnapshotPart = keyof typeof SNAPSHOT_PARTS;

/**
 * All of them in one row, each column a list of rows: every step begins with this, and eight statements are eight ways to the
 * server and back. One statement also sees one moment.
 */
export const SNAPSHOT = `select ${Object.entries(SNAPSHOT_PARTS)
  .map(([name, sql]) => `\n  (select coalesce(json_agg(row_to_json(r)), '[]') from (${sql}) r) as "${name}"`)
  .join(',')}`;
