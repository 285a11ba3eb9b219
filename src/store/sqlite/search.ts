import type { StoredResource } from '../../core/referral.ts';
import type { ResourcePage, ResourceQuery, SearchCondition } from '../../ports-queries.ts';
import { type Bindings, integer } from '../rows/row.ts';
import { toResource } from '../rows/row-resource.ts';
import type { Connection } from './connection.ts';
import { canLead, countLed, searchText } from './statements-search.ts';

/** Beyond this many rows it does not matter how many more a condition would name. */
const ENOUGH = 500;

/** One page of the referrer's resources that fulfil every condition, by last update; total counts all pages. */
export function search(connection: Connection, query: ResourceQuery): ResourcePage {
  const text = searchText(query.where, leadOf(connection, query), query.after !== undefined);
  const bindings: Bindings = { ...text.bindings, type: query.type, referrer: query.referrer };
  const totalRow = connection.all(text.total, bindings)[0];
  const rows = connection.all(text.page, { ...bindings, ...afterOf(query.after), limit: query.limit + 1 });
  const resources = rows.slice(0, query.limit).map(toResource);
  const last = resources.at(-1);
  return {
    total: totalRow === undefined ? 0 : integer(totalRow, 'number'),
    resources,
    ...(rows.length > query.limit && last !== undefined ? { next: placeOf(last) } : {}),
  };
}

/** The condition that names the fewest rows goes first; SQLite cannot know which without statistics. */
export function leadOf(connection: Connection, query: ResourceQuery): number | undefined {
  let lead: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  query.where.forEach((condition, index) => {
    const number = canLead(condition) ? rowsNamedBy(connection, query.type, condition) : Number.POSITIVE_INFINITY;
    if (number < fewest) [lead, fewest] = [index, number];
  });
  return lead;
}

function rowsNamedBy(connection: Connection, type: string, condition: SearchCondition): number {
  const values = JSON.stringify(condition.values);
  const { param } = condition;
  const bindings = param === '_id' ? { values } : { values, type, param, enough: ENOUGH };
  const row = connection.all(countLed(condition), bindings)[0];
  return row === undefined ? 0 : integer(row, 'number');
}

function placeOf({ lastUpdated, id }: StoredResource): string {
  return `${lastUpdated}|${id}`;
}

/** A place that is not one of ours reads as the beginning: ids and instants hold no `|`. */
function afterOf(after: string | undefined): Bindings {
  if (after === undefined) return {};
  const [afterUpdated = '', afterId = ''] = after.split('|');
  return { afterUpdated, afterId };
}
