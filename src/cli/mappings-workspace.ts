import { Command } from 'commander';
import { loadR4Model } from '../adapters/fhir-rest/r4-definitions.ts';
import { diskIo } from '../config/disk.ts';
import { loadLibrary, loadMappingFiles } from '../config/library.ts';
import type { Finding } from '../core/finding.ts';
import type { CompileEnvironment } from '../core/mapping/compile.ts';
import { compileLibrary, type LibraryMapping } from '../core/mapping/library.ts';
import type { MappingFile } from '../core/mapping/pair-cases.ts';
import { valueSetCodes } from '../core/mapping/value-set-codes.ts';
import { buildTerminology } from '../core/terminology/build-terminology.ts';
import { WrongUse } from './exit-code.ts';
import { loadFunctions } from './mappings-functions.ts';

export interface WorkspaceOptions {
  readonly mappings: string;
  readonly terminology: string;
}

/** A directory of mappings with everything that stands beside them, read and compiled. */
export interface Workspace {
  /** All files below the directory, by their path in it. */
  readonly files: readonly MappingFile[];
  /** Those without an error. */
  readonly mappings: readonly LibraryMapping[];
  readonly environment: CompileEnvironment;
  readonly findings: readonly Finding[];
}

/** A command that works on a directory of mappings. */
export function workspaceCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--mappings <dir>', 'the mappings directory', 'mappings')
    .option('--terminology <dir>', 'the directory of concept maps and value sets', 'terminology')
    .option('--json', 'one JSON object a line');
}

/** Reads and compiles everything. Throws when there is no such directory; all else that is wrong is a finding. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const io = diskIo({});
  const files = loadMappingFiles(options.mappings, io);
  if (files === undefined) {
    throw new WrongUse(
      `There is no directory ${options.mappings}: run this where it stands, or name it with --mappings.`,
    );
  }
  const terms = loadLibrary(options, io).terminology;
  const { terminology, findings: ofTerms } = buildTerminology(terms);
  const functions = await loadFunctions(files, options.mappings);
  const environment = {
    terminology,
    elements: loadR4Model(),
    codesOf: valueSetCodes(terms),
    functionFiles: functions.functions,
  };
  const library = compileLibrary(files, options.mappings, environment);
  const findings = [...ofTerms, ...functions.findings, ...library.findings];
  return { files, mappings: library.mappings, environment, findings };
}

/** The mapping of a name, or an error that says which there are. */
export function mappingNamed(name: string, { mappings, findings }: Workspace): LibraryMapping {
  const found = mappings.find(({ mapping }) => mapping.name === name);
  if (found !== undefined) return found;
  const broken = findings.some(
    ({ place, severity }) => severity === 'error' && place.file?.endsWith(`${name}.map.yaml`),
  );
  if (broken) throw new WrongUse(`The mapping ${name} has errors: hearback mappings check lists them.`);
  throw new WrongUse(
    `There is no mapping ${name}. There is: ${mappings.map(({ mapping }) => mapping.name).join(', ')}.`,
  );
}
