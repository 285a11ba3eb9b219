import type { FhirResource } from 'fhir/r4.js';
import type { KeptMapping } from '../../core/message.ts';
import { type Dossier, FHIR_BASE, type Referral } from '../../core/referral.ts';
import type { Reference, Snapshot } from '../../ports-changes.ts';
import type { JournalQuery, LoopQuery, RecordedEntry } from '../../ports-queries.ts';
import type { Store } from '../../ports-record.ts';
import { integer, json, optionalText, type Row, text } from '../rows/row.ts';
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
import { LOG_READS } from './log-operations.ts';
import type { Parameters as Values } from './named-parameters.ts';
import { PRUNING_READS } from './prune.ts';
import { readOverview } from './read-overview.ts';
import type { Asked } from './reading-pool.ts';
import { search } from './search.ts';
import { logSubjects, searchLog } from './search-log.ts';
import { settledThrough } from './settled-through.ts';
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
import { SNAPSHOT, type SnapshotPart } from './statements-snapshot.ts';
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

type ReadOperations = {
  readonly [N in ReadName]: (session: Asked, ...asked: Parameters<WholeRecord[N]>) => ReturnType<WholeRecord[N]>;
};

/** These ask several things that must go together. */
export const OF_ONE_MOMENT: ReadonlySet<string> = new Set([
  'behindHold',
  'search',
  'standing',
  'overview',
  'counts',
  'logHead',
]);

/**
 * These look up by keys alone: one way is right for all values. To plan the look at a referral anew each time was half of what
 * the server did for it.
 */
export const BY_KEY: ReadonlySet<string> = new Set([
  'nextWorkAt',
  'message',
  'messagesOf',
  'referral',
  'findReferral',
  'namesakes',
  'referencesOf',
  'snapshot',
  'dossier',
  'events',
  'promises',
  'legs',
  'leg',
  'resource',
]);

/** What each read of the port does. */
export const READ_OPERATIONS: ReadOperations = {
  nextWorkAt: async (session) => (await session.all(NEXT_WORK_AT)).map((row) => optionalText(row, 'at'))[0],
  message: async (session, id) => (await session.all(MESSAGE_BY_ID, { id })).map(toMessage)[0],
  messagesOf: async (session, referral) => (await session.all(MESSAGES_OF_REFERRAL, { referral })).map(toMessage),
  referral: async (session, id) => (await session.all(REFERRAL_BY_ID, { id })).map(toReferral)[0],
  findReferral,
  namesakes: async (session, partner, kind, value) =>
    (await session.all(REFERENCE_BY_VALUE, { partner, kind, value })).map(toReference),
  referencesOf: async (session, referral) => (await session.all(REFERENCES_OF_REFERRAL, { referral })).map(toReference),
  snapshot,
  dossier,
  dossierAt,
  events: async (session, referral) => (await session.all(EVENTS_OF_REFERRAL, { referral })).map(toEvent),
  promises: async (session, referral) => (await session.all(PROMISES_OF_REFERRAL, { referral })).map(toPromise),
  legs: async (session, referral) => (await session.all(LEGS_OF_REFERRAL, { referral })).map(toLeg),
  leg: async (session, id) => (await session.all(LEG_BY_ID, { id })).map(toLeg)[0],
  holds: async (session, { open, referral }) => {
    if (referral === undefined) return (await session.all(open ? OPEN_HOLDS : RESOLVED_HOLDS)).map(toHold);
    return (await session.all(open ? OPEN_HOLDS_OF_REFERRAL : RESOLVED_HOLDS_OF_REFERRAL, { referral })).map(toHold);
  },
  behindHold: async (session, hold) => ({
    waiting: (await session.all(WORK_OF_HOLD, { hold })).map(toWork),
    referrals: (await session.all(REFERRALS_OF_HOLD, { hold })).map((row) => text(row, 'referral')),
  }),
  readings: async (session, referral) => (await session.all(READINGS_OF_REFERRAL, { referral })).map(toReading),
  lastReadingAt: async (session, partner) =>
    (await session.all(LAST_READING_OF_PARTNER, { partner })).map((row) => optionalText(row, 'at'))[0],
  lostCodes: async (session, partner) => {
    const found = partner === undefined ? session.all(LOST_CODES) : session.all(LOST_CODES_OF_PARTNER, { partner });
    return (await found).map(toLostCode);
  },
  loops: findLoops,
  resource: async (session, type, id) => (await session.all(RESOURCE_BY_ID, { type, id })).map(toResource)[0],
  search,
  journal: readJournal,
  logSubjects,
  searchLog: async (session, query) => searchLog(session, query, await settledThrough(session)),
  entry: async (session, seq) => (await session.all(ENTRY_BY_SEQ, { seq })).map(toEntry)[0],
  patientsOf: async (session, referrals) =>
    (await session.all(PATIENTS_OF_REFERRALS, { referrals })).map((row) => ({
      referral: text(row, 'referral'),
      patient: text(row, 'patient'),
    })),
  keptMappings,
  overview: readOverview,
  ...LOG_READS,
  ...PRUNING_READS,
  consoleAccount: async (session, name) => (await session.all(ACCOUNT_BY_NAME, { name })).map(toAccount)[0],
  consoleAccounts: async (session) => (await session.all(ACCOUNTS)).map(toAccount),
  signInAttempts: async (session, key) => (await session.all(ATTEMPTS_BY_KEY, { key })).map(toAttempts)[0],
  consoleSession: async (session, id) => (await session.all(SESSION_BY_ID, { id })).map(toSession)[0],
  consoleProposal: async (session, subject) => (await session.all(PROPOSAL_BY_SUBJECT, { subject })).map(toProposal)[0],
  openProposals: async (session) => (await session.all(OPEN_PROPOSALS)).map(toProposal),
  keptInSession: async (session, id) => (await session.all(KEPT_OF_SESSION, { session: id })).map(toKept),
  standing: async (session, now) =>
    toStanding({
      work: [...(await session.all(MOVING_WORK)), ...(await session.all(DUE_TIMERS, { now }))],
      holds: await session.all(OPEN_HOLDS_BY_KIND),
      late: await session.all(LATE_BY_DEBTOR, { now }),
      unsealed: await session.all(UNSEALED_SINCE),
    }),
  counts: async (session) => {
    const found: [string, number][] = [];
    for (const sql of COUNTS) {
      for (const row of await session.all(sql)) found.push([text(row, 'name'), integer(row, 'number')]);
    }
    return Object.fromEntries(found);
  },
};

/** Kinds are tried in the order given. A name that two referrals bear names neither: nothing is guessed. */
async function findReferral(
  session: Asked,
  ...[partner, kinds, value]: Parameters<Store['findReferral']>
): Promise<Reference | undefined> {
  for (const kind of kinds) {
    const found = await session.all(REFERENCE_BY_VALUE, { partner, kind, value });
    if (found.length === 1) return found.map(toReference)[0];
  }
  return undefined;
}

async function snapshot(session: Asked, id: string): Promise<Snapshot | undefined> {
  const [found = {}] = await session.all(SNAPSHOT, { id, referral: id });
  const rows = (name: SnapshotPart): readonly Row[] => found[name] as readonly Row[];
  const [row] = rows('referral');
  if (row === undefined) return undefined;
  return {
    referral: toReferral(row),
    dossier: toDossier(rows('resources')),
    events: rows('events').map(toEvent),
    promises: rows('promises').map(toPromise),
    legs: rows('legs').map(toLeg),
    references: rows('references').map(toReference),
    holds: [...rows('open_holds'), ...rows('resolved_holds')].map(toHold),
  };
}

async function dossier(session: Asked, referral: string): Promise<Dossier> {
  return toDossier(await session.all(RESOURCES_OF_REFERRAL, { referral }));
}

async function dossierAt(session: Asked, referral: string, at: string): Promise<Dossier> {
  const resources = (await session.all(RESOURCES_OF_REFERRAL_AT, { referral, at })).map((row) =>
    json<FhirResource>(row, 'body'),
  );
  return collection(
    resources.map((resource) => ({ fullUrl: `${FHIR_BASE}/${resource.resourceType}/${resource.id}`, resource })),
  );
}

function collection(entry: Dossier['entry']): Dossier {
  return { resourceType: 'Bundle', type: 'collection', entry };
}

async function keptMappings(
  session: Asked,
  { name, digest }: Parameters<Store['keptMappings']>[0],
): Promise<KeptMapping[]> {
  if (digest !== undefined) return (await session.all(KEPT_MAPPING_BY_DIGEST, { digest })).map(toKeptMapping);
  const found = name === undefined ? session.all(KEPT_MAPPINGS) : session.all(KEPT_MAPPINGS_OF_NAME, { name });
  return (await found).map(toKeptMapping);
}

async function findLoops(session: Asked, query: LoopQuery): Promise<Referral[]> {
  const { limit, newestFirst, among, named, lateAt, ...values } = query;
  const sql = loops({ ...askedFor(query), late: lateAt !== undefined, newestFirst: newestFirst === true });
  const lists = { ...(among && { among }), ...(named && { named: named.value, namedBy: named.partners }) };
  return (await session.all(sql, { ...given({ ...values, lateAt }), ...lists, limit })).map(toReferral);
}

/** Which of a query's conditions are there. */
function askedFor(query: LoopQuery): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value !== undefined]));
}

async function readJournal(session: Asked, query: JournalQuery): Promise<RecordedEntry[]> {
  const { referral, partner, kind, since, until, afterSeq, limit } = query;
  const sql = entries({
    referral: referral !== undefined,
    partner: partner !== undefined,
    kind: kind !== undefined,
    since: since !== undefined,
    until: until !== undefined,
    afterSeq: afterSeq !== undefined,
  });
  const through = await settledThrough(session);
  const asked = { ...given({ referral, partner, kind, since, until, afterSeq }), through, limit };
  return (await session.all(sql, asked)).map(toEntry);
}

function given(values: Readonly<Record<string, string | number | undefined>>): Values {
  const present: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) present[name] = value;
  return present;
}
