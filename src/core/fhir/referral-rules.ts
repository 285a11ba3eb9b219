/**
 * What makes structurally valid FHIR a referral that may be acted on. All findings at once. To cancel or to declare an error
 * must always be possible, so those ask for little: the rules on content hold for new referrals and updates.
 */
import type { Patient, ServiceRequest, Task } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { checkConsent, type Located } from './consent.ts';
import type { Intent } from './read-intent.ts';
import { checkPatient, checkSamePatient } from './referral-rules-patient.ts';
import { say } from './referral-rules-table.ts';
import { checkRequestedService, type RequestedService, type ServiceMembership } from './requested-service.ts';

export interface ReferralPolicy {
  /** What a wrong check digit of an NHS number means. A wrong format is always refused. */
  readonly nhsNumberCheck: 'refuse' | 'warn';
  /** The services that may be requested here. */
  readonly serviceCodes: ServiceMembership;
}

/** A referral as read: references already point to `Type/id` of the resources here. */
export interface Candidate {
  readonly intent: Intent;
  readonly now: string;
  readonly policy: ReferralPolicy;
  readonly resources: readonly Located[];
  readonly request: Located<ServiceRequest> | undefined;
  /** The coordinating Task as the sender sent it. */
  readonly task: Located<Task> | undefined;
  readonly service: RequestedService | undefined;
  /** FHIRPath root of the content, for what is missing altogether. */
  readonly at: string;
}

/** How far a sender's clock may run ahead of ours. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
/** A date without a time may begin and end this much earlier or later, depending on where it was written. */
const ZONE_MS = 14 * 60 * 60 * 1000;
const ASKING_INTENTS: ReadonlySet<string> = new Set(['plan', 'order', 'original-order', 'directive']);

/** Every finding on a referral; whether any is an error decides. */
export function checkReferral(candidate: Candidate): Finding[] {
  const { intent, request, service, policy, resources, at } = candidate;
  const found = [...checkPatients(candidate), ...checkTimes(candidate)];
  if (intent === 'cancel' || intent === 'entered-in-error') return found;
  found.push(...checkRequest(candidate), ...checkTask(candidate), ...checkConsent(request, resources, at));
  if (service !== undefined) found.push(...checkRequestedService(service, policy.serviceCodes));
  return found;
}

function checkPatients({ resources, request, intent, now, policy, at }: Candidate): Finding[] {
  const patients = resources.filter(
    (located): located is Located<Patient> => located.resource.resourceType === 'Patient',
  );
  const [patient, second] = patients;
  if (patient === undefined) {
    return intent === 'new' || intent === 'update'
      ? [say('referral/patient', request ? `${request.at}.subject` : at)]
      : [];
  }
  if (second !== undefined) return patients.map((located) => say('referral/one-patient', located.at));
  const same = checkSamePatient(resources, `Patient/${patient.resource.id ?? ''}`);
  const ending = intent === 'cancel' || intent === 'entered-in-error';
  return [
    ...same,
    ...(ending ? [] : checkPatient(patient, now, policy.nhsNumberCheck === 'refuse' ? 'error' : 'warning')),
  ];
}

function checkRequest({ request }: Candidate): Finding[] {
  if (request === undefined) return [];
  const found: Finding[] = [];
  const { status, intent, doNotPerform } = request.resource;
  if (status !== 'active') found.push(say('referral/status', `${request.at}.status`));
  if (!ASKING_INTENTS.has(intent)) found.push(say('referral/intent', `${request.at}.intent`));
  if (doNotPerform === true) found.push(say('referral/do-not-perform', `${request.at}.doNotPerform`));
  return found;
}

/** In an update the Task may say what we wrote back, so only a new one must begin at the beginning. */
function checkTask({ task, intent }: Candidate): Finding[] {
  const begins = task === undefined || task.resource.status === 'requested' || intent !== 'new';
  return begins ? [] : [say('referral/task-status', `${task.at}.status`)];
}

function checkTimes({ request, task, now }: Candidate): Finding[] {
  const latest = Date.parse(now) + CLOCK_TOLERANCE_MS;
  const found = [request, task].flatMap((located) => {
    const authored = located && span(located.resource.authoredOn);
    return authored && authored.from > latest ? [say('referral/future', `${located.at}.authoredOn`)] : [];
  });
  const [requested, tasked] = [span(request?.resource.authoredOn), span(task?.resource.authoredOn)];
  if (task && requested && tasked && tasked.to < requested.from)
    found.push(say('referral/time-order', `${task.at}.authoredOn`));
  return found;
}

/** The instants that a FHIR dateTime may mean, in milliseconds: one for a full instant, a stretch for a date, month or year. */
function span(dateTime: string | undefined): { readonly from: number; readonly to: number } | undefined {
  const start = Date.parse(dateTime ?? '');
  if (dateTime === undefined || Number.isNaN(start)) return undefined;
  if (dateTime.length > 10) return { from: start, to: start };
  const next = new Date(start);
  if (dateTime.length === 10) next.setUTCDate(next.getUTCDate() + 1);
  else if (dateTime.length === 7) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setUTCFullYear(next.getUTCFullYear() + 1);
  return { from: start - ZONE_MS, to: next.getTime() + ZONE_MS };
}
