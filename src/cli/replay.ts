import { userInfo } from 'node:os';
import { Command } from 'commander';
import { planReplay, type ReplayPlan, replay } from '../flow/person-decides.ts';
import { openRecord, roadParts } from '../main.ts';
import { operationalLog } from '../ops/operational-log.ts';
import { WrongUse } from './exit-code.ts';
import { requireSetup } from './open-setup.ts';

interface ReplayOptions {
  readonly config: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `hearback replay MESSAGE`: take an inbound message onward again, or deliver an outgoing one again under the same id. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Do again what followed from a message. A running engine picks it up.')
    .argument('<message>', 'the message id (as `hearback log` prints it)')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--dry-run', 'only say what would be done')
    .option('--reason <text>', 'why, for the log; no patient data')
    .option('--json', 'print the plan as JSON')
    .action(async (message: string, options: ReplayOptions) => {
      if (!options.dryRun && !options.reason)
        throw new WrongUse('Say why with --reason, or look first with --dry-run.');
      const setup = await requireSetup(options.config);
      const store = await openRecord(setup.config);
      try {
        const plan = await planReplay(message, store);
        console.log(options.json ? JSON.stringify(planJson(plan)) : planText(plan));
        if (plan.kind === 'impossible') process.exitCode = 1;
        else if (!options.dryRun) {
          const parts = roadParts(setup, { store, log: operationalLog('warn') });
          await replay({ message, by: `user:${userInfo().username}`, reason: options.reason ?? '' }, plan, parts);
        }
      } finally {
        await store.close();
      }
    });
}

function planJson(plan: ReplayPlan) {
  if (plan.kind !== 'deliver') return plan;
  const { id, partner, purpose, status, attempts } = plan.leg;
  return { kind: plan.kind, leg: id, partner, purpose, status, attempts };
}

function planText(plan: ReplayPlan): string {
  if (plan.kind === 'impossible') return plan.why;
  if (plan.kind === 'onward') return 'It is taken onward again: what was already done is found done.';
  const { purpose, partner, id } = plan.leg;
  return `The ${purpose} is delivered to "${partner}" again under the same id (${id}).`;
}
