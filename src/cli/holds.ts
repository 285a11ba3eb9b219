import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { Hold, Work } from '../core/message.ts';
import { resolveHold } from '../flow/desk/person-decides.ts';
import { operationalLog } from '../ops/operational-log.ts';
import type { Store } from '../ports-record.ts';
import { openRecord } from '../wire-record.ts';
import { roadParts } from '../wire-road.ts';
import { WrongUse } from './exit-code.ts';
import { chosenHolds, type HoldsChoice, isChoice, withHoldsChoice } from './holds-choice.ts';
import { codeDecided, isTaken, writeDecision } from './holds-decide.ts';
import { resolveMany } from './holds-many.ts';
import { requireSetup, withRecord } from './open-setup.ts';
import { readLimit } from './option-values.ts';
import { findingLine } from './print-findings.ts';
import type { Setup } from './read-setup.ts';

/** `hearback holds`: what waits for a person, and the person's answer. */
export function holdsCommand(): Command {
  return withHoldsChoice(new Command('holds'))
    .description('List what waits for a person, the oldest first; `holds resolve` answers it.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--limit <n>', `a page of so many (${PAGE} when left out)`, readLimit)
    .option('--after <id>', 'the page after this hold, which the page before ended with')
    .option('--json', 'one JSON object a line')
    .action(async (options: HoldsOptions) => {
      const page = await withRecord(options.config, async (store, { note }) => {
        const found = await listed(options, store);
        await note({ kind: 'holds.listed', command: 'holds', detail: { found: found.holds.length } });
        return found;
      });
      print(page, options);
    })
    .addCommand(resolveCommand());
}

const PAGE = 100;

interface HoldsOptions extends HoldsChoice {
  readonly config: string;
  readonly limit?: number;
  readonly after?: string;
  readonly json?: boolean;
}

interface Page {
  readonly holds: readonly Listed[];
  /** The hold after which the next page begins; absent when there is no more. */
  readonly next?: string;
}

function print({ holds, next }: Page, { json }: HoldsOptions): void {
  for (const hold of holds) console.log(json ? JSON.stringify(hold) : lines(hold).join('\n  '));
  if (next !== undefined) console.error(`There is more: --after ${next}`);
  else if (!json && holds.length === 0) console.log('Nothing is held.');
}

/** A hold with what it is in the way of. */
interface Listed extends Hold {
  /** Every referral that waits for it. */
  readonly referrals: readonly string[];
  /** The messages that wait: those to be taken onward, and those to be delivered. */
  readonly messages: readonly string[];
}

async function listed({ limit = PAGE, after, ...choice }: HoldsOptions, store: Store): Promise<Page> {
  const all = await chosenHolds(choice, store);
  const before = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
  if (after !== undefined && before === -1) throw new Error(`No open hold ${after} is among these: begin anew.`);
  const page = all.slice(before + 1, before + 1 + limit);
  const last = page.at(-1)?.id;
  const isMore = last !== undefined && last !== all.at(-1)?.id;
  return { holds: await Promise.all(page.map((hold) => withWaiting(hold, store))), ...(isMore && { next: last }) };
}

async function withWaiting(hold: Hold, store: Store): Promise<Listed> {
  const { waiting, referrals } = await store.behindHold(hold.id);
  const messages = await Promise.all(waiting.map((work) => messageOf(work, store)));
  const all = new Set([...(hold.referral === undefined ? [] : [hold.referral]), ...referrals]);
  return { ...hold, referrals: [...all], messages: messages.flatMap((one) => one ?? []) };
}

async function messageOf({ kind, subject }: Work, store: Store): Promise<string | undefined> {
  if (kind === 'urgent' || kind === 'onward') return subject;
  return kind === 'settle' || kind === 'read-back' ? (await store.leg(subject))?.message : undefined;
}

function lines({ id, kind, partner = '', openedAt, referrals, messages, findings }: Listed): string[] {
  return [
    `${id}  ${kind}  ${partner}  since ${openedAt}`,
    ...referrals.map((referral) => `referral ${referral}`),
    ...messages.map((message) => `message  ${message}`),
    ...findings.map(findingLine),
  ];
}

interface ResolveOptions {
  readonly retry?: boolean;
  readonly abandon?: boolean;
  readonly mapTo?: string;
  readonly equivalence?: string;
  readonly yes?: boolean;
  /** False: there is no counterpart. */
  readonly match?: boolean;
  readonly reason: string;
}

function resolveCommand(): Command {
  return new Command('resolve')
    .description('Resolve a hold, or many: what waited goes on in order, or is dropped (--abandon).')
    .argument('[id]', 'the hold; or say which with --kind, --partner or --referral')
    .option('--retry', 'try again what waited')
    .option('--map-to <system|code>', 'a held code means this one: written down for that partner, then tried again')
    .option('--equivalence <word>', 'how the code given relates to the one held: equivalent, wider, narrower, …')
    .option('--no-match', 'a held code has no counterpart: written down for that partner, then tried again')
    .option('--abandon', 'drop what waited; the ledger keeps the reason')
    .option('--yes', 'of many: resolve them; without it only their number is said')
    .requiredOption('--reason <text>', 'why, for the log and the file; no patient data')
    .action(async (id: string | undefined, options: ResolveOptions, command: Command) => {
      const decides = options.mapTo !== undefined || options.match === false;
      const said = [options.retry, options.abandon, options.mapTo !== undefined, options.match === false];
      if (said.filter(Boolean).length !== 1) {
        throw new WrongUse('Say one of --retry, --map-to SYSTEM|CODE, --no-match and --abandon.');
      }
      const { config, ...choice } = command.optsWithGlobals<HoldsOptions>();
      refuseUnclear(id, choice, decides);
      const setup = await requireSetup(config);
      const store = await openRecord(setup);
      try {
        const by = `user:${userInfo().username}`;
        if (id === undefined) {
          const parts = roadParts(setup, { store, log: operationalLog('warn') });
          await resolveMany(choice, { ...options, by, then: options.abandon ? 'abandon' : 'retry' }, parts);
          return;
        }
        const hold = (await store.holds({ open: true })).find((one) => one.id === id);
        if (hold === undefined) throw new Error(`No open hold ${id}.`);
        if (decides && !(await decided(hold, { ...options, by }, setup, store))) return;
        const parts = roadParts(setup, { store, log: operationalLog('warn') });
        const then = options.abandon ? 'abandon' : 'retry';
        const waiting = await resolveHold({ hold, by, reason: options.reason, then }, parts);
        console.log(`${id} resolved: ${waiting} waiting ${then === 'retry' ? 'go on' : 'dropped'}.`);
      } finally {
        await store.close();
      }
    });
}

/** `--kind` and its like stand before or after `resolve`, as `--config` does. */
function refuseUnclear(
  id: string | undefined,
  { limit, after, ...choice }: Omit<HoldsOptions, 'config'>,
  decides: boolean,
) {
  if ((id === undefined) !== isChoice(choice)) {
    throw new WrongUse('Say which: the id of one hold, or --kind, --partner or --referral for all that are so.');
  }
  if (id === undefined && decides) throw new WrongUse('--map-to and --no-match answer one hold: give its id.');
  if (limit !== undefined || after !== undefined) throw new WrongUse('--limit and --after are for the list alone.');
}

/** Writes the answer down; false when the engine that runs has not taken it, so that a retry would ask again. */
async function decided(
  hold: Hold,
  { mapTo, equivalence, reason, by }: ResolveOptions & { readonly by: string },
  setup: Setup,
  store: Store,
): Promise<boolean> {
  const at = new Date().toISOString();
  const to = { ...(mapTo !== undefined && { mapTo }), ...(equivalence !== undefined && { equivalence }) };
  const answer = { ...to, reason, by, at };
  console.log(`Written: ${writeDecision(hold, answer, setup.config)}`);
  await store.apply({ journal: [codeDecided(hold, answer)] });
  if (await isTaken(at, setup, store)) return true;
  console.log('The engine that is running has not taken it yet: restart it, or send it SIGHUP. Then:');
  console.log(`hearback holds resolve ${hold.id} --retry --reason '…'`);
  process.exitCode = 1;
  return false;
}
