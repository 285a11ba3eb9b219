import type { SearchEntry, StoredResource } from '../../core/referral.ts';
import type { Bindings } from '../rows/row.ts';
import { fromResource, fromSearchEntry } from '../rows/row-resource.ts';
import { searchChanges } from '../rows/search-changes.ts';
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

/** A version to be written, and what the one before it was found by. */
export interface NextVersion {
  readonly next: StoredResource;
  readonly former: readonly SearchEntry[];
}

/** One statement handles each resource once: where a list has several versions of one, they are written in several rounds. */
export function writeResources(versions: readonly NextVersion[]): Statement[] {
  return rounds(versions).flatMap((round) => {
    const resources = round.map(({ next }) => next);
    const replaced = resources.filter(({ version }) => version > 1);
    const changed = round.map(({ next, former }) => ({ next, ...searchChanges(former, next.index) }));
    return [
      ...rowsOf(
        KEEP_FORMER_VERSIONS,
        replaced.map(({ type, id }) => ({ type, id })),
      ),
      ...rowsOf(
        DELETE_SEARCH_ENTRIES,
        changed.flatMap(({ next, gone }) => gone.map((entry) => fromSearchEntry(next, entry))),
      ),
      ...rowsOf(REPLACE_RESOURCES, replaced.map(fromResource)),
      ...rowsOf(INSERT_RESOURCES, resources.filter(({ version }) => version === 1).map(fromResource)),
      ...rowsOf(
        INSERT_SEARCH_ENTRIES,
        changed.flatMap(({ next, come }) => come.map((entry) => fromSearchEntry(next, entry))),
      ),
    ];
  });
}

function rowsOf(sql: string, rows: readonly Bindings[]): Statement[] {
  return rows.length === 0 ? [] : [{ sql, parameters: { rows: asRows(rows) } }];
}

function rounds(versions: readonly NextVersion[]): NextVersion[][] {
  const found: NextVersion[][] = [];
  const times = new Map<string, number>();
  for (const version of versions) {
    const name = resourceName(version.next);
    const round = times.get(name) ?? 0;
    times.set(name, round + 1);
    const list = found[round] ?? [];
    list.push(version);
    found[round] = list;
  }
  return found;
}
