import { Command } from 'commander';
import { diskIo } from '../config/disk.ts';
import type { Finding } from '../core/finding.ts';
import type { LibraryMapping } from '../core/mapping/library.ts';
import { WrongUse } from './exit-code.ts';
import { type Library, readLibrary } from './read-library.ts';

export interface WorkspaceOptions {
  readonly mappings: string;
  readonly terminology: string;
}

/** What a command of the workbench works on. */
export interface Workspace extends Library {
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
  const read = await readLibrary(options, diskIo({}));
  if (read === undefined) {
    throw new WrongUse(
      `There is no directory ${options.mappings}: run this where it stands, or name it with --mappings.`,
    );
  }
  return { ...read.library, findings: read.findings };
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
