/**
 * Which ServiceRequest a referral consists of, and which Task coordinates it. A Task whose code only names the service
 * (BaRS, behind CarePlan.activity) is not the coordinating one.
 */
import type { FhirResource, ServiceRequest, Task } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Member } from './bundle-member.ts';
import { membersOfType } from './bundle-members.ts';
import type { Web } from './bundle-resolve.ts';
import { say } from './referral-rules-table.ts';

export const TASK_CODES = 'http://hl7.org/fhir/CodeSystem/task-code';

export type MemberOf<T extends FhirResource> = Member & { readonly resource: T };

export interface Focus {
  readonly request?: MemberOf<ServiceRequest>;
  /** Absent when the sender sent none: then it is made. */
  readonly task?: MemberOf<Task>;
  readonly findings: readonly Finding[];
}

/** Finds both; `at` is where to say that something is missing (`Bundle`, `Task`). */
export function readFocus(web: Web, at: string): Focus {
  const requests = membersOfType(web.members, 'ServiceRequest');
  const tasks = membersOfType(web.members, 'Task');
  const earlier = tasks.filter((task) => focusesElsewhere(task, web));
  if (earlier.length > 0)
    return { findings: earlier.map((task) => say('referral/already-referred', `${task.at}.focus`)) };
  const chosen = chooseRequests(requests, tasks, web);
  const [request, second] = chosen;
  if (request === undefined) {
    // A lone Task is judged all the same, so that everything wrong with it is said at once.
    const [sole, other] = tasks;
    const findings = [say('referral/service-request', at)];
    return sole !== undefined && other === undefined ? { task: sole, findings } : { findings };
  }
  if (second !== undefined) return { findings: chosen.map((member) => say('referral/one-referral', member.at)) };
  const coordinating = coordinatingTasks(tasks, request, web);
  const [task, another] = coordinating;
  if (another !== undefined)
    return { request, findings: coordinating.map((member) => say('referral/one-task', member.at)) };
  return task === undefined ? { request, findings: [] } : { request, task, findings: [] };
}

/** True when the code says that the focus is to be fulfilled (http://hl7.org/fhir/CodeSystem/task-code). */
export function isFulfil(task: Task): boolean {
  return (task.code?.coding ?? []).some(({ system, code }) => system === TASK_CODES && code === 'fulfill');
}

function chooseRequests(
  requests: readonly MemberOf<ServiceRequest>[],
  tasks: readonly MemberOf<Task>[],
  web: Web,
): readonly MemberOf<ServiceRequest>[] {
  const ofHeader = membersOfType(web.members, 'MessageHeader').flatMap((header) =>
    (header.resource.focus ?? []).flatMap((reference) => memberAt(web, header, reference) ?? []),
  );
  const ofTasks = tasks.flatMap((task) => memberAt(web, task, task.resource.focus) ?? []);
  for (const focused of [ofHeader, ofTasks]) {
    const among = requests.filter((request) => focused.includes(request));
    if (among.length > 0) return among;
  }
  return requests;
}

function coordinatingTasks(tasks: readonly MemberOf<Task>[], request: Member, web: Web): readonly MemberOf<Task>[] {
  const onRequest = tasks.filter((task) => memberAt(web, task, task.resource.focus) === request);
  if (onRequest.length === 1) return onRequest;
  const fulfilling = (
    onRequest.length > 0 ? onRequest : tasks.filter((task) => task.resource.focus === undefined)
  ).filter((task) => isFulfil(task.resource));
  return fulfilling.length > 0 ? fulfilling : onRequest;
}

function focusesElsewhere(task: MemberOf<Task>, web: Web): boolean {
  return task.resource.focus !== undefined && web.target(task.resource.focus, task).kind === 'elsewhere';
}

function memberAt(web: Web, from: Member, reference: Task['focus']): Member | undefined {
  const target = reference === undefined ? undefined : web.target(reference, from);
  return target?.kind === 'member' ? target.member : undefined;
}
