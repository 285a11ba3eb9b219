import { type CompiledMapping, type CompileEnvironment, compileMapping } from '../core/mapping/compile.ts';
import { findIn } from '../core/mapping/library.ts';
import type { MappingFunction } from '../core/mapping/mapping-functions.ts';
import { parseMapping } from '../core/mapping/parse.ts';
import type { MappingSource } from '../core/mapping/template.ts';
import type { KeptMapping } from '../core/message.ts';
import { FUNCTION_ENDING, loadFunctions } from './mappings-functions.ts';

export interface CompiledKept {
  readonly source: MappingSource;
  readonly mapping: CompiledMapping;
  /** What it was compiled with. */
  readonly environment: CompileEnvironment;
}

/**
 * Compiles a version of a mapping from what the record keeps of it, with the terminology of today.
 * Undefined when that does not give the very mapping that was kept: a program that reads it otherwise must not stand in.
 */
export async function compileKept(
  kept: KeptMapping,
  environment: CompileEnvironment,
): Promise<CompiledKept | undefined> {
  const [main] = kept.files;
  if (main === undefined) return undefined;
  const directory = `kept-${kept.digest.slice(0, 12)}`;
  const { source } = parseMapping(main.text, `${directory}/${main.file}`, findIn(kept.files, directory));
  if (source === undefined) return undefined;
  const own = { ...environment, functionFiles: await functionsOf(kept, environment) };
  const { mapping } = compileMapping(source, own);
  return mapping?.digest === kept.digest ? { source, mapping, environment: own } : undefined;
}

/** The functions of today where they are the same; others are loaded from their kept text. */
async function functionsOf(
  { files }: KeptMapping,
  { functionFiles = new Map() }: CompileEnvironment,
): Promise<ReadonlyMap<string, MappingFunction>> {
  const functions = files.filter(({ file }) => file.endsWith(FUNCTION_ENDING));
  const nameOf = (file: string): string => file.slice(0, -FUNCTION_ENDING.length);
  if (functions.every(({ file, text }) => functionFiles.get(nameOf(file))?.text === text)) return functionFiles;
  return (await loadFunctions(functions, 'kept')).functions;
}
