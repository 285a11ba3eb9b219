import type { ConsoleParts } from '../console-parts.ts';
import type { AskedByUser, Handlers, PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';
import { type LoopSearch, loopQuery, readLoopSearch, searchForm, searchInWords } from './loops/loop-search.ts';
import { type LoopPlace, type PageOfLoops, pageOfLoops } from './loops/page-of-loops.ts';
import { type ListedLoop, viewLoops } from './loops/view-list.ts';

const PAGE_SIZE = 20;
/** How long a session can turn the pages of a search. */
const SEARCH_MS = 3_600_000;
const KIND = 'loops';

export const loopsPages = {
  async loops(asked, parts) {
    const { query, shelf } = asked;
    const kept = query.get('search');
    const found = kept === null ? undefined : ((await shelf.find(KIND, kept)) as LoopSearch | undefined);
    if (kept !== null && found === undefined) {
      const text = 'That search is no longer kept. Search again.';
      return { kind: 'see-other', to: pathTo('loops'), flash: { kind: 'problem', text } };
    }
    return listPage(asked, parts, found ?? simpleSearch(query, partnersOf(asked, parts)));
  },

  async findLoops(asked, parts) {
    const seen = partnersOf(asked, parts);
    const { search, problems } = readLoopSearch(asked.form, seen);
    if (problems.length > 0) {
      const model = { ...emptyList(search, seen), problems };
      return { kind: 'page', view: 'loops', title: 'Loops', status: 422, model };
    }
    if (Object.keys(search).length === 0) return { kind: 'see-other', to: pathTo('loops') };
    const id = await asked.shelf.putAway(KIND, search, SEARCH_MS);
    return { kind: 'see-other', to: pathTo('loops', {}, { search: id }) };
  },
} satisfies Pick<Handlers, 'loops' | 'findLoops'>;

/** What a link can ask for: no patient data may stand in it. */
function simpleSearch(query: URLSearchParams, seen: ConsoleParts['partners']): LoopSearch {
  const asked = new URLSearchParams();
  for (const field of ['practice', 'platform', 'state', 'status']) asked.set(field, query.get(field) ?? '');
  const { search, problems } = readLoopSearch(asked, seen);
  return problems.length === 0 ? search : {};
}

async function listPage(asked: AskedByUser, parts: ConsoleParts, search: LoopSearch): Promise<PageAnswer> {
  const { user, now, query } = asked;
  const wanted = loopQuery(search, { now, partners: parts.partners.map(({ id }) => id) });
  const place = placeIn(query);
  const page = await pageOfLoops(
    parts.store,
    { ...wanted, ...(user.partners !== undefined && { among: searchedAmong(user.partners, search, parts) }) },
    place,
    PAGE_SIZE,
  );
  const listed = await describeAll(page, search, { now, parts });
  const names = Object.fromEntries(parts.partners.map(({ id, name }) => [id, name]));
  const seen = partnersOf(asked, parts);
  return {
    kind: 'page',
    view: 'loops',
    title: 'Loops',
    model: {
      ...emptyList(search, seen),
      isSearched: true,
      loops: viewLoops(listed, names, asked.user),
      pages: linksOf(page, query),
    },
    // Whoever asks for a number learns whose loops these are.
    looks: search.nhsNumber === undefined ? [] : page.loops.map(({ id }) => ({ kind: 'patient.read', referral: id })),
  };
}

/** Needs stand in the practice's dossier: an account of a platform cannot find out about them by asking. */
function searchedAmong(own: readonly string[], { need }: LoopSearch, { partners }: ConsoleParts): readonly string[] {
  if (need === undefined) return own;
  return own.filter((id) => partners.some((one) => one.id === id && one.kind === 'gp-system'));
}

function emptyList(search: LoopSearch, seen: ConsoleParts['partners']) {
  return { form: searchForm(search, seen), asked: searchInWords(search, seen), action: pathTo('findLoops'), loops: [] };
}

async function describeAll(
  { loops }: PageOfLoops,
  { status }: LoopSearch,
  { now, parts }: { readonly now: Date; readonly parts: ConsoleParts },
): Promise<ListedLoop[]> {
  const all = loops.map(async (referral): Promise<ListedLoop[]> => {
    const described = await parts.desk.describe(referral.id, now.toISOString());
    // Overdue, but held: the platform has spoken, and a person is waited for.
    const isMeant = described !== undefined && (status !== 'late' || described.late.length > 0);
    return isMeant ? [{ referral, described }] : [];
  });
  return (await Promise.all(all)).flat();
}

/** The partners that an account may look for. */
function partnersOf({ user }: AskedByUser, { partners }: ConsoleParts): ConsoleParts['partners'] {
  return partners.filter(({ id }) => user.partners === undefined || user.partners.includes(id));
}

function placeIn(query: URLSearchParams): LoopPlace {
  const [after, before] = [query.get('after'), query.get('before')];
  return { ...(after !== null && { after }), ...(before !== null && { before }) };
}

function linksOf({ previous, next }: PageOfLoops, query: URLSearchParams) {
  const kept = Object.fromEntries(
    ['search', 'practice', 'platform', 'state', 'status'].map((name) => [name, query.get(name) ?? undefined]),
  );
  const link = (place: LoopPlace | undefined) => place && pathTo('loops', {}, { ...kept, ...place });
  return { previous: link(previous), next: link(next) };
}
