import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Command } from 'commander';
import { writeLine } from '../core/seal/export-lines.ts';
import { exportLog } from '../journal/export-log.ts';
import { journalLooks } from './journal-look.ts';
import { keysOfLog, signingKeyOf } from './log-keys.ts';
import { withWholeRecord } from './open-setup.ts';
import { readInstant } from './option-values.ts';

interface ExportOptions {
  readonly config: string;
  readonly out: string;
  readonly referral?: string;
  readonly since?: string;
  readonly until?: string;
  readonly bodies?: boolean;
}

/** `hearback log export --out FILE`: the sealed log, to be verified by whoever has its public key. */
export function logExportCommand(): Command {
  return new Command('export')
    .description('Write the sealed log into a file that `hearback log verify` checks with the public key alone.')
    .requiredOption('--out <file>', 'where to, a file that is not there yet')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--referral <id>', 'only this referral’s entries, each with its proof')
    .option('--since <instant>', 'only from this instant on, each with its proof', readInstant)
    .option('--until <instant>', 'only before this instant, each with its proof', readInstant)
    .option('--bodies', 'with the bytes of the messages: personal data, and it is logged that you took them')
    .addHelpText(
      'after',
      '\nOne JSON object a line, as docs/log.md says. An export of some entries proves each of them, and not that none is missing.',
    )
    .action(async ({ config: file, out, referral, since, until, bodies = false }: ExportOptions) => {
      const isPart = referral !== undefined || since !== undefined || until !== undefined;
      const part = {
        ...(referral !== undefined && { referral }),
        ...(since !== undefined && { since }),
        ...(until !== undefined && { until }),
      };
      const entries = await withWholeRecord(file, {}, async ({ record, config }) => {
        const detail = {
          withBodies: bodies,
          ...(since !== undefined && { since }),
          ...(until !== undefined && { until }),
        };
        await journalLooks(record, [{ kind: 'log.exported', command: 'export', referral, detail }]);
        const keys = [...(await keysOfLog(record)), ...ownKey(config)];
        const at = new Date().toISOString();
        return writeLines(out, exportLog({ log: record, keys, at, bodies, ...(isPart && { part }) }));
      });
      console.log(`${entries} entries in ${out}.`);
    });
}

/** Named in the header where it can be had; nothing depends on it. */
function ownKey(config: Parameters<typeof signingKeyOf>[0]): ReturnType<typeof signingKeyOf>[] {
  try {
    return [signingKeyOf(config)];
  } catch {
    return [];
  }
}

/** Line by line, no faster than the disk takes them. */
async function writeLines(out: string, lines: ReturnType<typeof exportLog>): Promise<number> {
  const file = createWriteStream(out, { flags: 'wx', mode: 0o600 });
  await once(file, 'open');
  let entries = 0;
  for await (const line of lines) {
    if (line.type === 'entry') entries += 1;
    if (!file.write(`${writeLine(line)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return entries;
}
