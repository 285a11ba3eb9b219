import { Command } from 'commander';
import { checkTerminologyCommand } from './terminology-check.ts';
import { importTerminologyCommand } from './terminology-import.ts';

/** `hearback terminology`: the workbench for the terminology data. None of it touches a running engine. */
export function terminologyCommand(): Command {
  return new Command('terminology')
    .description('Check and load codes, concept maps and value sets (docs/terminology.md).')
    .addCommand(checkTerminologyCommand())
    .addCommand(importTerminologyCommand());
}
