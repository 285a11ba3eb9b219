import type { FhirResource } from 'fhir/r4.js';
import type { KeptMapping, Message } from '../../core/message.ts';
import { type Dossier, FHIR_BASE, type Referral } from '../../core/referral.ts';
import type { Reference, Snapshot } from '../../ports-changes.ts';
import type { JournalQuery, LoopQuery, RecordedEntry } from '../../ports-queries.ts';
import type { Store } from '../../ports-record.ts';
import { type Bindings, integer, json, optionalText, text } from '../rows/row.ts';
import { toAccount, toAttempts, toKept, toProposal, toSession } from '../rows/row-console.ts';
import { toEvent } from '../rows/row-event.ts';
import { toHold } from '../rows/row-hold.ts';
import { toEntry } from '../rows/row-journal.ts';
import { toLeg } from '../rows/row-leg.ts';
import { toLostCode } from '../rows/row-lost-code.ts';
import { toKeptMapping } from '../rows/row-mapping.ts';
import { toMessage } from '../rows/row-message.ts';
import { toPromise } from '../rows/row-promise.ts';
import { toReading } from '../rows/row-reading.ts';
import { toReference } from '../rows/row-reference.ts';
import { toReferral } from '../rows/row-referral.ts';
import { toDossier, toResource } from '../rows/row-resource.ts';
import { toStanding } from '../rows/row-standing.ts';
import { toWork } from '../rows/row-work.ts';
import type { WholeRecord } from '../whole-record.ts';
import type { Connection } from './connection.ts';
import { LOG_READS } from './log-operations.ts';
import { PRUNING_READS } from './prune.ts';
import { readOverview } from './read-overview.ts';
import { search } from './search.ts';
import { logSubjects, searchLog } from './search-log.ts';
import {
  ACCOUNT_BY_NAME,
  ACCOUNTS,
  ATTEMPTS_BY_KEY,
  KEPT_OF_SESSION,
  OPEN_PROPOSALS,
  PROPOSAL_BY_SUBJECT,
  SESSION_BY_ID,
} from './statements-console.ts';
import { COUNTS } from './statements-counts.ts';
import {
  OPEN_HOLDS,
  OPEN_HOLDS_OF_REFERRAL,
  REFERRALS_OF_HOLD,
  RESOLVED_HOLDS,
  RESOLVED_HOLDS_OF_REFERRAL,
} from './statements-hold.ts';
import { entries } from './statements-journal.ts';
import { ENTRY_BY_SEQ, PATIENTS_OF_REFERRALS } from './statements-log-search.ts';
import { EVENTS_OF_REFERRAL, LEG_BY_ID, LEGS_OF_REFERRAL, PROMISES_OF_REFERRAL } from './statements-loop.ts';
import { KEPT_MAPPING_BY_DIGEST, KEPT_MAPPINGS, KEPT_MAPPINGS_OF_NAME } from './statements-mapping.ts';
import { MESSAGE_BY_ID, MESSAGES_OF_REFERRAL } from './statements-message.ts';
import {
  LAST_READING_OF_PARTNER,
  LOST_CODES,
  LOST_CODES_OF_PARTNER,
  READINGS_OF_REFERRAL,
} from './statements-reading.ts';
import { loops, REFERENCE_BY_VALUE, REFERENCES_OF_REFERRAL, REFERRAL_BY_ID } from './statements-referral.ts';
import { RESOURCE_BY_ID, RESOURCES_OF_REFERRAL, RESOURCES_OF_REFERRAL_AT } from './statements-resource.ts';
import { DUE_TIMERS, LATE_BY_DEBTOR, MOVING_WORK, OPEN_HOLDS_BY_KIND, UNSEALED_SINCE } from './statements-standing.ts';
import { NEXT_WORK_AT, WORK_OF_HOLD } from './statements-work.ts';

export type ReadName = Exclude<
  keyof WholeRecord,
  | 'receive'
  | 'claim'
  | 'commit'
  | 'apply'
  | 'resolveHold'
  | 'recover'
  | 'renew'
  | 'changeConsole'
  | 'seal'
  | 'prune'
  | 'close'
>;

/** What each read of the port does, on one connection and without waiting. */
type ReadOperations = {
  readonly [N in ReadName]: (
    connection: Connection,
    ...asked: Parameters<WholeRecord[N]>
  ) => Awaited<ReturnType<WholeRecord[N]>>;
};

export const READ_OPERATIONS: ReadOperations = {
  nextWorkAt: (connection) => connection.all(NEXT_WORK_AT).map((row) => optionalText(row, 'at'))[0],
  message: (connection, id): Message | undefined => connection.all(MESSAGE_BY_ID, { id }).map(toMessage)[0],
  messagesOf: (connection, referral) => connection.all(MESSAGES_OF_REFERRAL, { referral }).map(toMessage),
  referral: (connection, id) => connection.all(REFERRAL_BY_ID, { id }).map(toReferral)[0],
  findReferral,
  namesakes: (connection, partner, kind, value) =>
    connection.all(REFERENCE_BY_VALUE, { partner, kind, value }).map(toReference),
  referencesOf: (connection, referral) => connection.all(REFERENCES_OF_REFERRAL, { referral }).map(toReference),
  snapshot,
  dossier,
  dossierAt,
  events: (connection, referral) => connection.all(EVENTS_OF_REFERRAL, { referral }).map(toEvent),
  promises: (connection, referral) => connection.all(PROMISES_OF_REFERRAL, { referral }).map(toPromise),
  legs: (connection, referral) => connection.all(LEGS_OF_REFERRAL, { referral }).map(toLeg),
  leg: (connection, id) => connection.all(LEG_BY_ID, { id }).map(toLeg)[0],
  holds: (connection, { open, referral }) => {
    if (referral === undefined) return connection.all(open ? OPEN_HOLDS : RESOLVED_HOLDS).map(toHold);
    return connection.all(open ? OPEN_HOLDS_OF_REFERRAL : RESOLVED_HOLDS_OF_REFERRAL, { referral }).map(toHold);
  },
  behindHold: (connection, hold) => ({
    waiting: connection.all(WORK_OF_HOLD, { hold }).map(toWork),
    referrals: connection.all(REFERRALS_OF_HOLD, { hold }).map((row) => text(row, 'referral')),
  }),
  readings: (connection, referral) => connection.all(READINGS_OF_REFERRAL, { referral }).map(toReading),
  lastReadingAt: (connection, partner) =>
    connection.all(LAST_READING_OF_PARTNER, { partner }).map((row) => optionalText(row, 'at'))[0],
  lostCodes: (connection, partner) =>
    (partner === undefined ? connection.all(LOST_CODES) : connection.all(LOST_CODES_OF_PARTNER, { partner })).map(
      toLostCode,
    ),
  loops: findLoops,
  resource: (connection, type, id) => connection.all(RESOURCE_BY_ID, { type, id }).map(toResource)[0],
  search,
  journal: readJournal,
  logSubjects,
  searchLog,
  entry: (connection, seq) => connection.all(ENTRY_BY_SEQ, { seq }).map(toEntry)[0],
  patientsOf: (connection, referrals) =>
    connection
      .all(PATIENTS_OF_REFERRALS, { referrals: JSON.stringify(referrals) })
      .map((row) => ({ referral: text(row, 'referral'), patient: text(row, 'patient') })),
  keptMappings,
  overview: readOverview,
  ...LOG_READS,
  ...PRUNING_READS,
  consoleAccount: (connection, name) => connection.all(ACCOUNT_BY_NAME, { name }).map(toAccount)[0],
  consoleAccounts: (connection) => connection.all(ACCOUNTS).map(toAccount),
  signInAttempts: (connection, key) => connection.all(ATTEMPTS_BY_KEY, { key }).map(toAttempts)[0],
  consoleSession: (connection, id) => connection.all(SESSION_BY_ID, { id }).map(toSession)[0],
  consoleProposal: (connection, subject) => connection.all(PROPOSAL_BY_SUBJECT, { subject }).map(toProposal)[0],
  openProposals: (connection) => connection.all(OPEN_PROPOSALS).map(toProposal),
  keptInSession: (connection, session) => connection.all(KEPT_OF_SESSION, { session }).map(toKept),
  standing: (connection, now) =>
    toStanding({
      work: [...connection.all(MOVING_WORK), ...connection.all(DUE_TIMERS, { now })],
      holds: connection.all(OPEN_HOLDS_BY_KIND),
      late: connection.all(LATE_BY_DEBTOR, { now }),
      unsealed: connection.all(UNSEALED_SINCE),
    }),
  counts: (connection) => {
    const rows = COUNTS.flatMap((sql) => connection.all(sql));
    return Object.fromEntries(rows.map((row) => [text(row, 'name'), integer(row, 'number')]));
  },
};

/** Kinds are tried in the order given. A name that two referrals bear names neither: nothing is guessed. */
function findReferral(
  connection: Connection,
  ...[partner, kinds, value]: Parameters<Store['findReferral']>
): Reference | undefined {
  for (const kind of kinds) {
    const found = connection.all(REFERENCE_BY_VALUE, { partner, kind, value }).map(toReference);
    if (found.length === 1) return found[0];
  }
  return undefined;
}

function snapshot(connection: Connection, id: string): Snapshot | undefined {
  const [row] = connection.all(REFERRAL_BY_ID, { id });
  if (row === undefined) return undefined;
  const { events, promises, legs, referencesOf, holds } = READ_OPERATIONS;
  return {
    referral: toReferral(row),
    dossier: dossier(connection, id),
    events: events(connection, id),
    promises: promises(connection, id),
    legs: legs(connection, id),
    references: referencesOf(connection, id),
    holds: [true, false].flatMap((open) => holds(connection, { open, referral: id })),
  };
}

function dossier(connection: Connection, referral: string): Dossier {
  return toDossier(connection.all(RESOURCES_OF_REFERRAL, { referral }));
}

function dossierAt(connection: Connection, referral: string, at: string): Dossier {
  const resources = connection
    .all(RESOURCES_OF_REFERRAL_AT, { referral, at })
    .map((row) => json<FhirResource>(row, 'body'));
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({
      fullUrl: `${FHIR_BASE}/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  };
}

function keptMappings(connection: Connection, { name, digest }: Parameters<Store['keptMappings']>[0]): KeptMapping[] {
  if (digest !== undefined) return connection.all(KEPT_MAPPING_BY_DIGEST, { digest }).map(toKeptMapping);
  return (name === undefined ? connection.all(KEPT_MAPPINGS) : connection.all(KEPT_MAPPINGS_OF_NAME, { name })).map(
    toKeptMapping,
  );
}

function findLoops(connection: Connection, query: LoopQuery): Referral[] {
  const { limit, newestFirst, among, named, lateAt, ...values } = query;
  const sql = loops({ ...askedFor(query), late: lateAt !== undefined, newestFirst: newestFirst === true });
  const bindings = given({
    ...values,
    lateAt,
    among: among && JSON.stringify(among),
    named: named?.value,
    namedBy: named && JSON.stringify(named.partners),
  });
  return connection.all(sql, { ...bindings, limit }).map(toReferral);
}

/** Which of a query's conditions are there. */
function askedFor(query: LoopQuery): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value !== undefined]));
}

function readJournal(connection: Connection, query: JournalQuery): RecordedEntry[] {
  const { referral, partner, kind, since, until, afterSeq, limit } = query;
  const sql = entries({
    referral: referral !== undefined,
    partner: partner !== undefined,
    kind: kind !== undefined,
    since: since !== undefined,
    until: until !== undefined,
    afterSeq: afterSeq !== undefined,
  });
  return connection.all(sql, { ...given({ referral, partner, kind, since, until, afterSeq }), limit }).map(toEntry);
}

function given(values: Readonly<Record<string, string | number | undefined>>): Bindings {
  const present: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) present[name] = value;
  return present;
}
