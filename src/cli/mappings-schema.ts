import { Command } from 'commander';
import { mappingJsonSchema } from '../core/mapping/editor-schema.ts';

/** `hearback mappings schema`: the JSON Schema of mapping files, for editors. */
export function mappingSchemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of mapping files, for editors (docs/mapping.schema.json).')
    .action(() => console.log(JSON.stringify(mappingJsonSchema(), null, 2)));
}
