import { Command } from 'commander';
import { hasErrors } from '../core/finding.ts';
import type { Message } from '../core/message.ts';
import { stampOf } from '../flow/mapping-stamp.ts';
import type { DeciderParts } from '../flow/person-decides.ts';
import { planReplay, type ReplayPlan, replay, replayAnew, whyNotMadeAnew } from '../flow/replay.ts';
import type { RoadParts } from '../flow/road-parts.ts';
import { makeLegs } from '../flow/translate-leg.ts';
import { writeForLeg } from '../flow/write-for-leg.ts';
import { roadParts } from '../main.ts';
import { operationalLog } from '../ops/operational-log.ts';
import type { Store } from '../ports.ts';
import { openRecord } from '../wire-record.ts';
import { chooseVersion, versionInUse } from './choose-version.ts';
import type { CompiledKept } from './compile-kept.ts';
import { WrongUse } from './exit-code.ts';
import { commandUser, journalLook, journalLooks, type Look } from './journal-look.ts';
import { changesOf, type MappingChange, printChanges } from './mapping-changes.ts';
import { requireSetup } from './open-setup.ts';
import { findingLine } from './print-findings.ts';
import type { Setup } from './read-setup.ts';
import { differencesBetween, differencesFromSent, type RecordedRun, recordedRun, runAgain } from './recorded-run.ts';

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
        await replayHere(message, options, { setup, store });
      } finally {
        await store.close();
      }
    });
}

interface Given {
  readonly setup: Setup;
  readonly store: Store;
}

async function replayHere(message: string, options: ReplayOptions, given: Given): Promise<void> {
  const plan = await planReplay(message, given.store);
  const version = plan.kind === 'impossible' ? undefined : await versionFor(plan, options, given);
  if (version && options.values) await journalLook(given.store, version.recorded.message, 'replay');
  else if (options.dryRun && plan.kind !== 'impossible') await journalLooks(given.store, [plannedLook(plan.found)]);
  const why = plan.kind === 'deliver' && version !== undefined ? whyNotMadeAnew(plan.leg) : undefined;
  tell(why === undefined ? plan : { kind: 'impossible', why }, version, options);
  if (plan.kind === 'impossible' || why !== undefined) process.exitCode = 1;
  else if (!options.dryRun)
    await carryOut(plan, { message, by: commandUser(), reason: options.reason ?? '' }, version, given);
}

/** Which elements would differ is shown, and none of what stands in them. */
function plannedLook({ id: message, referral }: Message): Look {
  return { kind: 'replay.planned', command: 'replay', message, referral };
}

interface Version extends CompiledKept {
  readonly recorded: RecordedRun;
  readonly changes: readonly MappingChange[];
  /** True when somebody chose it. */
  readonly chosen: boolean;
}

type Possible = Exclude<ReplayPlan, { kind: 'impossible' }>;

/** The version that would be used, and what it would do otherwise. None where the same bytes go out, or no mapping reads it. */
async function versionFor(plan: Possible, options: ReplayOptions, given: Given): Promise<Version | undefined> {
  const { config, library } = given.setup;
  const wanted = options.mappingVersion;
  const isReport = config.partners.find(({ id }) => id === plan.found.partner)?.kind === 'vcse-platform';
  if (wanted === undefined && (plan.kind === 'deliver' || !isReport)) return undefined;
  const recorded = await recordedRun(plan.found.id, given.store, config);
  const { name, stamp } = recorded;
  const next =
    wanted === undefined ? versionInUse(name, library) : await chooseVersion(name, wanted, { ...given, library });
  const run = runAgain(recorded, next.mapping);
  const before = stamp && (await chooseVersion(name, stamp.digest, { ...given, library }));
  const differences =
    plan.kind === 'deliver'
      ? differencesFromSent(recorded, next.mapping, run)
      : differencesBetween(runAgain(recorded, (before ?? next).mapping), run);
  return { ...next, recorded, changes: changesOf(differences, options), chosen: wanted !== undefined };
}

function tell(plan: ReplayPlan, version: Version | undefined, options: ReplayOptions): void {
  if (options.json) {
    const { mapping, changes } = version ?? {};
    console.log(JSON.stringify({ ...planJson(plan), ...(mapping && { mapping: stampOf(mapping), changes }) }));
    return;
  }
  if (version !== undefined) {
    const { name, version: number } = version.mapping;
    printChanges({ with: `with ${name} version ${number}` }, version.changes, options);
  }
  console.log(planText(plan, version));
}

function planJson(plan: ReplayPlan) {
  if (plan.kind === 'impossible') return plan;
  if (plan.kind === 'onward') return { kind: plan.kind, lane: plan.lane };
  const { id, partner, purpose, status, attempts } = plan.leg;
  return { kind: plan.kind, leg: id, partner, purpose, status, attempts };
}

function planText(plan: ReplayPlan, version: Version | undefined): string {
  if (plan.kind === 'impossible') return plan.why;
  if (plan.kind === 'onward') return 'It is taken onward again: what was already done is found done.';
  const { purpose, partner, id } = plan.leg;
  return version === undefined
    ? `The ${purpose} is delivered to "${partner}" again under the same id (${id}).`
    : `The ${purpose} is made anew and delivered to "${partner}" under a new id; the one that was not taken (${id}) is given up.`;
}

interface Wanted {
  readonly message: string;
  readonly by: string;
  readonly reason: string;
}

async function carryOut(plan: Possible, wanted: Wanted, version: Version | undefined, given: Given): Promise<void> {
  const parts = roadParts(given.setup, { store: given.store, log: operationalLog('warn') });
  if (plan.kind === 'deliver' && version !== undefined) {
    await replayAnew(wanted, { leg: plan.leg, made: madeAnew(version, parts) }, parts);
    return;
  }
  const chosen = version?.chosen ? { mapping: version.mapping.digest } : {};
  await replay({ ...wanted, ...chosen }, plan, parts);
}

/** Legs with what the version makes, or an error that says why it makes nothing that may be sent. */
function madeAnew({ recorded, mapping }: Version, parts: RoadParts & DeciderParts) {
  const { leg } = recorded;
  const partner = parts.partners.get(recorded.message.partner);
  const run = runAgain(recorded, mapping);
  for (const finding of run.findings) console.error(findingLine(finding));
  if (
    leg === undefined ||
    partner === undefined ||
    run.result === undefined ||
    run.unmapped.length > 0 ||
    hasErrors(run.findings)
  )
    throw new Error(
      `Version ${mapping.version} makes nothing of it that may be sent (${run.unmapped.length} codes unmapped).`,
    );
  const order = {
    referral: leg.referral,
    task: leg.task,
    partner,
    purpose: leg.purpose,
    now: parts.clock.now().toISOString(),
    ...(leg.cause !== undefined && { cause: leg.cause }),
  };
  const first = parts.ids.next();
  const written = writeForLeg(mapping, run.result, { leg: first, makePdf: parts.makePdf });
  const made = makeLegs(order, { written, first, mapping: stampOf(mapping) }, parts);
  if (made.kind !== 'legs') throw new Error(`"${partner.id}" has no outlet.`);
  return made.legs;
}
