import { Command } from 'commander';
import { logExportCommand } from './log-export.ts';
import { logKeyCommand } from './log-key.ts';
import { logProveCommand } from './log-prove.ts';
import { logSearchCommand } from './log-search.ts';
import { logShowCommand } from './log-show.ts';
import { logVerifyCommand } from './log-verify.ts';

/** `hearback log`: the message log. Without one of its commands it searches. */
export function logCommand(): Command {
  return new Command('log')
    .description('The message log: search it, show what it speaks of, export it, prove an entry, verify it.')
    .addCommand(logSearchCommand(), { isDefault: true })
    .addCommand(logShowCommand())
    .addCommand(logExportCommand())
    .addCommand(logProveCommand())
    .addCommand(logVerifyCommand())
    .addCommand(logKeyCommand());
}
