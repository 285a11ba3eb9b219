import type { StoredResource } from '../../core/referral.ts';
import { fromResource, fromSearchEntry } from '../rows/row-resource.ts';
import { resourceName } from './facts.ts';
import { asRows } from './named-parameters.ts';
import type { Statement } from './session.ts';
import {
  DELETE_SEARCH_ENTRIES,
  INSERT_RESOURCES,
  INSERT_SEARCH_ENTRIES,
  KEEP_FORMER_VERSIONS,
  REPLACE_RESOURCES,
} from './statements-resource.ts';

/** One statement handles each resource once: where a list has several versions of one, they are written in several rounds. */
export function writeResources(resources: readonly StoredResource[]): Statement[] {
  return rounds(resources).flatMap((round) => {
    const made = round.filter(({ version }) => version === 1);
    const replaced = round.filter(({ version }) => version > 1);
    const names = { rows: asRows(replaced.map(({ type, id }) => ({ type, id }))) };
    const entries = round.flatMap((one) => one.index.map((entry) => fromSearchEntry(one, entry)));
    return [
      ...(replaced.length === 0 ? [] : [{ sql: KEEP_FORMER_VERSIONS, parameters: names }]),
      ...(replaced.length === 0 ? [] : [{ sql: DELETE_SEARCH_ENTRIES, parameters: names }]),
      ...rowsOf(REPLACE_RESOURCES, replaced),
      ...rowsOf(INSERT_RESOURCES, made),
      ...(entries.length === 0 ? [] : [{ sql: INSERT_SEARCH_ENTRIES, parameters: { rows: asRows(entries) } }]),
    ];
  });
}

function rowsOf(sql: string, resources: readonly StoredResource[]): Statement[] {
  return resources.length === 0 ? [] : [{ sql, parameters: { rows: asRows(resources.map(fromResource)) } }];
}

function rounds(resources: readonly StoredResource[]): StoredResource[][] {
  const found: StoredResource[][] = [];
  const times = new Map<string, number>();
  for (const resource of resources) {
    const name = resourceName(resource);
    const round = times.get(name) ?? 0;
    times.set(name, round + 1);
    const list = found[round] ?? [];
    list.push(resource);
    found[round] = list;
  }
  return found;
}
