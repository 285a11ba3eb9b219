import type { StoredResource } from '../../core/referral.ts';
import type { ResourcePage, ResourceQuery, SearchCondition } from '../../ports-queries.ts';
import { integer } from '../rows/row.ts';
import { toResource } from '../rows/row-resource.ts';
import type { Parameters } from './named-parameters.ts';
import type { Asked } from './reading-pool.ts';
import { canLead, countLed, searchText } from './statements-search.ts';

/** Beyond this many rows it does not matter how many more a condition would name. */
const ENOUGH = 500;

/** One page of the referrer's resources that fulfil every condition, by last update; total counts all pages. */
export async function search(session: Asked, query: ResourceQuery): Promise<ResourcePage> {
  const text = searchText(query.where, await leadOf(session, query), query.after !== undefined);
  const parameters = { ...text.parameters, type: query.type, referrer: query.referrer };
  const [totalRow] = await session.all(text.total, parameters);
  const rows = await session.all(text.page, { ...parameters, ...afterOf(query.after), limit: query.limit + 1 });
  const resources = rows.slice(0, query.limit).map(toResource);
  const last = resources.at(-1);
  return {
    total: totalRow === undefined ? 0 : integer(totalRow, 'number'),
    resources,
    ...(rows.length > query.limit && last !== undefined ? { next: placeOf(last) } : {}),
  };
}

/** The condition that names the fewest rows goes first: statistics know a column's values, not which go together. */
async function leadOf(session: Asked, query: ResourceQuery): Promise<number | undefined> {
  let lead: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [index, condition] of query.where.entries()) {
    if (!canLead(condition)) continue;
    const number = await rowsNamedBy(session, query.type, condition);
    if (number < fewest) [lead, fewest] = [index, number];
  }
  return lead;
}

async function rowsNamedBy(session: Asked, type: string, condition: SearchCondition): Promise<number> {
  const { param, values } = condition;
  const [row] = await session.all(countLed(condition), { values, type, param, enough: ENOUGH });
  return row === undefined ? 0 : integer(row, 'number');
}

function placeOf({ lastUpdated, id }: StoredResource): string {
  return `${lastUpdated}|${id}`;
}

/** A place that is not one of ours reads as the beginning: ids and instants hold no `|`. */
function afterOf(after: string | undefined): Parameters {
  if (after === undefined) return {};
  const [afterUpdated = '', afterId = ''] = after.split('|');
  return { afterUpdated, afterId };
}
