import { Command } from 'commander';
import type { LoopDescription } from '../core/loop/shown/describe-loop.ts';
import { describeLoopNow } from '../flow/desk/loop-now.ts';
import type { Store } from '../ports-record.ts';
import { type PartnerNames, withRecord } from './open-setup.ts';
import { readLimit } from './option-values.ts';

interface LoopsOptions {
  readonly config: string;
  readonly late?: boolean;
  readonly open?: boolean;
  readonly partner?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `hearback loops`: every loop with its state and who owes what. */
export function loopsCommand(): Command {
  return new Command('loops')
    .description('List loops, and who owes what in those that are open.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--late', 'only loops in which something is late')
    .option('--open', 'only open loops')
    .option('--partner <id>', 'only loops of this GP system or platform')
    .option('--limit <n>', 'at most so many', readLimit, 100)
    .option('--json', 'one JSON object a line')
    .action(async (options: LoopsOptions) => {
      const loops = await withRecord(options.config, async (store, { names, note }) => {
        const all = await list(options, store, names);
        await note({ kind: 'loops.listed', command: 'loops', detail: { found: all.length } });
        return all;
      });
      for (const loop of loops) console.log(options.json ? JSON.stringify(loop) : lines(loop).join('\n'));
      if (!options.json && loops.length === 0) console.log(options.late ? 'Nothing is late.' : 'No loops.');
    });
}

async function list(options: LoopsOptions, store: Store, names: PartnerNames): Promise<LoopDescription[]> {
  const now = new Date().toISOString();
  const found = await store.loops({
    limit: options.limit,
    ...((options.open || options.late) && { status: 'open' as const }),
    ...(options.late && { lateAt: now }),
    ...(options.partner !== undefined && { partner: options.partner }),
  });
  const described = await Promise.all(found.map((referral) => describeLoopNow(referral.id, store, { now, names })));
  // Overdue, but held: the platform has spoken, and a person is waited for, whose own time is not up.
  return described.flatMap((one) => (one === undefined || (options.late && one.late.length === 0) ? [] : [one]));
}

function lines(loop: LoopDescription): string[] {
  const owed = owing(loop).map((words) => `    ${words}`);
  return [`${loop.id}  ${loop.status.padEnd(6)}  ${loop.state.kind}`, ...owed];
}

/** Late first; what is only owed after it. */
function owing(loop: LoopDescription): string[] {
  return loop.owes.map((one) => (one.late ? `LATE: ${one.words}` : one.words));
}
