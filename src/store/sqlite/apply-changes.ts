import type { Referral, SearchEntry, StoredResource } from '../../core/referral.ts';
import type { Changes, JournalEntry } from '../../ports-changes.ts';
import { integer, json, text } from '../rows/row.ts';
import { fromEvent } from '../rows/row-event.ts';
import { fromEntry } from '../rows/row-journal.ts';
import { fromLeg } from '../rows/row-leg.ts';
import { fromLostCode } from '../rows/row-lost-code.ts';
import { fromKeptMapping } from '../rows/row-mapping.ts';
import { fromBody, fromMessage } from '../rows/row-message.ts';
import { fromPromise } from '../rows/row-promise.ts';
import { fromReading } from '../rows/row-reading.ts';
import { fromReference } from '../rows/row-reference.ts';
import { fromReferral } from '../rows/row-referral.ts';
import { fromResource, fromSearchEntry } from '../rows/row-resource.ts';
import { fromNewWork } from '../rows/row-work.ts';
import { searchChanges } from '../rows/search-changes.ts';
import { withFurther } from '../rows/with-further.ts';
import { StoreError } from '../store-error.ts';
import type { Connection } from './connection.ts';
import { openHolds } from './open-holds.ts';
import { INSERT_ENTRY } from './statements-journal.ts';
import { INSERT_EVENT, UPSERT_LEG, UPSERT_PROMISE } from './statements-loop.ts';
import { KEEP_MAPPING } from './statements-mapping.ts';
import { INSERT_BODY, INSERT_MESSAGE, LINK_MESSAGE, SET_READER } from './statements-message.ts';
import { INSERT_READING, UPSERT_LOST_CODE } from './statements-reading.ts';
import {
  INSERT_REFERRAL,
  INSERT_REFERRAL_PARTNER,
  OTHER_BEARER,
  UPDATE_REFERRAL,
  UPSERT_REFERENCE,
  VERSION_OF_REFERRAL,
} from './statements-referral.ts';
import {
  CURRENT_RESOURCE,
  DELETE_SEARCH_ENTRY,
  FORMER_ENTRIES,
  INSERT_SEARCH_ENTRY,
  KEEP_FORMER_VERSION,
  UPSERT_RESOURCE,
} from './statements-resource.ts';
import { INSERT_WORK } from './statements-work.ts';

/**
 * Whether the changes were decided from something that has moved on since: the referral's version, the version of a
 * resource, or a name that must be unique and was given since. Asked before anything is written, inside the same transaction.
 */
export function isStale(connection: Connection, changes: Changes): boolean {
  return hasMoved(connection, changes) || takenBy(connection, changes) !== undefined;
}

/** As `isStale`, but for names that another referral bears. */
export function hasMoved(connection: Connection, changes: Changes): boolean {
  return withFurther(changes).some(
    (one) => referralMoved(connection, one) || resourcesMoved(connection, one.resources ?? []),
  );
}

/** Another referral that one of the names which must be unique stands for; undefined when there is none. */
export function takenBy(connection: Connection, changes: Changes): string | undefined {
  for (const { partner, kind, value, referral } of withFurther(changes).flatMap(({ unique = [] }) => unique)) {
    const [row] = connection.all(OTHER_BEARER, { partner, kind, value, referral });
    if (row !== undefined) return text(row, 'referral');
  }
  return undefined;
}

/**
 * Writes everything. The caller has asked `isStale` and stands in a transaction; a throw undoes all of it.
 * `now` is when new work is queued. Returns under which id each hold of the changes is open now.
 */
export function applyChanges(connection: Connection, changes: Changes, now: string): ReadonlyMap<string, string> {
  return new Map(withFurther(changes).flatMap((one) => [...applyOne(connection, one, now)]));
}

function applyOne(connection: Connection, changes: Changes, now: string): ReadonlyMap<string, string> {
  /* First what others point at. */
  if (changes.referral !== undefined) writeReferral(connection, changes.referral);
  for (const message of changes.messages ?? []) {
    connection.run(INSERT_MESSAGE, fromMessage(message, false));
    connection.run(INSERT_BODY, fromBody(message));
  }
  for (const resource of changes.resources ?? []) writeResource(connection, resource);
  for (const reference of changes.references ?? []) connection.run(UPSERT_REFERENCE, fromReference(reference));
  for (const event of changes.events ?? []) connection.run(INSERT_EVENT, fromEvent(event));
  for (const promise of changes.promises ?? []) connection.run(UPSERT_PROMISE, fromPromise(promise));
  for (const leg of changes.legs ?? []) connection.run(UPSERT_LEG, fromLeg(leg));
  ofReadings(connection, changes);
  for (const work of changes.work ?? []) connection.run(INSERT_WORK, fromNewWork(work, now));
  ofMessages(connection, changes);
  for (const mapping of changes.mappings ?? []) connection.run(KEEP_MAPPING, fromKeptMapping(mapping));
  for (const entry of changes.journal) writeEntry(connection, entry);
  return openHolds(connection, changes.holds ?? []);
}

export function writeEntry(connection: Connection, entry: JournalEntry): void {
  connection.run(INSERT_ENTRY, fromEntry(entry));
}

function referralMoved(connection: Connection, changes: Changes): boolean {
  if (changes.referral === undefined) return false;
  const { ifVersion, next } = changes.referral;
  const row = connection.all(VERSION_OF_REFERRAL, { id: next.id })[0];
  return (row === undefined ? 'new' : integer(row, 'version')) !== ifVersion;
}

function resourcesMoved(connection: Connection, resources: readonly StoredResource[]): boolean {
  const versions = new Map<string, number>();
  for (const resource of resources) {
    const name = `${resource.type}/${resource.id}`;
    const current = versions.get(name) ?? currentVersion(connection, resource);
    if (resource.version !== current + 1) return true;
    versions.set(name, resource.version);
  }
  return false;
}

/** 0 when there is none yet. A resource never passes from one referral to another: that would mix two patients' records. */
function currentVersion(connection: Connection, { type, id, referral }: StoredResource): number {
  const row = connection.all(CURRENT_RESOURCE, { type, id })[0];
  if (row === undefined) return 0;
  if (text(row, 'referral') !== referral) {
    throw new StoreError('misuse', `${type}/${id} belongs to another referral`);
  }
  return integer(row, 'version');
}

function writeReferral(connection: Connection, change: NonNullable<Changes['referral']>): void {
  const { ifVersion, next } = change;
  if (ifVersion !== 'new' && next.version <= ifVersion) {
    throw new StoreError('misuse', `the version of referral ${next.id} must count up with every step`);
  }
  connection.run(ifVersion === 'new' ? INSERT_REFERRAL : UPDATE_REFERRAL, fromReferral(next));
  for (const partner of partnersOf(next)) connection.run(INSERT_REFERRAL_PARTNER, { partner, referral: next.id });
}

function partnersOf(referral: Referral): ReadonlySet<string> {
  return new Set([referral.referrer, ...referral.platforms]);
}

function writeResource(connection: Connection, resource: StoredResource): void {
  const { type, id, version, index } = resource;
  /* The first version replaces nothing: `isStale` has looked. */
  const former = version > 1 ? formerEntries(connection, resource) : [];
  if (version > 1) connection.run(KEEP_FORMER_VERSION, { type, id });
  connection.run(UPSERT_RESOURCE, fromResource(resource));
  const { gone, come } = searchChanges(former, index);
  for (const { param, value } of gone) connection.run(DELETE_SEARCH_ENTRY, { type, param, value, id });
  for (const entry of come) connection.run(INSERT_SEARCH_ENTRY, fromSearchEntry(resource, entry));
}

function formerEntries(connection: Connection, { type, id }: StoredResource): SearchEntry[] {
  return connection.all(FORMER_ENTRIES, { type, id }).flatMap((row) => json<SearchEntry[]>(row, 'search_entries'));
}

/** What was seen in partners' records. */
function ofReadings(connection: Connection, { readings = [], lostCodes = [] }: Changes): void {
  for (const reading of readings) connection.run(INSERT_READING, fromReading(reading));
  for (const code of lostCodes) connection.run(UPSERT_LOST_CODE, fromLostCode(code));
}

/** What became known of messages that are in the record. */
function ofMessages(connection: Connection, { link, readBy }: Changes): void {
  if (link !== undefined) linkMessage(connection, link);
  if (readBy !== undefined) setReader(connection, readBy);
}

function linkMessage(connection: Connection, link: NonNullable<Changes['link']>): void {
  if (connection.run(LINK_MESSAGE, link) === 1) return;
  throw new StoreError('misuse', `message ${link.message} is not in the record and cannot be linked`);
}

function setReader(connection: Connection, { message, mapping }: NonNullable<Changes['readBy']>): void {
  if (connection.run(SET_READER, { message, mapping: JSON.stringify(mapping) }) === 1) return;
  throw new StoreError('misuse', `message ${message} is not in the record and cannot be read`);
}
