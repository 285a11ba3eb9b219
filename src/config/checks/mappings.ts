import { dirname, resolve } from 'node:path';
import { didYouMean } from '../did-you-mean.ts';
import type { ConfigIo } from '../io.ts';
import { MAPPING_SUFFIX } from '../library.ts';
import { errorAt, type Problem } from '../problem.ts';
import { field, isSection, items, type Spot, textOf } from '../spot.ts';

/** The directories exist, and every mapping that a partner names is a file in them. */
export function mappingProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
  const listing = (key: 'mappings' | 'terminology') =>
    io.list(resolve(dirname(file), textOf(field(root, 'engine', key)) ?? `./${key}`));
  const files = listing('mappings');
  const problems =
    listing('terminology') === undefined ? [errorAt(['engine', 'terminology'], noDirectory('terminology'))] : [];
  if (files === undefined) return [...problems, errorAt(['engine', 'mappings'], noDirectory('mappings'))];
  const known = files
    .filter((name) => name.endsWith(MAPPING_SUFFIX))
    .map((name) => name.slice(0, -MAPPING_SUFFIX.length));
  const unknown = namedMappings(root).flatMap((spot) => {
    const name = textOf(spot);
    return name === undefined || known.includes(name) ? [] : [errorAt(spot.path, unknownMapping(name, known))];
  });
  return [...problems, ...unknown];
}

function namedMappings(root: Spot): Spot[] {
  return items(field(root, 'partners')).flatMap((partner) => [
    ...items(field(partner, 'inlets')).flatMap((inlet) => [field(inlet, 'mapping'), ...mappingsOf(inlet)]),
    ...items(field(partner, 'outlets')).flatMap(mappingsOf),
  ]);
}

/** Those that a door names by purpose or by event. */
function mappingsOf(door: Spot): Spot[] {
  const { value } = field(door, 'mappings');
  return isSection(value) ? Object.keys(value).map((name) => field(door, 'mappings', name)) : [];
}

function noDirectory(key: string) {
  return {
    rule: 'config/unreadable-directory',
    message: `There is no directory for \`${key}\` (paths are taken from where this file stands).`,
    remedy: `Make the directory, or set \`engine.${key}\` to where it is.`,
  };
}

function unknownMapping(name: string, known: readonly string[]) {
  return {
    rule: 'config/unknown-mapping',
    message: `There is no mapping "${name}".${didYouMean(name, known)}`,
    remedy: `Add the file ${name}${MAPPING_SUFFIX} to the mappings directory, or name one that is there.`,
  };
}
