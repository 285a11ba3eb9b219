import type { SearchCondition } from '../../ports-queries.ts';
import type { Parameters } from './named-parameters.ts';

/**
 * A search is composed from these fragments only; every value is bound. `_id` and `_lastUpdated` are columns of
 * resource; every other parameter stands in resource_search.
 *
 * One condition leads: the rows that fulfil it are looked up by index, and the others are tested on each of them.
 * Without a leading condition the page is read straight from the referrer's own rows, which lie in page order.
 */

interface SearchText {
  readonly page: string;
  readonly total: string;
  readonly parameters: Parameters;
}

const COMPARISONS = { ge: '>=', gt: '>', le: '<=', lt: '<' } as const;

/** Can this condition name its rows by an index? */
export function canLead(condition: SearchCondition): boolean {
  return (condition.compare === 'equal' || condition.compare === 'code') && condition.param !== '_lastUpdated';
}

/** How many rows a leading condition would name, counted up to `:enough`. */
export function countLed(condition: SearchCondition): string {
  if (condition.param === '_id') return 'select cardinality(:values::text[]) as number';
  return `select count(*) as number from (select 1 from resource_search s where s.type = :type and s.param = :param
    and ${isOneOf(condition, ':values')} limit :enough) led`;
}

export function searchText(
  conditions: readonly SearchCondition[],
  lead: number | undefined,
  after: boolean,
): SearchText {
  const leader = lead === undefined ? undefined : conditions[lead];
  const source = leader === undefined || lead === undefined ? 'resource r' : led(leader, lead);
  const tests = conditions.flatMap((condition, index) => (index === lead ? [] : [tested(condition, index)]));
  const where = ['r.type = :type and r.referrer = :referrer', ...tests].join('\n  and ');
  const on = after ? '\n  and (r.last_updated, r.id) > (:afterUpdated, :afterId)' : '';
  return {
    page: `select r.* from ${source} where ${where}${on}\norder by r.last_updated, r.id limit :limit`,
    total: `select count(*) as number from ${source} where ${where}`,
    parameters: Object.assign({}, ...conditions.map(parametersOf)),
  };
}

/** `lateral` with `offset 0` fixes the order: first the ids that the condition names, then the row of each. */
function led(condition: SearchCondition, index: number): string {
  const named =
    condition.param === '_id'
      ? `select distinct id from unnest(:values${index}::text[]) as v (id)`
      : `select distinct s.id from resource_search s where s.type = :type and s.param = :param${index}
    and ${isOneOf(condition, `:values${index}`)}`;
  return `(${named}) l cross join lateral (select * from resource o where o.type = :type and o.id = l.id offset 0) r`;
}

function tested(condition: SearchCondition, index: number): string {
  const own = ownColumn(condition.param);
  if (own !== undefined) return testedColumn(own, condition, index);
  const entry = `select 1 from resource_search s where s.type = r.type and s.id = r.id and s.param = :param${index}`;
  switch (condition.compare) {
    case 'missing':
      return `not exists (${entry})`;
    case 'present':
      return `exists (${entry})`;
    case 'equal':
    case 'code':
      return `exists (${entry} and ${column(condition)} = any(:values${index}))`;
    default:
      return `exists (${entry} and s.value ${COMPARISONS[condition.compare]} any(:values${index}))`;
  }
}

function testedColumn(own: string, condition: SearchCondition, index: number): string {
  switch (condition.compare) {
    case 'missing':
      return 'false';
    case 'present':
      return 'true';
    case 'equal':
    case 'code':
      return `${own} = any(:values${index})`;
    default:
      return `${own} ${COMPARISONS[condition.compare]} any(:values${index})`;
  }
}

function ownColumn(param: string): string | undefined {
  if (param === '_id') return 'r.id';
  return param === '_lastUpdated' ? 'r.last_updated' : undefined;
}

function column(condition: SearchCondition): string {
  return condition.compare === 'code' ? 's.code' : 's.value';
}

/** By what the index holds of it, and then by the whole of it. */
function isOneOf(condition: SearchCondition, values: string): string {
  const whole = column(condition);
  return `short(${whole}) = any(array(select short(v) from unnest(${values}::text[]) v)) and ${whole} = any(${values}::text[])`;
}

function parametersOf(condition: SearchCondition, index: number): Parameters {
  const own = ownColumn(condition.param) !== undefined;
  const valued = condition.compare !== 'missing' && condition.compare !== 'present';
  return {
    ...(own ? {} : { [`param${index}`]: condition.param }),
    ...(valued ? { [`values${index}`]: condition.values } : {}),
  };
}
