import { canonicalSystem, restfulUrl } from '../../core/fhir/references.ts';
import type { Finding } from '../../core/finding.ts';
import type { SearchCondition } from '../../ports-queries.ts';
import type { SearchParam } from './resource-table.ts';
import { searchFinding } from './search-findings.ts';

type Read = readonly SearchCondition[] | Finding;

const ID = /^[A-Za-z0-9.-]{1,64}$/;
const TYPED_ID = /^[A-Z][A-Za-z]*\/[A-Za-z0-9.-]{1,64}$/;

/** Splits at unescaped commas (R4 search §3.1.1.4.1); the parts stay escaped. */
export function splitValues(text: string): string[] {
  return splitUnescaped(text, ',').filter((part) => part !== '');
}

/** `system|code`, `|code` (no system) or `code` (whatever system). All values of one list must be of one kind. */
export function readTokens(param: SearchParam, values: readonly string[]): Read {
  const tokens = values.map((value) => withoutImplied(param, splitUnescaped(value, '|').map(unescapeValue)));
  if (tokens.some((parts) => parts.length > 2 || parts.at(-1) === '')) return searchFinding('token', param.name);
  const bare = tokens.filter((parts) => parts.length === 1).length;
  if (bare !== 0 && bare !== tokens.length) return searchFinding('mixed', param.name);
  const [compare, shape] =
    bare === 0 || param.name === '_id' ? (['equal', tokenWithSystem] as const) : (['code', codeAlone] as const);
  return [{ param: param.name, compare, values: tokens.map(shape) }];
}

/** `Type/id`, an id alone (any of the parameter's types) or the url of a resource here. `type` is the modifier's. */
export function readReferences(
  param: SearchParam,
  values: readonly string[],
  given: { readonly type?: string; readonly baseUrl: string },
): Read {
  const found: string[] = [];
  for (const value of values.map(unescapeValue)) {
    const targets = given.type === undefined ? (param.targets ?? []) : [given.type];
    const local = localReference(value, given.baseUrl);
    if (local !== undefined) found.push(local);
    else if (ID.test(value) && targets.length > 0) found.push(...targets.map((target) => `${target}/${value}`));
    else return searchFinding('reference', param.name);
  }
  return [{ param: param.name, compare: 'equal', values: found }];
}

/** `ge2026-11-21`: a date is a range (R4 search §3.1.1.4.9), and what is searched is an instant within it or not. */
export function readDate(param: SearchParam, values: readonly string[]): Read {
  const [value, ...more] = values.map(unescapeValue);
  const parts = /^(eq|ge|gt|le|lt|sa|eb)?(.*)$/.exec(value ?? '');
  const range = more.length > 0 ? undefined : dateRange(parts?.[2] ?? '');
  if (range === undefined) return searchFinding('date', param.name);
  const [from, until] = range;
  const on = (compare: SearchCondition['compare'], instant: string) => ({
    param: param.name,
    compare,
    values: [instant],
  });
  switch (parts?.[1] ?? 'eq') {
    case 'ge':
      return [on('ge', from)];
    case 'gt':
    case 'sa':
      return [on('ge', until)];
    case 'le':
      return [on('lt', until)];
    case 'lt':
    case 'eb':
      return [on('lt', from)];
    default:
      return [on('ge', from), on('lt', until)];
  }
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+ -]\d{2}:\d{2})?)?)?)?$/;

/** First instant within and first instant after what is written, in UTC. Without an offset it is meant in UTC. */
function dateRange(text: string): readonly [string, string] | undefined {
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [, year = '', month, day, minute, second, fraction, offset = 'Z'] = parts;
  // A `+` that the caller did not escape arrives as a space.
  const zone = offset.replace(' ', '+');
  const millis = (fraction ?? '').padEnd(3, '0').slice(0, 3);
  const from = new Date(
    `${year}-${month ?? '01'}-${day ?? '01'}T${minute ?? '00:00'}:${second ?? '00'}.${millis}${zone}`,
  );
  if (Number.isNaN(from.getTime()) || !isRealDay(year, month, day)) return undefined;
  const until = new Date(from);
  if (month === undefined) until.setUTCFullYear(until.getUTCFullYear() + 1);
  else if (day === undefined) until.setUTCMonth(until.getUTCMonth() + 1);
  else until.setTime(until.getTime() + stepMs({ minute, second, fraction }));
  if (Number.isNaN(until.getTime()) || until.getUTCFullYear() > 9999) return undefined;
  return [from.toISOString(), until.toISOString()];
}

function stepMs(said: {
  minute: string | undefined;
  second: string | undefined;
  fraction: string | undefined;
}): number {
  if (said.minute === undefined) return 24 * 3_600_000;
  if (said.second === undefined) return 60_000;
  return said.fraction === undefined ? 1_000 : Math.max(1, 10 ** (3 - said.fraction.length));
}

/** Date takes the 31st of February for the 3rd of March. */
function isRealDay(year: string, month = '01', day = '01'): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}

/** What is stored for such an element is the code alone. */
function withoutImplied({ impliedSystem }: SearchParam, parts: string[]): string[] {
  return parts.length === 2 && impliedSystem !== undefined && parts[0] === impliedSystem ? parts.slice(1) : parts;
}

function tokenWithSystem(parts: readonly string[]): string {
  const [first = '', second] = parts;
  return second === undefined ? first : `${canonicalSystem(first)}|${second}`;
}

function codeAlone(parts: readonly string[]): string {
  return parts[0] ?? '';
}

function localReference(value: string, baseUrl: string): string | undefined {
  if (TYPED_ID.test(value)) return value;
  const url = restfulUrl(value);
  return url !== undefined && url.base === `${baseUrl}/` ? url.typeId : undefined;
}

function splitUnescaped(text: string, separator: ',' | '|'): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (piece === separator) parts.push('');
    else parts.push((parts.pop() ?? '') + piece);
  }
  return parts;
}

function unescapeValue(text: string): string {
  return text.replaceAll(/\\([\\,|$])/g, '$1');
}
