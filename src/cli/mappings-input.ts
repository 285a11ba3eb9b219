import { existsSync } from 'node:fs';
import type { LibraryMapping } from '../core/mapping/library.ts';
import { pairCases } from '../core/mapping/pair-cases.ts';
import type { MappingCase } from '../core/mapping/read-case.ts';
import { WrongUse } from './exit-code.ts';
import { sampleVariables } from './mappings-variables.ts';
import type { Workspace } from './mappings-workspace.ts';
import { readInputFile } from './read-sample.ts';

/** What a mapping is run on. */
export interface MappingInput {
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function casesOf({ path }: LibraryMapping, workspace: Workspace): readonly MappingCase[] {
  return pairCases(workspace.files).mappings.find(({ file }) => file === path)?.cases ?? [];
}

/** The input that a case of a mapping or a file holds. */
export function inputOf(what: string, found: LibraryMapping, workspace: Workspace): MappingInput {
  const { path, mapping } = found;
  const cases = casesOf(found, workspace);
  const named = path.replace('.map.yaml', `.${what}.case.yaml`);
  const one = cases.find(({ file }) => file === named || file.endsWith(`/${what}`) || file === what);
  if (one !== undefined) return { input: one.input, variables: one.variables };
  if (existsSync(what)) return { input: readInputFile(what, mapping.from), variables: sampleVariables(mapping.from) };
  const known = cases.map(({ file }) => file.slice(path.length - '.map.yaml'.length + 1, -'.case.yaml'.length));
  throw new WrongUse(`${what} is neither a file nor a case of ${mapping.name}. Its cases: ${known.join(', ')}.`);
}
