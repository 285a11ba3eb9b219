/**
 * Which service a referral asks for, and why. The service stands in ServiceRequest.code, or (BaRS) in the Task.code behind
 * CarePlan.activity.reference of the CarePlan that the ServiceRequest is based on. All codings are carried, none is chosen.
 */
import type { CarePlan, CodeableConcept, Coding, FhirResource, Reference, ServiceRequest, Task } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Member } from './bundle-member.ts';
import type { Web } from './bundle-resolve.ts';
import { type MemberOf, TASK_CODES } from './read-focus.ts';
import { type ReferralRule, say } from './referral-rules-table.ts';

/** Whether a code is one of the services that may be requested; `unknown` when the members are not loaded. */
export type ServiceMembership = (system: string, code: string) => 'yes' | 'no' | 'unknown';

export interface RequestedService {
  readonly codings: readonly Coding[];
  /** FHIRPath of the element that names it; of the ServiceRequest's code when nothing does. */
  readonly at: string;
  /** How many Tasks name one. */
  readonly tasks: number;
}

export interface Reasons {
  readonly codings: readonly Coding[];
  readonly texts: readonly string[];
}

/** Reads the requested service; no codings when nobody names one. */
export function readRequestedService(request: MemberOf<ServiceRequest>, web: Web): RequestedService {
  const own = request.resource.code?.coding ?? [];
  const at = `${request.at}.code`;
  if (own.length > 0) return { codings: own, at, tasks: 0 };
  const plans = targets(request.resource.basedOn, request, web).flatMap((member) => (isPlan(member) ? [member] : []));
  const tasks = plans.flatMap((plan) => activityTasks(plan, web));
  const codings = tasks.flatMap((task) =>
    (task.resource.code?.coding ?? []).filter(({ system }) => system !== TASK_CODES),
  );
  return { codings, at: tasks[0] === undefined ? at : `${tasks[0].at}.code`, tasks: tasks.length };
}

/** Findings on the requested service: none named, none of the bound value set, or membership unknown. */
export function checkRequestedService(service: RequestedService, membership: ServiceMembership): Finding[] {
  const found = service.tasks > 1 ? [say('referral/several-services', service.at)] : [];
  const rule = serviceRule(service.codings, membership);
  return rule === undefined ? found : [...found, say(rule, service.at)];
}

/** Why the patient is referred: ServiceRequest.reasonCode, and the codes of what reasonReference names. */
export function readReasons(request: MemberOf<ServiceRequest>, web: Web): Reasons {
  const concepts = [
    ...(request.resource.reasonCode ?? []),
    ...targets(request.resource.reasonReference, request, web).flatMap((member) => codeOf(member.resource)),
  ];
  return {
    codings: concepts.flatMap(({ coding }) => coding ?? []),
    texts: concepts.flatMap(({ text }) => text ?? []),
  };
}

function serviceRule(codings: readonly Coding[], membership: ServiceMembership): ReferralRule | undefined {
  const answers = codings.flatMap(({ system, code }) => (code === undefined ? [] : [membership(system ?? '', code)]));
  if (answers.length === 0) return 'referral/requested-service';
  if (answers.includes('yes')) return undefined;
  return answers.includes('unknown') ? 'referral/requested-service-unknown' : 'referral/requested-service-code';
}

function activityTasks(plan: MemberOf<CarePlan>, web: Web): MemberOf<Task>[] {
  const activities = (plan.resource.activity ?? []).flatMap(({ reference }) => reference ?? []);
  return targets(activities, plan, web).flatMap((member) => (isTask(member) ? [member] : []));
}

function targets(references: readonly Reference[] | undefined, from: Member, web: Web): Member[] {
  return (references ?? []).flatMap((reference) => {
    const target = web.target(reference, from);
    return target.kind === 'member' ? [target.member] : [];
  });
}

function codeOf(resource: FhirResource): CodeableConcept[] {
  if (resource.resourceType !== 'Condition' && resource.resourceType !== 'Observation') return [];
  return resource.code === undefined ? [] : [resource.code];
}

function isPlan(member: Member): member is MemberOf<CarePlan> {
  return member.resource.resourceType === 'CarePlan';
}

function isTask(member: Member): member is MemberOf<Task> {
  return member.resource.resourceType === 'Task';
}
