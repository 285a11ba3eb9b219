import type { BundleEntry, FhirResource } from 'fhir/r4.js';
import { isDossier } from '../../core/fhir/as-transaction.ts';
import type { LoopEvent } from '../../core/loop/event.ts';
import { namedId } from '../../core/loop/named-id.ts';
import { isWriteBack } from '../../core/loop/told-by.ts';
import { writeBackId } from '../../core/loop/write-back/write-back.ts';
import type { Leg, Message } from '../../core/message.ts';
import { type Dossier, ENTRY_ID_SYSTEM } from '../../core/referral.ts';

/** Whether a leg still bears its write-back as FHIR has it. */
export function isFhirWriteBack(leg: Pick<Leg, 'purpose'>, { contentType }: Pick<Message, 'contentType'>): boolean {
  return isWriteBack(leg) && contentType === 'application/fhir+json';
}

/**
 * What the GP is told at this moment, as the dossier that mappings read: the referral as the GP sent it, with the Task and
 * the results of this write-back alone.
 */
export function gpView(dossier: Dossier, writeBack: Pick<Message, 'body'>): Dossier {
  const told = bundleOf(writeBack)?.entry ?? [];
  const own = (dossier.entry ?? []).filter(({ resource }) => resource !== undefined && isGps(resource));
  const entry: BundleEntry<FhirResource>[] = [...own, ...told].flatMap(({ resource }) =>
    resource ? [{ resource }] : [],
  );
  return { ...dossier, entry };
}

/** The event that a write-back tells of; undefined when the record has none of its id. */
export function eventOf(writeBack: Pick<Message, 'body'>, events: readonly LoopEvent[]): LoopEvent | undefined {
  const id = bundleOf(writeBack)?.id;
  return events.find((event) => writeBackId(event) === id);
}

/** Whether a view has results beside the entry of the event itself. */
export function hasResults(event: LoopEvent, { entry = [] }: Dossier): boolean {
  const own = namedId('entry', event.id);
  return entry.some(({ resource }) => resource !== undefined && isOurs(resource, (value) => value !== own));
}

/** The engine's variables of a mapping that tells a GP system something. */
export function writeBackVariables(leg: Leg, event: LoopEvent | undefined): Readonly<Record<string, string>> {
  const { id, referral, task, partner, queuedAt: now, cause } = leg;
  return { referral, task, partner, now, message: cause ?? id, ...(event !== undefined && { event: event.kind }) };
}

function bundleOf({ body }: Pick<Message, 'body'>): Dossier | undefined {
  const bundle: unknown = JSON.parse(new TextDecoder().decode(body));
  return isDossier(bundle) ? bundle : undefined;
}

function isGps(resource: FhirResource): boolean {
  if (resource.resourceType === 'Task' || resource.resourceType === 'Provenance') return false;
  return !isOurs(resource, () => true);
}

/** Whether it carries an entry identifier of ours, of these values. */
function isOurs(resource: FhirResource, wanted: (value: string | undefined) => boolean): boolean {
  if (resource.resourceType === 'Observation')
    return resource.identifier?.some(({ system, value }) => system === ENTRY_ID_SYSTEM && wanted(value)) === true;
  if (resource.resourceType !== 'QuestionnaireResponse') return false;
  return resource.identifier?.system === ENTRY_ID_SYSTEM && wanted(resource.identifier.value);
}
