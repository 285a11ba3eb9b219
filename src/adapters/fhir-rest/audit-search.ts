import { ACTOR_SYSTEM, LOG_ENTRY_SYSTEM, seqOfId } from '../../core/audit/audit-event.ts';
import type { Finding } from '../../core/finding.ts';
import { REFERRAL_ID_SYSTEM } from '../../core/referral.ts';
import type { LogName, LogPlace, LogQuery, LogSubjects } from '../../ports-queries.ts';
import type { Store } from '../../ports-record.ts';
import { searchFinding } from './search-findings.ts';
import type { Pair } from './search-query.ts';
import { readDate } from './search-values.ts';

/** The search parameters of AuditEvent and of an auditor's Provenance. */
export const AUDIT_PARAMS = [
  { name: '_id', kind: 'token', text: '`entry-` and the number of the log’s entry' },
  { name: 'date', kind: 'date', text: 'when it was written; repeat it for a range' },
  { name: 'agent', kind: 'reference', text: 'agent:identifier: who did it, or to whom it was sent' },
  {
    name: 'entity',
    kind: 'reference',
    text: 'Task/… or ServiceRequest/…, or entity:identifier: a referral or a message',
  },
  { name: 'patient', kind: 'reference', text: 'Patient/…; with POST _search also patient:identifier=system|value' },
] as const;

/** A search of the log as it will be asked. */
interface AuditPlan {
  readonly query: LogQuery;
  /** A single entry, whatever else. */
  readonly seq?: number;
  /** Which parameters were followed, by name. */
  readonly criteria: readonly string[];
  readonly ignored: readonly Finding[];
  readonly applied: readonly Pair[];
}

type AuditReading =
  | { readonly kind: 'plan'; readonly plan: AuditPlan }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

interface Given {
  readonly store: Pick<Store, 'logSubjects' | 'resource'>;
  readonly pageSize: number;
  readonly maxPageSize: number;
  readonly strict: boolean;
  /** The parameters came in a body, where no log on the way reads them. */
  readonly isForm: boolean;
  readonly after?: LogPlace | undefined;
}

/** What one parameter came to. */
interface Part {
  readonly query?: Partial<LogQuery>;
  readonly about?: LogSubjects;
  readonly seq?: number;
  readonly fault?: Finding;
  readonly ignored?: Finding;
}

const SILENT = new Set(['_format', '_pretty', '_total', '_summary']);

/** Reads the parameters; faults refuse the search, all at once, and unknown ones are ignored with a warning or refused when `strict`. */
export async function readAuditSearch(pairs: readonly Pair[], given: Given): Promise<AuditReading> {
  const read = await Promise.all(
    pairs
      .filter(([name, value]) => !SILENT.has(name) && value !== '')
      .map(async (pair) => ({ pair, part: await readPair(pair, given) })),
  );
  const parts = read.map(({ part }) => part);
  const ignored = parts.flatMap((part) => part.ignored ?? []);
  const subjects = parts.filter(({ about, seq }) => about !== undefined || seq !== undefined);
  const faults = [
    ...parts.flatMap(({ fault }) => fault ?? []),
    ...(subjects.length > 1 ? [searchFinding('too-many', 'entity')] : []),
    ...(given.strict ? ignored.map((one): Finding => ({ ...one, severity: 'error' })) : []),
  ];
  if (faults.length > 0) return { kind: 'refused', findings: faults };
  const followed = read.filter(({ part }) => part.ignored === undefined).map(({ pair }) => pair);
  const [subject] = subjects;
  const asked: Partial<LogQuery> = Object.assign({}, ...parts.map(({ query }) => query));
  const ranges = parts.flatMap(({ query }) => query ?? []);
  return {
    kind: 'plan',
    plan: {
      query: {
        limit: given.pageSize,
        ...asked,
        ...narrowest(ranges),
        ...(subject?.about && { about: subject.about }),
        ...(given.after && { after: given.after }),
      },
      ...(subject?.seq !== undefined && { seq: subject.seq }),
      criteria: [...new Set(followed.map(([name]) => name.split(/[:.]/, 1)[0] ?? ''))].filter((one) => one in NAMED),
      ignored,
      applied: followed,
    },
  };
}

const NAMED = Object.fromEntries(AUDIT_PARAMS.map(({ name }) => [name, true]));

/** Of several bounds the one that leaves least. */
function narrowest(queries: readonly Partial<LogQuery>[]): Pick<LogQuery, 'since' | 'until'> {
  const since = queries
    .flatMap((one) => one.since ?? [])
    .sort()
    .at(-1);
  const until = queries.flatMap((one) => one.until ?? []).sort()[0];
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

async function readPair([name, value]: Pair, given: Given): Promise<Part> {
  switch (name) {
    case '_count':
      return /^[1-9]\d{0,8}$/.test(value)
        ? { query: { limit: Math.min(Number(value), given.maxPageSize) } }
        : { fault: searchFinding('count', name) };
    case '_sort':
      if (value === 'date') return {};
      return value === '-date'
        ? { query: { newestFirst: true } }
        : { ignored: searchFinding('unknown-parameter', name, 'warning') };
    case '_id': {
      const seq = seqOfId(value);
      return seq === undefined ? { about: NOBODY } : { seq };
    }
    case 'date':
      return dateRange(value);
    case 'agent':
    case 'agent:identifier':
      return agentNamed(name, value);
    case 'entity':
    case 'patient':
      return aboutReference(name, value, given);
    case 'entity:identifier':
      return aboutIdentifier(value, given);
    case 'patient:identifier':
    case 'patient.identifier':
      return given.isForm ? aboutPatient(value, given) : { fault: NUMBER_IN_URL };
    default:
      return { ignored: searchFinding('unknown-parameter', name, 'warning') };
  }
}

const NOBODY: LogSubjects = { referrals: [], messages: [] };

function dateRange(value: string): Part {
  const read = readDate({ name: 'date', kind: 'date', text: '' }, [value]);
  if ('severity' in read) return { fault: read };
  const bound = (compare: 'ge' | 'lt') => read.find((one) => one.compare === compare)?.values[0];
  const [since, until] = [bound('ge'), bound('lt')];
  return { query: { ...(since !== undefined && { since }), ...(until !== undefined && { until }) } };
}

function agentNamed(name: string, value: string): Part {
  const [system, id] = token(value);
  if (system !== undefined && system !== ACTOR_SYSTEM) return { about: NOBODY };
  return id === '' ? { fault: searchFinding('token', name) } : { query: { partner: id } };
}

/** `Task/<id>`, `ServiceRequest/<id>`, `Patient/<id>`: whatever belongs to one referral here. */
async function aboutReference(name: string, value: string, { store }: Given): Promise<Part> {
  const [, type, id = ''] = /^(?:([A-Z][A-Za-z]*)\/)?([A-Za-z0-9.-]{1,64})$/.exec(value) ?? [];
  if (id === '') return { fault: searchFinding('reference', name) };
  const isPatient = name === 'patient' ? type === undefined || type === 'Patient' : type === 'Patient';
  if (name === 'patient' && !isPatient) return { fault: searchFinding('reference', name) };
  if (!isPatient) return { about: await store.logSubjects({ reference: id }) };
  const patient = await store.resource('Patient', id);
  return { about: patient === undefined ? NOBODY : { referrals: [patient.referral], messages: [] } };
}

async function aboutIdentifier(value: string, { store }: Given): Promise<Part> {
  const [system, id] = token(value);
  if (id === '') return { fault: searchFinding('token', 'entity') };
  if (system === LOG_ENTRY_SYSTEM) return /^\d{1,15}$/.test(id) ? { seq: Number(id) } : { about: NOBODY };
  const message = /^urn:uuid:(.+)$/.exec(id)?.[1];
  const named: LogName = message === undefined ? { reference: id } : { message };
  if (system === REFERRAL_ID_SYSTEM) return { about: { referrals: [id], messages: [] } };
  return { about: await store.logSubjects(named) };
}

async function aboutPatient(value: string, { store }: Given): Promise<Part> {
  const [, id] = token(value);
  return id === '' ? { fault: searchFinding('token', 'patient') } : { about: await store.logSubjects({ patient: id }) };
}

function token(value: string): [string | undefined, string] {
  const bar = value.lastIndexOf('|');
  return bar < 0 ? [undefined, value] : [value.slice(0, bar), value.slice(bar + 1)];
}

const NUMBER_IN_URL: Finding = {
  severity: 'error',
  rule: 'search/number-in-url',
  place: { expression: 'http.patient' },
  message: 'A patient’s identifier does not belong in an address, which is written to logs.',
  remedy: 'Send the same parameters in a form to POST AuditEvent/_search.',
  issue: 'security',
};
