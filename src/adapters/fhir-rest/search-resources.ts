import type { Finding } from '../../core/finding.ts';
import type { StoredResource } from '../../core/referral.ts';
import type { ResourcePage } from '../../ports-queries.ts';
import { outcomeAnswer, resourceAnswer } from './answer.ts';
import { bodyOf, type Call, type FhirRouterParts, type Handler, type Served } from './call.ts';
import { bareType } from './negotiate.ts';
import { openPage, sealPage } from './page-link.ts';
import { visibleResource } from './read-resource.ts';
import type { Include, ResourceRow } from './resource-table.ts';
import { searchBundle } from './search-bundle.ts';
import { pageFinding } from './search-findings.ts';
import { type Pair, readSearch, type SearchPlan, type SearchReading } from './search-query.ts';

const FORM = 'application/x-www-form-urlencoded';
const PAGE = '_page';

/** GET {type}?… (R4 http §3.1.0.9) */
export function searchHandler(row: ResourceRow): Handler {
  return (call, parts) => search(row, call.query, call, parts);
}

/** POST {type}/_search: the parameters in a form, where no log on the way reads them. To be preferred. */
export function formSearchHandler(row: ResourceRow): Handler {
  return async (call, parts) => {
    const body = bodyOf(call.request);
    if (body.length > 0 && bareType(call.request.headers['content-type']) !== FORM) {
      return outcomeAnswer(415, [notAForm()], call.tongue);
    }
    const form = new URLSearchParams(new TextDecoder().decode(body));
    return search(row, [...call.query, ...form], call, parts);
  };
}

async function search(row: ResourceRow, pairs: readonly Pair[], call: Call, parts: FhirRouterParts): Promise<Served> {
  const link = pairs.find(([name]) => name === PAGE)?.[1];
  const page = link === undefined ? undefined : openPage(link, row.type, call.partner);
  if (link !== undefined && page === undefined) return outcomeAnswer(400, [pageFinding()], call.tongue);
  const reading = plan(row, page?.applied ?? pairs, call, parts);
  if (reading.kind === 'refused') return outcomeAnswer(400, reading.findings, call.tongue);
  return found(row, { plan: reading.plan, link, after: page?.after }, call, parts);
}

function plan(
  row: ResourceRow,
  pairs: readonly Pair[],
  call: Call,
  { baseUrl, limits }: FhirRouterParts,
): SearchReading {
  const { pageSize, maxPageSize } = limits;
  return readSearch(row, pairs, { baseUrl, pageSize, maxPageSize, strict: call.prefer.strict });
}

interface Step {
  readonly plan: SearchPlan;
  /** The sealed place of this page, when it is not the first. */
  readonly link: string | undefined;
  readonly after: string | undefined;
}

async function found(
  row: ResourceRow,
  { plan, link, after }: Step,
  call: Call,
  parts: FhirRouterParts,
): Promise<Served> {
  const page = await parts.store.search({
    type: row.type,
    where: plan.where,
    referrer: call.partner.partner,
    // The store is asked for one even when none is wanted: the total is what was asked for.
    limit: Math.max(1, plan.count),
    ...(after !== undefined && { after }),
  });
  const matches = plan.count === 0 ? [] : page.resources;
  const included = await includedBy(matches, plan.includes, call, parts);
  const shown = call.request.method === 'HEAD' ? [] : [...matches, ...included];
  if (shown.length > 0) await parts.onLook(call.partner.partner, shown);
  const here = `${parts.baseUrl}/${row.type}`;
  const bundle = searchBundle({
    baseUrl: parts.baseUrl,
    dialect: call.tongue.dialect,
    at: parts.clock.now().toISOString(),
    matches,
    included,
    ignored: plan.ignored,
    ...(plan.withTotal && { total: page.total }),
    self: `${here}${queryText(link === undefined ? shownAgain(plan, call) : [[PAGE, link]])}`,
    ...nextLink(here, page, { row, plan, call }),
  });
  return { ...resourceAnswer(200, bundle, call.tongue.format), shown };
}

/** What a link repeats. An identifier that came in a form, to keep it out of addresses, stays out of them: it may be a person's number. */
function shownAgain({ applied }: SearchPlan, { request }: Call): readonly Pair[] {
  if (request.method !== 'POST') return applied;
  return applied.filter(([name]) => !/(?:^|[.:])identifier$/.test(name));
}

function nextLink(
  here: string,
  page: ResourcePage,
  { row, plan, call }: { readonly row: ResourceRow; readonly plan: SearchPlan; readonly call: Call },
): { next?: string } {
  if (page.next === undefined || plan.count === 0) return {};
  const sealed = sealPage({ type: row.type, applied: plan.applied, after: page.next }, call.partner);
  return { next: `${here}${queryText([[PAGE, sealed]])}` };
}

/** What the matches refer to, each once, without what is a match itself. */
async function includedBy(
  matches: readonly StoredResource[],
  includes: readonly Include[],
  call: Call,
  { store }: FhirRouterParts,
): Promise<StoredResource[]> {
  const wanted = new Set(
    matches.flatMap(({ resource }) => includes.flatMap(({ element }) => referencesAt(resource, element))),
  );
  for (const match of matches) wanted.delete(`${match.type}/${match.id}`);
  const all = await Promise.all(
    [...wanted].map((reference) => visibleResource(reference, call.partner.partner, store)),
  );
  return all.filter((stored) => stored !== undefined);
}

function referencesAt(resource: object, element: string): string[] {
  const held: unknown = Object.entries(resource).find(([name]) => name === element)?.[1];
  const list: readonly unknown[] = Array.isArray(held) ? held : [held];
  return list.flatMap((item) => {
    if (typeof item !== 'object' || item === null || !('reference' in item)) return [];
    return typeof item.reference === 'string' && item.reference.includes('/') ? [item.reference] : [];
  });
}

function queryText(pairs: readonly Pair[]): string {
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
  return text === '' ? '' : `?${text}`;
}

/** The parameters of _search came as something else. */
export function notAForm(): Finding {
  return {
    severity: 'error',
    rule: 'search/media-type',
    place: { expression: 'Content-Type' },
    message: 'The parameters of _search did not come as a form.',
    remedy: `Send them with Content-Type: ${FORM}.`,
    issue: 'not-supported',
  };
}
