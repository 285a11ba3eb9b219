import type { Finding } from '../../core/finding.ts';
import { hasErrors } from '../../core/finding.ts';
import type { CompiledMapping } from '../../core/mapping/compile.ts';
import type { Difference } from '../../core/mapping/difference.ts';
import type { RoadParts } from '../road-parts.ts';
import { stampOf } from '../translation/mapping-stamp.ts';
import { makeLegs, type ReadyLeg } from '../translation/translate-leg.ts';
import { writeForLeg } from '../translation/write-for-leg.ts';
import type { DeciderParts } from './person-decides.ts';
import {
  differencesBetween,
  differencesFromSent,
  NotRecorded,
  type RecordedRun,
  recordedRun,
  runAgain,
} from './recorded-run.ts';
import { planReplay, type ReplayPlan, replay, replayAnew, whyNotMadeAnew } from './replay.ts';

/** What doing a message again would do, and what would differ. */
export interface ReplayPreview {
  readonly plan: ReplayPlan;
  /** The version that would be used; absent where the same bytes go out, or no mapping reads it. */
  readonly version?: ReplayVersion;
}

export interface ReplayVersion {
  readonly mapping: CompiledMapping;
  readonly recorded: RecordedRun;
  readonly differences: readonly Difference[];
  /** True when somebody chose it. */
  readonly chosen: boolean;
}

type PreviewParts = Pick<RoadParts, 'store' | 'partners' | 'reportMappings' | 'keptMapping' | 'reportMappingOf'>;

/**
 * Says what replaying a message would do, and changes nothing. Rejects with `NotRecorded` where what it was made of, or the version
 * asked for, is not there.
 * @param digest of the kept version that is to be used; the one in use when left out
 */
export async function previewReplay(
  message: string,
  digest: string | undefined,
  parts: PreviewParts,
): Promise<ReplayPreview> {
  const plan = await planReplay(message, parts.store);
  if (plan.kind === 'impossible') return { plan };
  const isReport = parts.partners.get(plan.found.partner)?.kind === 'vcse-platform';
  if (digest === undefined && (plan.kind === 'deliver' || !isReport)) return { plan };
  const recorded = await recordedRun(message, parts);
  const version = await versionOf(recorded, digest, { plan, parts });
  const why = plan.kind === 'deliver' ? whyNotMadeAnew(plan.leg) : undefined;
  return { plan: why === undefined ? plan : { kind: 'impossible', why }, version };
}

async function versionOf(
  recorded: RecordedRun,
  digest: string | undefined,
  { plan, parts }: { readonly plan: ReplayPlan; readonly parts: PreviewParts },
): Promise<ReplayVersion> {
  const { name, stamp } = recorded;
  const mapping = digest === undefined ? inUse(name, parts) : await kept(name, digest, parts);
  const run = runAgain(recorded, mapping);
  const before = stamp === undefined ? mapping : await kept(name, stamp.digest, parts);
  const differences =
    plan.kind === 'deliver'
      ? differencesFromSent(recorded, mapping, run)
      : differencesBetween(runAgain(recorded, before), run);
  return { mapping, recorded, differences, chosen: digest !== undefined };
}

function inUse(name: string, { reportMappings }: PreviewParts): CompiledMapping {
  const found = reportMappings.get(name);
  if (found === undefined) throw new NotRecorded(`There is no mapping ${name}.`);
  return found;
}

async function kept(name: string, digest: string, parts: PreviewParts): Promise<CompiledMapping> {
  const used = parts.reportMappings.get(name);
  const found = used?.digest === digest ? used : await parts.keptMapping(digest);
  if (found?.name !== name) {
    throw new NotRecorded(`The record keeps no version ${digest.slice(0, 12)} of ${name} that this program can run.`);
  }
  return found;
}

interface Decided {
  readonly message: string;
  /** `user:<name>` */
  readonly by: string;
  readonly reason: string;
}

/** Does what was shown. Rejects, and does nothing, when it is impossible or the version makes nothing that may be sent. */
export async function replayAsShown(
  wanted: Decided,
  { plan, version }: ReplayPreview,
  parts: RoadParts & DeciderParts,
): Promise<void> {
  if (plan.kind === 'deliver' && version !== undefined) {
    await replayAnew(wanted, { leg: plan.leg, made: madeAnew(version, parts) }, parts);
    return;
  }
  await replay({ ...wanted, ...(version?.chosen && { mapping: version.mapping.digest }) }, plan, parts);
}

/** What a version made may not be sent; `findings` say why, beside the codes that nobody has mapped. */
export class NothingToSend extends Error {
  readonly findings: readonly Finding[];

  constructor(message: string, findings: readonly Finding[]) {
    super(message);
    this.findings = findings;
  }
}

/** Legs with what the version makes. */
function madeAnew({ recorded, mapping }: ReplayVersion, parts: RoadParts): readonly ReadyLeg[] {
  const { leg } = recorded;
  const partner = parts.partners.get(recorded.message.partner);
  const { result, unmapped, findings } = runAgain(recorded, mapping);
  if (
    leg === undefined ||
    partner === undefined ||
    result === undefined ||
    unmapped.length > 0 ||
    hasErrors(findings)
  ) {
    throw new NothingToSend(
      `Version ${mapping.version} makes nothing of it that may be sent (${unmapped.length} codes unmapped).`,
      findings,
    );
  }
  const order = {
    referral: leg.referral,
    task: leg.task,
    partner,
    purpose: leg.purpose,
    now: parts.clock.now().toISOString(),
    ...(leg.cause !== undefined && { cause: leg.cause }),
  };
  const first = parts.ids.next();
  const written = writeForLeg(mapping, result, { leg: first, makePdf: parts.makePdf });
  const made = makeLegs(order, { written, first, mapping: stampOf(mapping) }, parts);
  if (made.kind !== 'legs') throw new Error(`"${partner.id}" has no outlet.`);
  return made.legs;
}
