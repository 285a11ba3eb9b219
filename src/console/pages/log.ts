import type { LogPlace, RecordedEntry } from '../../ports-queries.ts';
import type { ConsoleParts } from '../console-parts.ts';
import type { ExportPart } from '../engine-desk.ts';
import type { LogCheck } from '../log/log-checks.ts';
import { CSV_HEADER, csvOfEntry } from '../log/log-csv.ts';
import {
  criteriaOf,
  type LogSearch,
  logQueryOf,
  logSearchInWords,
  readLogSearch,
  subjectsOf,
} from '../log/log-search.ts';
import { type AskedByUser, type Handlers, NOT_FOUND, type PageAnswer } from '../page.ts';
import { pathTo } from '../paths.ts';
import { actorOf } from '../session/console-user.ts';

const PAGE_SIZE = 50;
const SEARCH_MS = 3_600_000;
const KIND = 'log';
/** Without a word for so long, a verification is over: its engine has stopped. */
const SILENT_MS = 60_000;

export const logPages = {
  async log(asked, parts) {
    const { query, shelf } = asked;
    const kept = query.get('search');
    const search = kept === null ? {} : ((await shelf.find(KIND, kept)) as LogSearch | undefined);
    if (search === undefined)
      return {
        kind: 'see-other',
        to: pathTo('log'),
        flash: { kind: 'problem', text: 'That search is over. Search again.' },
      };
    return listPage(asked, parts, search);
  },

  async findEntries(asked, parts) {
    const { search, problems } = readLogSearch(asked.form);
    if (problems.length > 0) {
      const model = { ...formModel(search, parts), problems, entries: [], isSearched: false };
      return { kind: 'page', view: 'log', title: 'Log', status: 422, model, looks: [] };
    }
    const id = await asked.shelf.putAway(KIND, search, SEARCH_MS);
    return { kind: 'see-other', to: pathTo('log', {}, { search: id }) };
  },

  async exportLog(asked, parts) {
    const { form, shelf, user, now } = asked;
    const kept = form.get('search') ?? '';
    const search = kept === '' ? {} : ((await shelf.find(KIND, kept)) as LogSearch | undefined);
    const as = form.get('as');
    if (search === undefined || (as !== 'csv' && as !== 'ndjson')) return { kind: 'refused', status: 400 };
    const about = await subjectsOf(search, parts.store);
    const query = logQueryOf(search, about);
    await parts.record.changeConsole({
      journal: [
        {
          ...{ at: now.toISOString(), kind: 'log.exported', actor: actorOf(user) },
          detail: { by: 'console', as, withBodies: false, criteria: as === 'csv' ? criteriaOf(search) : '' },
        },
        ...(about?.referrals ?? []).map((referral) => ({
          ...{ at: now.toISOString(), kind: 'log.searched', actor: actorOf(user), referral },
          detail: { by: 'console', criteria: criteriaOf(search) },
        })),
      ],
    });
    const name = `hearback-log-${now.toISOString().slice(0, 19).replaceAll(':', '')}`;
    const ended = () => asked.signal.aborted;
    return as === 'csv'
      ? {
          ...{ kind: 'download', filename: `${name}.csv`, contentType: 'text/csv; charset=utf-8', looks: [] },
          body: csvLines(parts, query, ended),
        }
      : {
          ...{ kind: 'download', filename: `${name}.ndjson`, contentType: 'application/x-ndjson', looks: [] },
          body: until(parts.desk.exportLog(partOf(query)), ended),
        };
  },

  async verifyLog({ user, shelf }, { logChecks }) {
    const verification = await logChecks.begin({ user, shelf });
    if (verification !== undefined) return { kind: 'see-other', to: pathTo('verification', { verification }) };
    const text = 'This engine verifies the log already, for somebody else. Try again when that is done.';
    return { kind: 'see-other', to: pathTo('log'), flash: { kind: 'problem', text } };
  },

  async verification({ parameters, shelf, now }, { logChecks, desk }) {
    const { verification = '' } = parameters;
    const check = await logChecks.find(shelf, verification);
    if (check === undefined) return NOT_FOUND;
    return {
      kind: 'page',
      view: 'verification',
      title: 'Verification of the log',
      model: {
        ...viewCheck(check, now),
        again: pathTo('verification', { verification }),
        log: pathTo('log'),
        key: desk.logKey(),
      },
    };
  },

  async logEntry(asked, { store, desk }) {
    const seq = numberOf(asked);
    const entry = seq === undefined ? undefined : await store.entry(seq);
    if (entry === undefined) return NOT_FOUND;
    const proof = await desk.proveEntry(entry.seq);
    return {
      kind: 'page',
      view: 'log-entry',
      title: `Entry ${entry.seq} of the log`,
      model: {
        ...viewEntry(entry),
        details: Object.entries(entry.detail).map(([name, value]) => ({ name, value: String(value) })),
        proof:
          proof.kind === 'proved' ? { ...proof, file: pathTo('entryProof', { entry: String(entry.seq) }) } : undefined,
        unproved: proof.kind === 'proved' ? undefined : UNPROVED[proof.kind],
        key: desk.logKey(),
        log: pathTo('log'),
      },
    };
  },

  async entryProof(asked, { desk }) {
    const seq = numberOf(asked);
    const proof = seq === undefined ? undefined : await desk.proveEntry(seq);
    if (proof?.kind !== 'proved') return NOT_FOUND;
    const body = once(proof.file);
    return { kind: 'download', filename: `entry-${seq}.tlog-proof`, contentType: 'text/plain; charset=utf-8', body };
  },
} satisfies Pick<
  Handlers,
  'log' | 'findEntries' | 'exportLog' | 'verifyLog' | 'verification' | 'logEntry' | 'entryProof'
>;

const UNPROVED = {
  'nothing-sealed': 'Nothing of the log is sealed yet: the engine seals about a second after it has written something.',
  'not-sealed':
    'This entry is not sealed yet: the engine seals about a second after it has written something. Load this page again.',
  pruned: 'What this entry said was pruned; its hash is in the log.',
} as const;

/* ------------------------------------------------------------------ the list */

async function listPage(asked: AskedByUser, parts: ConsoleParts, search: LogSearch): Promise<PageAnswer> {
  const { query, user, now } = asked;
  const { store, record, desk } = parts;
  const about = await subjectsOf(search, store);
  const after = placeIn(query.get('after'));
  const found = await store.searchLog({
    ...{ ...logQueryOf(search, about), newestFirst: true, limit: PAGE_SIZE },
    ...(after !== undefined && { after }),
  });
  const criteria = criteriaOf(search);
  const look = { at: now.toISOString(), kind: 'log.searched', actor: actorOf(user) };
  const detail = { by: 'console', page: 'log', criteria, found: found.entries.length };
  const subjects = (about?.referrals ?? []).map((referral) => ({ ...look, referral, detail }));
  // Before anything is shown: which questions were asked, and about whom.
  await record.changeConsole({ journal: subjects.length > 0 ? subjects : [{ ...look, detail }] });
  const kept = query.get('search') ?? undefined;
  const next = found.next && `${found.next.at}/${found.next.seq}`;
  return {
    kind: 'page',
    view: 'log',
    title: 'Log',
    model: {
      ...formModel(search, parts),
      isSearched: true,
      entries: found.entries.map(viewEntry),
      pages: { next: next && pathTo('log', {}, { search: kept, after: next }) },
      first: after !== undefined && pathTo('log', {}, { search: kept }),
      search: kept,
      sealed: await desk.sealed(),
      key: desk.logKey(),
    },
    // Whoever asks for a number learns whose entries these are.
    looks:
      search.nhsNumber === undefined
        ? []
        : (about?.referrals ?? []).map((referral) => ({ kind: 'patient.read' as const, referral })),
  };
}

function formModel(search: LogSearch, { partners }: ConsoleParts) {
  // The NHS number is not shown again: it is asked for anew.
  const { nhsNumber: _hidden, ...form } = search;
  return {
    form,
    partners: partners.map(({ id, name }) => ({ value: id, text: name, chosen: id === search.partner })),
    asked: logSearchInWords(search),
    ...{
      action: pathTo('findEntries'),
      all: pathTo('log'),
      exportAction: pathTo('exportLog'),
      verify: pathTo('verifyLog'),
    },
  };
}

function viewEntry({ seq, at, kind, actor, referral, message, detail }: RecordedEntry) {
  return {
    ...{ seq: String(seq), at, kind, actor, href: pathTo('logEntry', { entry: String(seq) }) },
    ...(referral !== undefined && { referral: { id: referral, href: pathTo('loop', { referral }) } }),
    ...(message !== undefined && { message: { id: message, href: pathTo('message', { message }) } }),
    said: Object.entries(detail)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', '),
  };
}

function placeIn(text: string | null): LogPlace | undefined {
  const [, at = '', seq = ''] = /^([\dT:.Z-]{20,30})\/(\d{1,15})$/.exec(text ?? '') ?? [];
  return seq === '' ? undefined : { at, seq: Number(seq) };
}

function numberOf({ parameters }: AskedByUser): number | undefined {
  const text = parameters['entry'] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/* ------------------------------------------------------------------ export and verification */

type Found = ReturnType<typeof logQueryOf>;

/** What an export with proofs can be limited to. A search for more is taken whole: entries are not left out behind an auditor's back. */
function partOf({ about, since, until }: Found): ExportPart | undefined {
  const [referral, ...others] = about?.referrals ?? [];
  const part = {
    ...(referral !== undefined && others.length === 0 && { referral }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  return Object.keys(part).length === 0 ? undefined : part;
}

async function* csvLines({ store }: ConsoleParts, query: Found, ended: () => boolean): AsyncGenerator<string> {
  yield CSV_HEADER;
  for (let after: LogPlace | undefined; !ended(); ) {
    const page = await store.searchLog({ ...query, limit: 500, ...(after !== undefined && { after }) });
    yield page.entries.map(csvOfEntry).join('');
    after = page.next;
    if (after === undefined) return;
  }
}

async function* until(lines: AsyncIterable<string>, ended: () => boolean): AsyncGenerator<string> {
  for await (const line of lines) {
    if (ended()) return;
    yield line;
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function viewCheck(check: LogCheck, now: Date) {
  if (check.kind !== 'running') return check;
  const isSilent = now.getTime() - Date.parse(check.seenAt) > SILENT_MS;
  return { ...check, isSilent, share: check.of === 0 ? 0 : Math.floor((100 * check.entries) / check.of) };
}
