import { createHash } from 'node:crypto';
import type { BundleEntry, FhirResource } from 'fhir/r4.js';
import { isDossier } from '../core/fhir/as-transaction.ts';
import { isWriteBack } from '../core/loop/told-by.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Leg, Message, Work } from '../core/message.ts';
import { type Dossier, ENTRY_ID_SYSTEM } from '../core/referral.ts';
import { advance } from './advance.ts';
import type { RoadParts } from './road-parts.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { failedHold, unmappedHolds } from './translate-leg.ts';
import { writeForLeg } from './write-for-leg.ts';

interface Queued {
  readonly leg: Leg;
  /** The write-back as FHIR has it. */
  readonly message: Message;
}

/** The mapping that a write-back still has to go through, when its receiver does not speak FHIR. */
export function untranslated({ leg, message }: Queued, parts: RoadParts): CompiledMapping | undefined {
  const isFhir = isWriteBack(leg) && message.contentType === 'application/fhir+json';
  return isFhir ? parts.partners.get(leg.partner)?.outward?.mappings.get(leg.purpose) : undefined;
}

/**
 * Puts a write-back into the receiver's language, as a step of its own before it is sent: so that the exact bytes are on disk
 * before the first attempt, and what the mapping cannot say waits for a person and goes on from here.
 */
export async function translateWriteBack(
  work: Work,
  queued: Queued,
  mapping: CompiledMapping,
  parts: RoadParts,
): Promise<void> {
  for (;;) {
    const snapshot = await readSnapshot(parts.store, queued.leg.referral);
    if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const { news, hold } = translate(queued, snapshot, { mapping, now, parts });
    const changes = advance(snapshot, { ...news, journal: [] }, { ...parts, now });
    const outcome =
      hold === undefined
        ? ({ kind: 'again', notBefore: now, why: 'translated' } as const)
        : ({ kind: 'held', hold } as const);
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return;
  }
}

interface Given {
  readonly mapping: CompiledMapping;
  readonly now: string;
  readonly parts: RoadParts;
}

function translate({ leg, message }: Queued, snapshot: Snapshot, { mapping, now, parts }: Given) {
  const { referral, task, partner, queuedAt, cause } = leg;
  const run = mapping.run(gpDossier(snapshot, message), {
    referral,
    task,
    partner,
    now: queuedAt,
    message: cause ?? leg.id,
  });
  const order = { referral, partner: { id: partner }, now };
  const holds = [
    ...unmappedHolds(run.unmapped, order, parts),
    ...failedHold(run.findings, { ...order, mapping }, parts),
  ];
  const [first] = holds;
  if (first !== undefined) return { news: { holds }, hold: first.id };
  const [written] = writeForLeg(mapping, run.result, leg.id);
  if (written === undefined) throw new Error('a mapping to HL7 v2 was written as nothing');
  const { contentType } = written;
  const body = new TextEncoder().encode(written.text);
  const digest = createHash('sha256').update(body).digest('hex');
  const made: Message = { ...message, id: parts.ids.next(), identity: `${leg.id}:hl7v2`, body, contentType, digest };
  const { name, version, digest: file } = mapping;
  const translated: Leg = { ...leg, message: made.id, mapping: { name, version, digest: file } };
  return { news: { legs: [translated], messages: [made] }, hold: undefined };
}

/**
 * What the GP is told at this moment, as the dossier that mappings read: the referral as the GP sent it, with the Task and
 * the results of this write-back alone.
 */
function gpDossier({ dossier }: Snapshot, { body }: Message): Dossier {
  const bundle: unknown = JSON.parse(new TextDecoder().decode(body));
  const told = isDossier(bundle) ? (bundle.entry ?? []) : [];
  const own = (dossier.entry ?? []).filter(({ resource }) => resource !== undefined && isGps(resource));
  const entry: BundleEntry<FhirResource>[] = [...own, ...told].flatMap(({ resource }) =>
    resource ? [{ resource }] : [],
  );
  return { ...dossier, entry };
}

function isGps(resource: FhirResource): boolean {
  switch (resource.resourceType) {
    case 'Task':
    case 'Provenance':
      return false;
    case 'Observation':
      return resource.identifier?.some(({ system }) => system === ENTRY_ID_SYSTEM) !== true;
    case 'QuestionnaireResponse':
      return resource.identifier?.system !== ENTRY_ID_SYSTEM;
    default:
      return true;
  }
}
