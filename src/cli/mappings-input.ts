import { readFileSync } from 'node:fs';
import { inputOfFile } from '../core/mapping/input-file.ts';
import type { LibraryMapping } from '../core/mapping/library.ts';
import { pairCases } from '../core/mapping/pair-cases.ts';
import type { MappingCase } from '../core/mapping/read-case.ts';
import { WrongUse } from './exit-code.ts';
import { sampleVariables } from './mappings-variables.ts';
import type { Workspace } from './mappings-workspace.ts';

/** What a mapping is run on. */
export interface MappingInput {
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function casesOf({ path }: LibraryMapping, workspace: Workspace): readonly MappingCase[] {
  return pairCases(workspace.files).mappings.find(({ file }) => file === path)?.cases ?? [];
}

/** The input that a case of a mapping or a file (JSON, HL7 v2) holds. */
export function inputOf(what: string, found: LibraryMapping, workspace: Workspace): MappingInput {
  const { path, mapping } = found;
  const cases = casesOf(found, workspace);
  const named = path.replace('.map.yaml', `.${what}.case.yaml`);
  const one = cases.find(({ file }) => file === named || file.endsWith(`/${what}`) || file === what);
  if (one !== undefined) return { input: one.input, variables: one.variables };
  const input = inputIn(what);
  if (input !== undefined) return { input, variables: sampleVariables(mapping.from) };
  const known = cases.map(({ file }) => file.slice(path.length - '.map.yaml'.length + 1, -'.case.yaml'.length));
  throw new WrongUse(
    `${what} is neither a file with JSON or HL7 v2 nor a case of ${mapping.name}. Its cases: ${known.join(', ')}.`,
  );
}

function inputIn(file: string): unknown {
  try {
    return inputOfFile(file, readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
