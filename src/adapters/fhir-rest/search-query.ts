import type { Finding } from '../../core/finding.ts';
import type { SearchCondition } from '../../ports-queries.ts';
import type { Include, ResourceRow, SearchParam } from './resource-table.ts';
import { searchFinding } from './search-findings.ts';
import { readDate, readReferences, readTokens, splitValues } from './search-values.ts';

/** A search as it will be done. */
export interface SearchPlan {
  readonly where: readonly SearchCondition[];
  readonly includes: readonly Include[];
  readonly count: number;
  readonly withTotal: boolean;
  /** What was asked and not done: warnings that travel in the answer (R4 search §3.1.1.1). */
  readonly ignored: readonly Finding[];
  /** The parameters that were followed, as the self link repeats them. */
  readonly applied: readonly Pair[];
}

export type SearchReading =
  | { readonly kind: 'plan'; readonly plan: SearchPlan }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

export type Pair = readonly [name: string, value: string];

interface SearchSettings {
  readonly baseUrl: string;
  readonly pageSize: number;
  readonly maxPageSize: number;
  /** `Prefer: handling=strict`. */
  readonly strict: boolean;
}

/** What one parameter came to. */
interface Part {
  readonly where?: readonly SearchCondition[];
  readonly include?: Include;
  readonly count?: number;
  readonly withTotal?: boolean;
  readonly fault?: Finding;
  readonly ignored?: Finding;
}

const MAX_PAIRS = 50;
const MAX_VALUES = 200;
/** Understood elsewhere, or asking for what is done anyway. */
const SILENT = new Set(['_format', '_pretty']);

/**
 * Reads the parameters of a search: within one, a comma means or; repeated, they mean and (R4 search §3.1.1.4.17).
 * Faults refuse the search, all at once; unknown parameters are ignored with a warning, or refused when `strict`.
 */
export function readSearch(row: ResourceRow, pairs: readonly Pair[], settings: SearchSettings): SearchReading {
  if (pairs.length > MAX_PAIRS) return { kind: 'refused', findings: [searchFinding('too-many', '')] };
  const read = pairs
    .filter(([name]) => !SILENT.has(name))
    .map((pair) => ({ pair, part: readPair(row, pair, settings) }));
  const parts = read.map(({ part }) => part);
  const faults = parts.flatMap(({ fault }) => fault ?? []);
  const ignored = parts.flatMap((part) => part.ignored ?? []);
  if (settings.strict) faults.push(...ignored.map((finding): Finding => ({ ...finding, severity: 'error' })));
  if (faults.length > 0) return { kind: 'refused', findings: faults };
  const count = parts.findLast((part) => part.count !== undefined)?.count ?? settings.pageSize;
  return {
    kind: 'plan',
    plan: {
      where: parts.flatMap((part) => part.where ?? []),
      includes: parts.flatMap(({ include }) => include ?? []),
      count: Math.min(count, settings.maxPageSize),
      withTotal: parts.every((part) => part.withTotal !== false),
      ignored,
      applied: read.filter(({ part }) => part.ignored === undefined).map(({ pair }) => pair),
    },
  };
}

function readPair(row: ResourceRow, [name, text]: Pair, settings: SearchSettings): Part {
  const values = splitValues(text);
  if (values.length === 0) return { ignored: searchFinding('empty', name, 'warning') };
  if (values.length > MAX_VALUES) return { fault: searchFinding('too-many', name) };
  switch (name) {
    case '_count':
      return /^\d{1,9}$/.test(text) ? { count: Number(text) } : { fault: searchFinding('count', name) };
    case '_total':
      return ['none', 'estimate', 'accurate'].includes(text) ? { withTotal: text !== 'none' } : ignore(name);
    case '_summary':
      return text === 'count' ? { count: 0 } : text === 'false' ? {} : ignore(name);
    case '_sort':
      return text === '_lastUpdated' ? {} : ignore(name);
    case '_include':
      return readInclude(row, text);
    default:
      return readFilter(row, name, values, settings);
  }
}

/** `Task:focus` or, with the target's type, `Task:focus:ServiceRequest`. */
function readInclude(row: ResourceRow, text: string): Part {
  const [type, name] = text.split(':');
  const include = type === row.type ? row.includes.find((offered) => offered.name === name) : undefined;
  return include === undefined ? { ignored: searchFinding('include', '_include', 'warning') } : { include };
}

function readFilter(row: ResourceRow, full: string, values: readonly string[], settings: SearchSettings): Part {
  const [name = '', modifier, ...rest] = (full === 'patient:identifier' ? 'patient.identifier' : full).split(':');
  const param = row.params.find((offered) => offered.name === name);
  // R4 search §3.1.1.4: a modifier that is not supported is refused, never ignored. That holds for what is known at all.
  if (param === undefined) return name === '_include' ? { fault: searchFinding('modifier', full) } : ignore(full);
  if (rest.length > 0) return { fault: searchFinding('modifier', full) };
  if (modifier === 'missing') return readMissing(param, values);
  // A reference is also stored under the identifiers of what it names.
  if (modifier === 'identifier' && param.kind === 'reference') return partOf(readTokens(param, values));
  if (modifier !== undefined && !param.targets?.includes(modifier)) return { fault: searchFinding('modifier', full) };
  return partOf(
    readValues(param, values, { baseUrl: settings.baseUrl, ...(modifier !== undefined && { type: modifier }) }),
  );
}

function partOf(read: readonly SearchCondition[] | Finding): Part {
  return 'severity' in read ? { fault: read } : { where: read };
}

function readValues(
  param: SearchParam,
  values: readonly string[],
  given: { readonly type?: string; readonly baseUrl: string },
) {
  if (param.kind === 'date') return readDate(param, values);
  return param.kind === 'reference' ? readReferences(param, values, given) : readTokens(param, values);
}

/** `owner:missing=true` */
function readMissing(param: SearchParam, values: readonly string[]): Part {
  const [value, ...more] = values;
  if (more.length > 0 || (value !== 'true' && value !== 'false'))
    return { fault: searchFinding('boolean', `${param.name}:missing`) };
  return { where: [{ param: param.name, values: [], compare: value === 'true' ? 'missing' : 'present' }] };
}

function ignore(name: string): Part {
  return { ignored: searchFinding('unknown-parameter', name, 'warning') };
}
