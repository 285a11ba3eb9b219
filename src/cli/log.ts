import { Command } from 'commander';
import { logSearchCommand } from './log-search.ts';
import { logShowCommand } from './log-show.ts';

/** `hearback log`: the message log. Without one of its commands it searches. */
export function logCommand(): Command {
  return new Command('log')
    .description('The message log: search it, and show what it speaks of.')
    .addCommand(logSearchCommand(), { isDefault: true })
    .addCommand(logShowCommand());
}
