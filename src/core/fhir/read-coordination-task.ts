/**
 * The parent Task of a referral: the sender's own, completed, or one that we make when the sender sent only a ServiceRequest.
 * It is what a GP system polls, cancels and finds the outcome in.
 */
import type { Identifier, Reference, ServiceRequest, Task } from 'fhir/r4.js';
import { REFERRAL_ID_SYSTEM } from '../referral.ts';
import { TASK_CODES } from './read-focus.ts';

export interface TaskParts {
  readonly referralId: string;
  /** UTC instant. */
  readonly now: string;
  readonly request: ServiceRequest;
  /** `Patient/id`; a cancellation may come without. */
  readonly patient?: string;
  readonly requester: Reference | undefined;
}

/** Makes the Task (http://hl7.org/fhir/R4/task.html: code fulfill, focus on the request). */
export function makeTask({
  id,
  referralId,
  now,
  request,
  patient,
  requester,
}: TaskParts & { readonly id: string }): Task {
  return {
    resourceType: 'Task',
    id,
    identifier: withReferralId([], referralId),
    status: 'requested',
    intent: 'order',
    ...(request.priority && { priority: request.priority }),
    code: fulfil(),
    focus: focusOn(request),
    ...(patient !== undefined && { for: { reference: patient } }),
    authoredOn: request.authoredOn ?? now,
    lastModified: now,
    ...(requester && { requester }),
  };
}

/** The sender's Task with what it lacks; nothing that it says is changed. */
export function completeTask(sent: Task, { referralId, now, request, patient, requester }: TaskParts): Task {
  return {
    ...sent,
    identifier: withReferralId(sent.identifier ?? [], referralId),
    code: sent.code ?? fulfil(),
    focus: sent.focus ?? focusOn(request),
    ...(sent.for === undefined && patient !== undefined && { for: { reference: patient } }),
    authoredOn: sent.authoredOn ?? request.authoredOn ?? now,
    lastModified: sent.lastModified ?? now,
    ...(requester && sent.requester === undefined && { requester }),
  };
}

/** The sender's identifiers and ours. One that claims to be ours already is dropped: only we give that number. */
export function withReferralId(identifiers: readonly Identifier[], referralId: string): Identifier[] {
  const others = identifiers.filter(({ system }) => system !== REFERRAL_ID_SYSTEM);
  return [...others, { system: REFERRAL_ID_SYSTEM, value: referralId }];
}

function focusOn(request: ServiceRequest): Reference {
  return { reference: `ServiceRequest/${request.id ?? ''}` };
}

function fulfil(): Task['code'] {
  return { coding: [{ system: TASK_CODES, code: 'fulfill' }] };
}
