/** Puts a referral's reading together once nothing forbids it. */
import type { FhirResource, Reference, ServiceRequest, Task } from 'fhir/r4.js';
import type { Member } from './bundle-member.ts';
import type { Web } from './bundle-resolve.ts';
import type { Located } from './consent.ts';
import { completeTask, makeTask, withReferralId } from './read-coordination-task.ts';
import type { Focus } from './read-focus.ts';
import type { Intent } from './read-intent.ts';
import { readNames } from './read-names.ts';
import { addressOf, dossierResource, type Ids } from './read-resources.ts';
import type { ReadingGiven, ReferralReading } from './read-result.ts';
import { readReasons, readRequestedService } from './requested-service.ts';

/** All that was read before the rules were asked. */
export interface Draft {
  readonly content: FhirResource;
  readonly web: Web;
  readonly focus: Focus;
  readonly intent: Intent;
  readonly ids: Ids;
  /** As it reads in the dossier. */
  readonly requester: Reference | undefined;
  readonly located: readonly LocatedMember[];
}

export interface LocatedMember extends Located {
  readonly member: Member;
}

/** The members that go into the dossier, as it holds them, each with its place in what was sent. */
export function locateMembers(web: Web, ids: Ids): LocatedMember[] {
  const carried = web.members.filter((member) => ids.has(member));
  return carried.map((member) => ({ member, at: member.at, resource: dossierResource(member, web, ids) }));
}

/** The referral's ServiceRequest among them. */
export function locatedRequest({
  focus,
  located,
}: Pick<Draft, 'focus' | 'located'>): Located<ServiceRequest> | undefined {
  const found = focus.request && located.find(({ member }) => member === focus.request);
  return found?.resource.resourceType === 'ServiceRequest' ? { resource: found.resource, at: found.at } : undefined;
}

/** The coordinating Task among them, when the sender sent one. */
export function locatedTask({ focus, located }: Pick<Draft, 'focus' | 'located'>): Located<Task> | undefined {
  const found = focus.task && located.find(({ member }) => member === focus.task);
  return found?.resource.resourceType === 'Task' ? { resource: found.resource, at: found.at } : undefined;
}

/** The reading of a draft that has no errors; throws when it has (the rules refuse content without a ServiceRequest). */
export function assemble(draft: Draft, given: ReadingGiven): ReferralReading {
  const { focus, intent, web, content, located } = draft;
  const request = locatedRequest(draft)?.resource;
  if (focus.request === undefined || request?.id === undefined) throw new Error('assembled without a ServiceRequest');
  const patient = located.find(({ resource }) => resource.resourceType === 'Patient')?.resource.id;
  const task = coordinatingTask(draft, given, request, patient);
  const reasons = readReasons(focus.request, web);
  return {
    intent,
    resources: finished(draft, given, request, task),
    ...(task?.id !== undefined && { parentTask: task.id }),
    serviceRequest: request.id,
    ...(patient !== undefined && { patient }),
    requestedService: readRequestedService(focus.request, web).codings,
    reasons: reasons.codings,
    reasonTexts: reasons.texts,
    names: readNames(content, focus, intent),
    entries: entryAddresses(draft),
  };
}

/** A new referral always has one; a later message only when it carries it, because the stored one goes on. */
function coordinatingTask(
  draft: Draft,
  { newId, now, referralId }: ReadingGiven,
  request: ServiceRequest,
  patient: string | undefined,
): Task | undefined {
  const sent = locatedTask(draft)?.resource;
  if (sent === undefined && (draft.intent !== 'new' || patient === undefined)) return undefined;
  const parts = {
    now,
    referralId,
    request,
    requester: draft.requester,
    ...(patient && { patient: `Patient/${patient}` }),
  };
  return sent === undefined ? makeTask({ ...parts, id: newId() }) : completeTask(sent, parts);
}

/** Stored resources belong to a new dossier as copies; a later message leaves them as they are. */
function finished(draft: Draft, given: ReadingGiven, request: ServiceRequest, task: Task | undefined): FhirResource[] {
  const marked: ServiceRequest = { ...request, identifier: withReferralId(request.identifier ?? [], given.referralId) };
  const resources = draft.located
    .filter(({ member }) => draft.intent === 'new' || member.origin !== 'stored')
    .map(({ member, resource }) => {
      if (member === draft.focus.request) return marked;
      return member === draft.focus.task && task !== undefined ? task : resource;
    });
  return task !== undefined && draft.focus.task === undefined ? [...resources, task] : resources;
}

function entryAddresses({ web, ids }: Draft): string[] {
  return web.members
    .filter(({ entry, origin }) => origin === 'entry' && entry !== undefined)
    .sort((one, other) => (one.entry ?? 0) - (other.entry ?? 0))
    .flatMap((member) => addressOf(member, ids) ?? []);
}
