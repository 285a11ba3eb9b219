import { join } from 'node:path';
import type { ConfigIo } from './io.ts';

/** How the file of a mapping ends; what stands before it, below the mappings directory, is the mapping's name. */
export const MAPPING_SUFFIX = '.map.yaml';

export interface LibraryFile {
  /** Where it was read from, for findings. */
  readonly file: string;
  readonly text: string;
  /** Terminology below `partners/<partner>`: whose own decisions it holds. */
  readonly partner?: string;
}

/** Everything that is written down beside the configuration, as raw text: compiling it is not this part's business. */
export interface Library {
  readonly mappings: readonly LibraryFile[];
  readonly terminology: readonly LibraryFile[];
}

/**
 * Reads all mappings and all terminology, in the order of their names.
 * A file that goes away while it is read is left out; `readConfig` has already said which named mappings must exist.
 */
export function loadLibrary(
  directories: { readonly mappings: string; readonly terminology: string },
  io: Pick<ConfigIo, 'list' | 'readFile'>,
): Library {
  return {
    mappings: filesEnding(MAPPING_SUFFIX, directories.mappings, io).map(({ file, text }) => ({ file, text })),
    terminology: filesEnding('.json', directories.terminology, io).map(withPartner),
  };
}

/** Every file that the compiling of mappings may look at, by its path below the directory; undefined when there is none. */
export function loadMappingFiles(
  directory: string,
  io: Pick<ConfigIo, 'list' | 'readFile'>,
): readonly LibraryFile[] | undefined {
  return io
    .list(directory)
    ?.filter((name) => /[.](ya?ml|json|hl7|fn[.]ts|fn[.]js)$/.test(name))
    .sort()
    .flatMap((file) => {
      const text = io.readFile(join(directory, file));
      return text === undefined ? [] : [{ file, text }];
    });
}

/** Some editors put a byte order mark at the beginning: it says nothing, and every reader would have to pass it over. */
function withPartner({ name, file: path, text }: LibraryFile & { readonly name: string }): LibraryFile {
  const file = { file: path, text: text.replace(/^\uFEFF/, '') };
  const partner = /^partners[\\/]([^\\/]+)[\\/]/.exec(name)?.[1];
  return partner === undefined ? file : { ...file, partner };
}

/** Instruments and their worked examples, below `instruments/` of the terminology directory, in the order of their names. */
export function loadInstrumentFiles(terminology: string, io: Pick<ConfigIo, 'list' | 'readFile'>): LibraryFile[] {
  const directory = join(terminology, 'instruments');
  return filesEnding('.yaml', directory, io).map(({ file, text }) => ({ file, text: text.replace(/^\uFEFF/, '') }));
}

function filesEnding(
  ending: string,
  directory: string,
  io: Pick<ConfigIo, 'list' | 'readFile'>,
): (LibraryFile & { readonly name: string })[] {
  const names = (io.list(directory) ?? []).filter((name) => name.endsWith(ending));
  return [...names].sort().flatMap((name) => {
    const file = join(directory, name);
    const text = io.readFile(file);
    return text === undefined ? [] : [{ file, text, name }];
  });
}
