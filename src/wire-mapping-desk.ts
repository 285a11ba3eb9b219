/** Wires what the console's pages ask about mappings: the set in use, and a thread to try one in. */
import type { Library, LibraryDirectories } from './cli/read-library.ts';
import { tryMapping } from './cli/try-mapping.ts';
import type { MappingDesk } from './console/engine-desk.ts';
import { coverageOf } from './core/mapping/coverage.ts';
import { pairCases } from './core/mapping/pair-cases.ts';

interface MappingDeskGiven {
  /** The set in use now. */
  readonly library: () => Pick<Library, 'files' | 'mappings' | 'environment'>;
  readonly directories: LibraryDirectories;
  /** Names of the mappings that the configuration names. */
  readonly inUse: ReadonlySet<string>;
}

export function openMappingDesk({ library, directories, inUse }: MappingDeskGiven): MappingDesk {
  const casesOf = (path: string) => pairCases(library().files).mappings.find(({ file }) => file === path)?.cases ?? [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    mappings: () =>
      library().mappings.map(({ path, mapping }) => {
        const { name, version, digest, from, to, discloses } = mapping;
        return { name, version, digest, from, to, discloses, cases: casesOf(path).length, inUse: inUse.has(name) };
      }),
    coverage(name) {
      const { mappings, environment } = library();
      const found = mappings.find(({ mapping }) => mapping.name === name);
      return found && coverageOf(found.source, casesOf(found.path), environment);
    },
    tryMapping(name, text) {
      // One thread at a time: each holds all of the terminology, and the machine is the road's.
      const tried = last.then(() => tryMapping({ directories, name, text }));
      last = tried.catch(() => undefined);
      return tried;
    },
  };
}
