import { type Finding, hasErrors } from '../finding.ts';
import { type CompiledMapping, type CompileEnvironment, compileMapping } from './compile.ts';
import type { MappingFile } from './pair-cases.ts';
import { parseMapping } from './parse.ts';
import { MAP_SUFFIX } from './read-base.ts';
import { type FindBeside, PART_SUFFIX } from './read-fragment.ts';
import type { MappingSource } from './template.ts';

export interface LibraryMapping {
  /** Path below the mappings directory. */
  readonly path: string;
  readonly source: MappingSource;
  readonly mapping: CompiledMapping;
}

interface MappingLibrary {
  /** Those that have no error, in the order of their paths. */
  readonly mappings: readonly LibraryMapping[];
  readonly findings: readonly Finding[];
}

/**
 * Compiles every mapping of a directory with the fragments, schemas and functions beside them.
 * @param files all files below the directory, by their path in it
 * @param directory how people know the directory (`mappings`): findings name files below it
 * @param wanted by name, when not all are; then nothing is said of fragments that none of them includes
 */
export function compileLibrary(
  files: readonly MappingFile[],
  directory: string,
  environment: CompileEnvironment,
  wanted?: (name: string) => boolean,
): MappingLibrary {
  const find = findIn(files, directory);
  const findings: Finding[] = [];
  const sources: MappingSource[] = [];
  const mappings = files
    .filter(({ file }) => file.endsWith(MAP_SUFFIX) && wanted?.(file.slice(0, -MAP_SUFFIX.length)) !== false)
    .flatMap(({ file, text }): LibraryMapping[] => {
      const parsed = parseMapping(text, `${directory}/${file}`, find);
      findings.push(...parsed.findings);
      const { source } = parsed;
      if (source === undefined) return [];
      sources.push(source);
      const compiled = compileMapping(source, environment);
      findings.push(...compiled.findings);
      return compiled.mapping === undefined ? [] : [{ path: file, source, mapping: compiled.mapping }];
    });
  if (wanted === undefined && !hasErrors(findings)) findings.push(...unusedParts(files, directory, sources));
  return { mappings, findings: withoutRepeated(findings) };
}

/** Finds files by their path below the mappings directory. */
export function findIn(files: readonly MappingFile[], directory: string): FindBeside {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  return (path) => {
    const text = texts.get(path);
    return text === undefined ? undefined : { file: `${directory}/${path}`, text };
  };
}

/** A fragment that nothing includes has been checked by nobody. */
function unusedParts(files: readonly MappingFile[], directory: string, sources: readonly MappingSource[]): Finding[] {
  const used = new Set(sources.flatMap(({ parts }) => parts.map(({ file }) => file)));
  return files
    .map(({ file }) => `${directory}/${file}`)
    .filter((file) => file.endsWith(PART_SUFFIX) && !used.has(file))
    .map((file) => ({
      severity: 'warning',
      rule: 'mapping/unused-part',
      place: { file },
      message: 'No mapping includes this fragment, so nothing in it is checked.',
      remedy: 'Include it, or remove it.',
      issue: 'informational',
    }));
}

/** What is wrong in a fragment is found by every mapping that includes it. */
function withoutRepeated(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = JSON.stringify([finding.rule, finding.place, finding.message]);
    return !seen.has(key) && seen.add(key);
  });
}
