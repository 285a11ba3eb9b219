import type { Command } from 'commander';
import { guideTable } from '../core/mapping/table/guide-table.ts';
import { WrongUse } from './exit-code.ts';
import { mappingNamed, openWorkspace, type WorkspaceOptions, workspaceCommand } from './mappings-workspace.ts';

/** `hearback mappings table NAME`: a mapping from HL7 v2 in the columns of the HL7 v2-to-FHIR guide. */
export function mappingTableCommand(): Command {
  return workspaceCommand(
    'table',
    'Print a mapping from HL7 v2 as a table (CSV) in the columns of the HL7 v2-to-FHIR implementation guide.',
  )
    .argument('<mapping>', 'its name: hl7v2/ref-i12')
    .action(async (name: string, options: WorkspaceOptions) => {
      const workspace = await openWorkspace(options);
      const { source } = mappingNamed(name, workspace);
      const { elements } = workspace.environment;
      if (source.from !== 'hl7v2' || elements === undefined)
        throw new WrongUse(`${name} does not read HL7 v2: there is no such table of it.`);
      process.stdout.write(guideTable(source, elements));
    });
}
