import { Command } from 'commander';
import type { RecordedEntry } from '../ports.ts';
import { withRecord } from './open-setup.ts';
import { readInstant, readLimit } from './option-values.ts';

interface LogOptions {
  readonly config: string;
  readonly referral?: string;
  readonly partner?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `hearback log search`, and `hearback log` alone: the message log, oldest first. Ids, codes and counts: what the messages held is not shown here. */
export function logSearchCommand(): Command {
  return new Command('search')
    .description(
      'Show the message log: every message, event, delivery, hold and look. Referral and message by their ids.',
    )
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--referral <id>', 'only this referral')
    .option('--partner <id>', 'only this partner')
    .option('--kind <kind>', 'only entries of this kind, like message.refused')
    .option('--since <instant>', 'from this instant on (2026-11-21T09:00:00Z, or a day)', readInstant)
    .option('--until <instant>', 'before this instant', readInstant)
    .option('--limit <n>', 'at most so many', readLimit, 100)
    .option('--json', 'one JSON object a line')
    .action(async (options: LogOptions) => {
      const { config, json, ...wanted } = options;
      const entries = await withRecord(config, (store) => store.journal(wanted));
      for (const entry of entries) {
        console.log(json ? JSON.stringify(entry) : line(entry));
      }
    });
}

/** Sequence number, when, what, by whom, the referral, the message, and what else is known. */
function line({ seq, at, kind, actor, referral = '-', message = '-', detail }: RecordedEntry): string {
  return `${seq}  ${at}  ${kind.padEnd(18)} ${actor.padEnd(16)} ${referral.padEnd(36)} ${message.padEnd(36)} ${JSON.stringify(detail)}`;
}
