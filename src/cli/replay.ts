import { Command } from 'commander';
import type { Message } from '../core/message.ts';
import { NothingToSend, previewReplay, type ReplayPreview, replayAsShown } from '../flow/desk/preview-replay.ts';
import { recordedRun } from '../flow/desk/recorded-run.ts';
import { planReplay, type ReplayPlan } from '../flow/desk/replay.ts';
import type { RoadParts } from '../flow/road-parts.ts';
import { stampOf } from '../flow/translation/mapping-stamp.ts';
import { operationalLog } from '../ops/operational-log.ts';
import { openRecord } from '../wire-record.ts';
import { roadParts } from '../wire-road.ts';
import { chooseVersion } from './choose-version.ts';
import { WrongUse } from './exit-code.ts';
import { commandUser, journalLook, journalLooks, type Look } from './journal-look.ts';
import { changesOf, printChanges } from './mapping-changes.ts';
import { requireSetup } from './open-setup.ts';
import { findingLine } from './print-findings.ts';
import type { Setup } from './read-setup.ts';

interface ReplayOptions {
  readonly config: string;
  readonly reason?: string;
  readonly mappingVersion?: string;
  readonly dryRun?: boolean;
  readonly values?: boolean;
  readonly json?: boolean;
}

/** `hearback replay MESSAGE`: take an inbound message onward again, or deliver an outgoing one again under the same id. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Do again what followed from a message, and first say what would differ. A running engine picks it up.',
    )
    .argument('<message>', 'the message id (as `hearback log` prints it)')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option(
      '--mapping-version <version>',
      'with another version of its mapping that the record keeps: its number, or the beginning of its digest',
    )
    .option('--dry-run', 'only say what would be done, and what would differ')
    .option(
      '--values',
      'show what stood and what would stand there (may be personal data; it is logged that you looked)',
    )
    .option('--reason <text>', 'why, for the log; no patient data')
    .option('--json', 'print the plan as JSON')
    .action(async (message: string, options: ReplayOptions) => {
      if (!options.dryRun && !options.reason)
        throw new WrongUse('Say why with --reason, or look first with --dry-run.');
      const setup = await requireSetup(options.config);
      const store = await openRecord(setup);
      try {
        await replayHere(message, options, setup, roadParts(setup, { store, log: operationalLog('warn') }));
      } finally {
        await store.close();
      }
    });
}

async function replayHere(message: string, options: ReplayOptions, setup: Setup, parts: RoadParts): Promise<void> {
  const preview = await previewReplay(message, await digestOf(message, options, setup, parts), parts);
  const { plan, version } = preview;
  if (version && options.values) await journalLook(parts.store, version.recorded.message, 'replay');
  else if (options.dryRun && plan.kind !== 'impossible') await journalLooks(parts.store, [plannedLook(plan.found)]);
  tell(preview, options);
  if (plan.kind === 'impossible') process.exitCode = 1;
  else if (!options.dryRun) {
    const wanted = { message, by: commandUser(), reason: options.reason ?? '' };
    await replayAsShown(wanted, preview, parts).catch((fault: unknown) => {
      if (fault instanceof NothingToSend) for (const finding of fault.findings) console.error(findingLine(finding));
      throw fault;
    });
  }
}

/** Which elements would differ is shown, and none of what stands in them. */
function plannedLook({ id: message, referral }: Message): Look {
  return { kind: 'replay.planned', command: 'replay', message, referral };
}

/** Of the version that was asked for by its number or the beginning of its digest. */
async function digestOf(
  message: string,
  { mappingVersion }: ReplayOptions,
  { library }: Setup,
  parts: RoadParts,
): Promise<string | undefined> {
  if (mappingVersion === undefined || (await planReplay(message, parts.store)).kind === 'impossible') return undefined;
  const { name } = await recordedRun(message, parts);
  return (await chooseVersion(name, mappingVersion, { store: parts.store, library })).mapping.digest;
}

function tell({ plan, version }: ReplayPreview, options: ReplayOptions): void {
  const changes = version && changesOf(version.differences, options);
  if (options.json) {
    console.log(JSON.stringify({ ...planJson(plan), ...(version && { mapping: stampOf(version.mapping), changes }) }));
    return;
  }
  if (version !== undefined) {
    const { name, version: number } = version.mapping;
    printChanges({ with: `with ${name} version ${number}` }, changes ?? [], options);
  }
  console.log(planText(plan, version));
}

function planJson(plan: ReplayPlan) {
  if (plan.kind === 'impossible') return plan;
  if (plan.kind === 'onward') return { kind: plan.kind, lane: plan.lane };
  const { id, partner, purpose, status, attempts } = plan.leg;
  return { kind: plan.kind, leg: id, partner, purpose, status, attempts };
}

function planText(plan: ReplayPlan, version: ReplayPreview['version']): string {
  if (plan.kind === 'impossible') return plan.why;
  if (plan.kind === 'onward') return 'It is taken onward again: what was already done is found done.';
  const { purpose, partner, id } = plan.leg;
  return version === undefined
    ? `The ${purpose} is delivered to "${partner}" again under the same id (${id}).`
    : `The ${purpose} is made anew and delivered to "${partner}" under a new id; the one that was not taken (${id}) is given up.`;
}
