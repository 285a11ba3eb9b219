import type { AuditEvent, Bundle, FhirResource, Provenance } from 'fhir/r4.js';
import { auditEventOf, seqOfId } from '../../core/audit/audit-event.ts';
import { auditProvenanceOf } from '../../core/audit/audit-provenance.ts';
import { toOperationOutcome } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';
import type { JournalEntry } from '../../ports-changes.ts';
import type { LogPage, LogPlace, LogSubjects, RecordedEntry } from '../../ports-queries.ts';
import { outcomeAnswer, resourceAnswer } from './answer.ts';
import type { AuditDoor } from './audit-door.ts';
import { readAuditSearch } from './audit-search.ts';
import { bodyOf, type Call, type FhirRouterParts, type Handler, type Served, segment } from './call.ts';
import { bareType } from './negotiate.ts';
import { openPage, sealPage } from './page-link.ts';
import { pageFinding } from './search-findings.ts';
import type { Pair } from './search-query.ts';
import { notAForm } from './search-resources.ts';

export type AuditType = 'AuditEvent' | 'Provenance';

const FORM = 'application/x-www-form-urlencoded';
const PAGE = '_page';

/** GET AuditEvent?…, and the Provenance that the same entries make (R4 http §3.1.0.9). */
export function auditSearchHandler(type: AuditType): Handler {
  return (call, parts) => search(type, { pairs: call.query, isForm: false }, call, parts);
}

/** POST AuditEvent/_search: the parameters in a form. */
export function auditFormHandler(type: AuditType): Handler {
  return async (call, parts) => {
    const body = bodyOf(call.request);
    if (bareType(call.request.headers['content-type']) !== FORM && body.length > 0) {
      return outcomeAnswer(415, [notAForm()], call.tongue);
    }
    const form = [...new URLSearchParams(new TextDecoder().decode(body))];
    return search(type, { pairs: [...call.query, ...form], isForm: call.query.length === 0 }, call, parts);
  };
}

/** GET AuditEvent/entry-17 (R4 http §3.1.0.2) */
export function auditReadHandler(type: AuditType): Handler {
  return async (call, parts) => {
    const door = doorOf(parts);
    const seq = seqOfId(segment(call.request, 'id'));
    const entry = seq === undefined ? undefined : await door.store.entry(seq);
    const [resource] = entry === undefined ? [] : await resourcesOf(type, [entry], door);
    if (entry === undefined || resource === undefined) return outcomeAnswer(404, [unknownEntry()], call.tongue);
    const { referral, message } = entry;
    const about = { ...(referral !== undefined && { referral }), ...(message !== undefined && { message }) };
    await door.note([looked(call, parts, { kind: 'entry.read', ...about, detail: { by: 'fhir', seq: entry.seq } })]);
    return resourceAnswer(200, resource, call.tongue.format);
  };
}

interface Asked {
  readonly pairs: readonly Pair[];
  readonly isForm: boolean;
}

async function search(type: AuditType, asked: Asked, call: Call, parts: FhirRouterParts): Promise<Served> {
  const door = doorOf(parts);
  const link = asked.pairs.find(([name]) => name === PAGE)?.[1];
  const page = link === undefined ? undefined : openPage(link, type, call.partner);
  if (link !== undefined && page === undefined) return outcomeAnswer(400, [pageFinding()], call.tongue);
  const { pageSize, maxPageSize } = parts.limits;
  const reading = await readAuditSearch(page?.applied ?? asked.pairs, {
    ...{ store: door.store, pageSize, maxPageSize, strict: call.prefer.strict },
    // What stands in a sealed link was looked at when it was made.
    isForm: asked.isForm || page !== undefined,
    after: page === undefined ? undefined : placeIn(page.after),
  });
  if (reading.kind === 'refused') return outcomeAnswer(400, reading.findings, call.tongue);
  const { query, seq, criteria, ignored, applied } = reading.plan;
  const found = seq === undefined ? await door.store.searchLog(query) : await single(seq, door);
  await door.note(looks(found, { about: query.about, criteria }, call, parts));
  const resources = await resourcesOf(type, found.entries, door);
  const next = found.next && sealPage({ type, applied, after: `${found.next.at}|${found.next.seq}` }, call.partner);
  const bundle = bundleOf(type, resources, { ignored, next, applied, isForm: asked.isForm, link }, call, parts);
  return resourceAnswer(200, bundle, call.tongue.format);
}

async function single(seq: number, { store }: AuditDoor): Promise<LogPage> {
  const entry = await store.entry(seq);
  return { entries: entry === undefined ? [] : [entry] };
}

/** One for one for AuditEvent; Provenance for those entries that say where something came from. */
async function resourcesOf(
  type: AuditType,
  entries: readonly RecordedEntry[],
  { store }: AuditDoor,
): Promise<(AuditEvent | Provenance)[]> {
  if (type === 'Provenance') return entries.flatMap((entry) => auditProvenanceOf(entry) ?? []);
  const referrals = [...new Set(entries.flatMap(({ referral }) => referral ?? []))];
  const known = referrals.length === 0 ? [] : await store.patientsOf(referrals);
  const patients = new Map(known.map(({ referral, patient }) => [referral, patient]));
  return entries.map((entry) => auditEventOf(entry, patients.get(entry.referral ?? '')));
}

interface Asking {
  readonly about: LogSubjects | undefined;
  readonly criteria: readonly string[];
}

/** Which questions were asked, never with which values; and about whom, one entry each. */
function looks(found: LogPage, { about, criteria }: Asking, call: Call, parts: FhirRouterParts): JournalEntry[] {
  const detail = { by: 'fhir', criteria: criteria.join(' '), found: found.entries.length };
  const look = looked(call, parts, { kind: 'log.searched', detail });
  const each = [
    ...(about?.referrals ?? []).map((referral) => ({ ...look, referral })),
    ...(about?.messages ?? []).map((message) => ({ ...look, message })),
  ];
  return each.length === 0 ? [look] : each;
}

function looked(
  { partner }: Call,
  { clock }: FhirRouterParts,
  entry: Omit<JournalEntry, 'at' | 'actor'>,
): JournalEntry {
  return { at: clock.now().toISOString(), actor: partner.partner, ...entry };
}

interface Around {
  readonly ignored: readonly Finding[];
  readonly next: string | undefined;
  readonly applied: readonly Pair[];
  readonly isForm: boolean;
  /** The sealed place of this page, when it is not the first. */
  readonly link: string | undefined;
}

function bundleOf(
  type: AuditType,
  resources: readonly (AuditEvent | Provenance)[],
  { ignored, next, applied, isForm, link }: Around,
  { tongue }: Call,
  { baseUrl, clock }: FhirRouterParts,
): Bundle<FhirResource> {
  const here = `${baseUrl}/${type}`;
  // What came in a form stays out of the link: it may name a patient.
  const self = link === undefined ? (isForm ? [] : applied) : [[PAGE, link] as const];
  const entry = [
    ...resources.map((resource) => ({
      fullUrl: `${here}/${resource.id}`,
      resource,
      search: { mode: 'match' as const },
    })),
    ...(ignored.length === 0
      ? []
      : [{ resource: toOperationOutcome(ignored, tongue.dialect), search: { mode: 'outcome' as const } }]),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    timestamp: clock.now().toISOString(),
    link: [
      { relation: 'self', url: `${here}${queryText(self)}` },
      ...(next === undefined ? [] : [{ relation: 'next', url: `${here}${queryText([[PAGE, next]])}` }]),
    ],
    ...(entry.length > 0 && { entry }),
  };
}

function queryText(pairs: readonly Pair[]): string {
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
  return text === '' ? '' : `?${text}`;
}

function placeIn(after: string): LogPlace | undefined {
  const bar = after.lastIndexOf('|');
  return { at: after.slice(0, bar), seq: Number(after.slice(bar + 1)) };
}

function doorOf({ audit }: FhirRouterParts): AuditDoor {
  if (audit === undefined) throw new Error('an audit route without a log');
  return audit;
}

function unknownEntry(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/unknown-resource',
    place: {},
    message: 'The log has no such entry.',
    remedy: 'Search for it, and use the ids that were found.',
    issue: 'not-found',
  };
}
