import { userInfo } from 'node:os';
import { Command } from 'commander';
import { resolveHold } from '../flow/person-decides.ts';
import { openRecord, roadParts } from '../main.ts';
import { operationalLog } from '../ops/operational-log.ts';
import { requireSetup, withRecord } from './open-setup.ts';
import { findingLine } from './print-findings.ts';

/** `hearback holds`: what waits for a person, and the person's answer. */
export function holdsCommand(): Command {
  return new Command('holds')
    .description('List what waits for a person; `holds resolve` answers it.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--json', 'one JSON object a line')
    .action(async (options: { config: string; json?: boolean }) => {
      const holds = await withRecord(options.config, (store) => store.holds({ open: true }));
      for (const hold of holds) {
        if (options.json) console.log(JSON.stringify(hold));
        else
          console.log(
            [
              `${hold.id}  ${hold.kind}  ${hold.partner ?? ''}  since ${hold.openedAt}`,
              ...hold.findings.map(findingLine),
            ].join('\n  '),
          );
      }
      if (!options.json && holds.length === 0) console.log('Nothing is held.');
    })
    .addCommand(resolveCommand());
}

interface ResolveOptions {
  readonly retry?: boolean;
  readonly abandon?: boolean;
  readonly reason: string;
}

function resolveCommand(): Command {
  return new Command('resolve')
    .description('Resolve a hold: what waited on it goes on in order (--retry) or is dropped (--abandon).')
    .argument('<id>', 'the hold')
    .option('--retry', 'try again what waited')
    .option('--abandon', 'drop what waited; the ledger keeps the reason')
    .requiredOption('--reason <text>', 'why, for the log; no patient data')
    .action(async (id: string, options: ResolveOptions, command: Command) => {
      if (Boolean(options.retry) === Boolean(options.abandon)) throw new Error('Say either --retry or --abandon.');
      const setup = requireSetup(command.optsWithGlobals<{ config: string }>().config);
      const store = await openRecord(setup.config);
      try {
        const hold = (await store.holds({ open: true })).find((one) => one.id === id);
        if (hold === undefined) throw new Error(`No open hold ${id}.`);
        const parts = roadParts(setup, { store, log: operationalLog('warn') });
        const by = `user:${userInfo().username}`;
        const then = options.retry ? 'retry' : 'abandon';
        const waiting = await resolveHold({ hold, by, reason: options.reason, then }, parts);
        console.log(`${id} resolved: ${waiting} waiting ${options.retry ? 'go on' : 'dropped'}.`);
      } finally {
        await store.close();
      }
    });
}
