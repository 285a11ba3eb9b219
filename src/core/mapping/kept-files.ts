import type { KeptMapping } from '../message.ts';
import type { CompileEnvironment } from './compile.ts';
import type { LibraryMapping } from './library.ts';

interface Below {
  /** The mappings directory as the sources' files name it. */
  readonly directory: string;
  readonly environment: Pick<CompileEnvironment, 'functionFiles'>;
  /** How the file of a function ends. */
  readonly functionEnding: string;
}

/** A mapping with everything that it is made of, so that exactly it can be run again when its files are others. */
export function keptFiles({ source, path }: LibraryMapping, below: Below): KeptMapping['files'] {
  const relative = (file: string): string => file.slice(below.directory.length + 1);
  const beside = [...source.parts, ...(source.schema === undefined ? [] : [source.schema])];
  const directory = source.name.slice(0, source.name.lastIndexOf('/') + 1);
  return [
    { file: path, text: source.text },
    ...beside.map(({ file, text }) => ({ file: relative(file), text })),
    ...source.functions.map(({ name }) => ({
      file: `${directory}${name}${below.functionEnding}`,
      text: below.environment.functionFiles?.get(directory + name)?.text ?? '',
    })),
  ];
}
