import { Command } from 'commander';
import { withRecord } from './open-setup.ts';

interface LogOptions {
  readonly config: string;
  readonly referral?: string;
  readonly partner?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly json?: boolean;
}

/** `hearback log`: the message log, oldest first. Ids, codes and counts: what the messages held is not shown here. */
export function logCommand(): Command {
  return new Command('log')
    .description('Show the message log: every message, event, delivery, hold and look.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--referral <id>', 'only this referral')
    .option('--partner <id>', 'only this partner')
    .option('--kind <kind>', 'only entries of this kind, like message.refused')
    .option('--since <instant>', 'from this instant on (2026-11-21T09:00:00Z)')
    .option('--until <instant>', 'before this instant')
    .option('--limit <n>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
    .action(async (options: LogOptions) => {
      const { config, json, limit, ...wanted } = options;
      const entries = await withRecord(config, (store) => store.journal({ ...wanted, limit: Number(limit) }));
      for (const entry of entries) {
        if (json) console.log(JSON.stringify(entry));
        else
          console.log(
            `${entry.seq}  ${entry.at}  ${entry.kind.padEnd(18)} ${entry.actor.padEnd(16)} ${entry.referral ?? ''}  ${JSON.stringify(entry.detail)}`,
          );
      }
    });
}
