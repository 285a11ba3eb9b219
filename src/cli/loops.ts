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
  readonly newest?: boolean;
  readonly limit: number;
  readonly after?: string;
  readonly json?: boolean;
}

/** `hearback loops`: loops with their state and who owes what, a page at a time. */
export function loopsCommand(): Command {
  return new Command('loops')
    .description('List loops, and who owes what in those that are open.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--late', 'only loops in which something is late')
    .option('--open', 'only open loops')
    .option('--partner <id>', 'only loops of this GP system or platform')
    .option('--newest', 'the newest first')
    .option('--limit <n>', 'a page of so many', readLimit, 100)
    .option('--after <id>', 'the page after this loop, which the page before ended with')
    .option('--json', 'one JSON object a line')
    .action(async (options: LoopsOptions) => {
      const page = await withRecord(options.config, async (store, { names, note }) => {
        const found = await list(options, store, names);
        await note({ kind: 'loops.listed', command: 'loops', detail: { found: found.loops.length } });
        return found;
      });
      print(page, options);
    });
}

interface Page {
  readonly loops: readonly LoopDescription[];
  /** The loop after which the next page begins; absent when there is no more. */
  readonly next?: string;
}

async function list(options: LoopsOptions, store: Store, names: PartnerNames): Promise<Page> {
  const { late, open, partner, newest, limit, after } = options;
  // A loop mistyped is no place to go on from: all before or behind it would be missing without a word.
  if (after !== undefined && (await store.referral(after)) === undefined) throw new Error(`There is no loop ${after}.`);
  const now = new Date().toISOString();
  const found = await store.loops({
    ...((open || late) && { status: 'open' as const }),
    ...(late && { lateAt: now }),
    ...(partner !== undefined && { partner }),
    ...(newest && { newestFirst: true as const }),
    ...(after !== undefined && { after }),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const described = await Promise.all(page.map((referral) => describeLoopNow(referral.id, store, { now, names })));
  // Overdue, but held: the platform has spoken, and a person is waited for, whose own time is not up.
  const loops = described.flatMap((one) => (one === undefined || (late && one.late.length === 0) ? [] : [one]));
  const last = page.at(-1)?.id;
  return { loops, ...(found.length > limit && last !== undefined && { next: last }) };
}

function print({ loops, next }: Page, { json, late }: LoopsOptions): void {
  for (const loop of loops) console.log(json ? JSON.stringify(loop) : lines(loop).join('\n'));
  if (next !== undefined) console.error(`There is more: --after ${next}`);
  else if (!json && loops.length === 0) console.log(late ? 'Nothing is late.' : 'No loops.');
}

function lines(loop: LoopDescription): string[] {
  const owed = owing(loop).map((words) => `    ${words}`);
  return [`${loop.id}  ${loop.status.padEnd(6)}  ${loop.state.kind}`, ...owed];
}

/** Late first; what is only owed after it. */
function owing(loop: LoopDescription): string[] {
  return loop.owes.map((one) => (one.late ? `LATE: ${one.words}` : one.words));
}
