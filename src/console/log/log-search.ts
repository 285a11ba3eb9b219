import { nhsNumberFault } from '../../core/fhir/nhs-number.ts';
import type { LogName, LogQuery, LogSubjects } from '../../ports-queries.ts';
import type { Store } from '../../ports-record.ts';
import { maskedValue } from '../mask/mask.ts';

/** What an auditor looks for in the log: as it stands in the form, and as the session keeps it. */
export interface LogSearch {
  readonly nhsNumber?: string;
  readonly reference?: string;
  readonly message?: string;
  readonly partner?: string;
  readonly actor?: string;
  readonly kind?: string;
  /** UTC instants, or days. */
  readonly since?: string;
  readonly until?: string;
}

export const LOG_FIELDS = [
  'nhsNumber',
  'reference',
  'message',
  'partner',
  'actor',
  'kind',
  'since',
  'until',
] as const satisfies readonly (keyof LogSearch)[];

type Field = (typeof LOG_FIELDS)[number];
/** Longest name that is looked for. */
const LONGEST = 400;

/** Reads the search form: what is empty is not asked for. No problem repeats what was written. */
export function readLogSearch(form: URLSearchParams): {
  readonly search: LogSearch;
  readonly problems: readonly { readonly text: string; readonly href: string }[];
} {
  const filled = LOG_FIELDS.flatMap((field): [Field, string][] => {
    const text = (form.get(field) ?? '').trim();
    return text === '' ? [] : [[field, field === 'nhsNumber' ? text.replace(/[\s-]/g, '') : text]];
  });
  const problems = filled.flatMap(([field, text]) => {
    const problem = problemOf(field, text);
    return problem === undefined ? [] : [{ text: problem, href: `#${field}` }];
  });
  const named = filled.filter(([field]) => NAMES.includes(field));
  const several = named.length > 1 ? [{ text: ONE_NAME, href: `#${named[1]?.[0]}` }] : [];
  return { search: Object.fromEntries(filled), problems: [...problems, ...several] };
}

/** Each says by itself which referrals and messages are meant. */
const NAMES: readonly Field[] = ['nhsNumber', 'reference', 'message'];
const ONE_NAME = 'Look for one of NHS number, reference and message at a time.';

function problemOf(field: Field, text: string): string | undefined {
  if (field === 'nhsNumber') {
    const fault = nhsNumberFault(text);
    if (fault === undefined) return undefined;
    return fault === 'format'
      ? 'An NHS number has ten digits.'
      : 'This is no NHS number: its check digit is wrong. Look for a slip in it.';
  }
  if (field === 'since' || field === 'until') {
    return instantOf(text) === undefined
      ? 'Write a day or an instant in UTC, such as 2026-11-26 or 2026-11-26T09:00:00Z.'
      : undefined;
  }
  return text.length > LONGEST ? `At most ${LONGEST} characters are looked for.` : undefined;
}

function instantOf(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?)?$/.test(text)) return undefined;
  const at = new Date(text.length === 10 || text.endsWith('Z') ? text : `${text}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** Whom a search is about; undefined when it names nobody. */
export async function subjectsOf(
  { nhsNumber, reference, message }: LogSearch,
  store: Pick<Store, 'logSubjects'>,
): Promise<LogSubjects | undefined> {
  const name: LogName | undefined =
    nhsNumber !== undefined
      ? { patient: nhsNumber }
      : reference !== undefined
        ? { reference }
        : message !== undefined
          ? { message }
          : undefined;
  return name && store.logSubjects(name);
}

/** The search without its page. */
export function logQueryOf(search: LogSearch, about: LogSubjects | undefined): Omit<LogQuery, 'limit'> {
  const { partner, actor, kind } = search;
  const since = search.since === undefined ? undefined : instantOf(search.since);
  const until = search.until === undefined ? undefined : instantOf(search.until);
  return {
    ...(about !== undefined && { about }),
    ...(partner !== undefined && { partner }),
    ...(actor !== undefined && { actor }),
    ...(kind !== undefined && { kind }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

/** Which questions are asked, never with which values. */
export function criteriaOf(search: LogSearch): string {
  return LOG_FIELDS.filter((field) => search[field] !== undefined)
    .map((field) => (field === 'nhsNumber' ? 'patient' : field))
    .join(' ');
}

const WORDS: Readonly<Record<Field, string>> = {
  nhsNumber: 'NHS number',
  reference: 'reference',
  message: 'message',
  partner: 'partner',
  actor: 'done by',
  kind: 'kind',
  since: 'from',
  until: 'before',
};

/** The search as the page says it; the NHS number masked. */
export function logSearchInWords(search: LogSearch): string[] {
  return LOG_FIELDS.flatMap((field) => {
    const value = search[field];
    if (value === undefined) return [];
    const shown = field === 'nhsNumber' ? maskedValue('nhsNumber', value, { unmasked: false, roles: [] }).text : value;
    return [`${WORDS[field]} ${shown}`];
  });
}
