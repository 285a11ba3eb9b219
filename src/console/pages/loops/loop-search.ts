import { nhsNumberFault } from '../../../core/fhir/nhs-number.ts';
import { isEventKind, STATES, stateRow } from '../../../core/loop/states.ts';
import { NHS_NUMBER_SYSTEM } from '../../../core/referral.ts';
import type { LoopQuery } from '../../../ports-queries.ts';
import type { ConsolePartner } from '../../console-partner.ts';
import { maskedValue } from '../../mask/mask.ts';

/** What somebody looks for among the loops: as it stands in the form, and as the session keeps it. */
export interface LoopSearch {
  readonly nhsNumber?: string;
  readonly reference?: string;
  readonly practice?: string;
  readonly platform?: string;
  readonly state?: string;
  readonly status?: 'open' | 'closed' | 'late';
  /** Days in UTC, both included. */
  readonly from?: string;
  readonly to?: string;
  /** A code of a reason for the referral. */
  readonly need?: string;
}

export interface SearchProblem {
  readonly text: string;
  /** The field it is about. */
  readonly href: string;
}

type Field = keyof LoopSearch;
const FIELDS: readonly Field[] = [
  'nhsNumber',
  'reference',
  'practice',
  'platform',
  'state',
  'status',
  'from',
  'to',
  'need',
];
/** Longest name of a referral that is looked for. */
const LONGEST = 400;

/** Reads the search form: what is empty is not asked for. No problem repeats what was written. */
export function readLoopSearch(
  form: URLSearchParams,
  partners: readonly ConsolePartner[],
): { readonly search: LoopSearch; readonly problems: readonly SearchProblem[] } {
  const filled = FIELDS.flatMap((field): [Field, string][] => {
    const text = (form.get(field) ?? '').trim();
    return text === '' ? [] : [[field, field === 'nhsNumber' ? text.replace(/[\s-]/g, '') : text]];
  });
  const judge = JUDGES(partners);
  const problems = filled.flatMap(([field, text]) => {
    const problem = judge[field](text);
    return problem === undefined ? [] : [{ text: problem, href: `#${field}` }];
  });
  const search: LoopSearch = Object.fromEntries(filled);
  const isBackwards = search.from !== undefined && search.to !== undefined && search.to < search.from;
  const order = isBackwards ? [{ text: 'The last day must not be before the first.', href: '#to' }] : [];
  return { search, problems: [...problems, ...order] };
}

function JUDGES(partners: readonly ConsolePartner[]): Readonly<Record<Field, (text: string) => string | undefined>> {
  const oneOf = (kind: ConsolePartner['kind'], what: string) => (text: string) =>
    partners.some((one) => one.id === text && one.kind === kind) ? undefined : `Choose a ${what} from the list.`;
  const day = (text: string) => (isDay(text) ? undefined : 'Write a day as year-month-day, such as 2026-11-26.');
  return {
    nhsNumber: (text) => NHS_PROBLEMS[nhsNumberFault(text) ?? 'none'],
    reference: (text) => (text.length > LONGEST ? `A reference has at most ${LONGEST} characters.` : undefined),
    practice: oneOf('gp-system', 'practice'),
    platform: oneOf('vcse-platform', 'platform'),
    state: (text) => (isEventKind(text) ? undefined : 'Choose a state from the list.'),
    status: (text) => (STATUSES.some(({ value }) => value === text) ? undefined : 'Choose open, closed or late.'),
    from: day,
    to: day,
    need: (text) => (/^[\w.-]{1,60}$/.test(text) ? undefined : 'Write the code of the need alone, such as 160932005.'),
  };
}

const NHS_PROBLEMS = {
  none: undefined,
  format: 'An NHS number has ten digits.',
  'check-digit': 'This is no NHS number: its check digit is wrong. Look for a slip in it.',
} as const;

const STATUSES = [
  { value: 'open', text: 'Open' },
  { value: 'late', text: 'Late: something is overdue' },
  { value: 'closed', text: 'Closed' },
] as const;

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** A search as the record is asked for it. `partners`: all whose names for a referral count. */
export function loopQuery(
  { nhsNumber, reference, practice, platform, state, status, from, to, need }: LoopSearch,
  { now, partners }: { readonly now: Date; readonly partners: readonly string[] },
): Omit<LoopQuery, 'limit'> {
  const first = practice ?? platform;
  return {
    ...(nhsNumber !== undefined && { patient: `${NHS_NUMBER_SYSTEM}|${nhsNumber}` }),
    ...(reference !== undefined && { named: { value: reference, partners } }),
    ...(first !== undefined && { partner: first }),
    ...(practice !== undefined && platform !== undefined && { alsoPartner: platform }),
    ...(state !== undefined && { state }),
    ...(status !== undefined && { status: status === 'closed' ? 'closed' : 'open' }),
    ...(status === 'late' && { lateAt: now.toISOString() }),
    ...(from !== undefined && { openedFrom: `${from}T00:00:00.000Z` }),
    ...(to !== undefined && { openedBefore: dayAfter(to) }),
    ...(need !== undefined && { need }),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + 86_400_000).toISOString();
}

/** What was looked for, in words: of an NHS number only its end, of a reference nothing. */
export function searchInWords(search: LoopSearch, partners: readonly ConsolePartner[]): string[] {
  const { nhsNumber, reference, practice, platform, state, status, from, to, need } = search;
  const nameOf = (id: string) => partners.find((one) => one.id === id)?.name ?? id;
  const number = nhsNumber && maskedValue('nhsNumber', nhsNumber, { unmasked: false, roles: [] }).text;
  return [
    ...(number === undefined || number === '' ? [] : [`NHS number ${number}`]),
    ...(reference === undefined ? [] : ['a reference']),
    ...(practice === undefined ? [] : [`practice ${nameOf(practice)}`]),
    ...(platform === undefined ? [] : [`platform ${nameOf(platform)}`]),
    ...(state !== undefined && isEventKind(state) ? [`state ${stateRow(state).display}`] : []),
    ...(status === undefined ? [] : [status]),
    ...(from === undefined ? [] : [`opened on ${from} or later`]),
    ...(to === undefined ? [] : [`opened on ${to} or earlier`]),
    ...(need === undefined ? [] : [`need ${need}`]),
  ];
}

/**
 * What the search form shows. What may be patient data (number, reference) is not filled in again: pages are kept by browsers.
 * @param seen the partners that this account may ask for
 */
export function searchForm(search: LoopSearch, seen: readonly ConsolePartner[]) {
  const choices = (kind: ConsolePartner['kind'], chosen: string | undefined) =>
    seen.filter((one) => one.kind === kind).map(({ id, name }) => ({ value: id, text: name, chosen: id === chosen }));
  return {
    practices: choices('gp-system', search.practice),
    platforms: choices('vcse-platform', search.platform),
    states: STATES.map(({ kind, display }) => ({ value: kind, text: display, chosen: kind === search.state })),
    statuses: STATUSES.map((one) => ({ ...one, chosen: one.value === search.status })),
    from: search.from ?? '',
    to: search.to ?? '',
    need: search.need ?? '',
  };
}
