import { Command } from 'commander';
import { checkMappingsCommand } from './mappings-check.ts';
import { diffMappingsCommand } from './mappings-diff.ts';
import { explainMappingCommand } from './mappings-explain.ts';
import { listMappingsCommand } from './mappings-list.ts';
import { newMappingCommand } from './mappings-new.ts';
import { mappingReceiptCommand, mappingReceiptsCommand } from './mappings-receipt.ts';
import { roundTripCommand } from './mappings-round-trip.ts';
import { mappingSchemaCommand } from './mappings-schema.ts';
import { mappingTableCommand } from './mappings-table.ts';
import { testMappingsCommand } from './mappings-test.ts';

/** `hearback mappings`: the workbench for mapping files. None of it touches a running engine. */
export function mappingsCommand(): Command {
  return new Command('mappings')
    .description('Write, check and test mapping files (docs/mapping.md).')
    .addCommand(listMappingsCommand())
    .addCommand(checkMappingsCommand())
    .addCommand(testMappingsCommand())
    .addCommand(newMappingCommand())
    .addCommand(explainMappingCommand())
    .addCommand(mappingReceiptCommand())
    .addCommand(mappingReceiptsCommand())
    .addCommand(roundTripCommand())
    .addCommand(diffMappingsCommand())
    .addCommand(mappingTableCommand())
    .addCommand(mappingSchemaCommand());
}
