/**
 * What a sender means to do: begin, change, cancel or declare a referral never made. In BaRS this is MessageHeader.reason
 * together with ServiceRequest.status; the guide prints both `update` and `delete` for a cancellation, so both are taken.
 */
import type { MessageHeader, ServiceRequest } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { MemberOf } from './read-focus.ts';
import { say } from './referral-rules-table.ts';

export type Intent = 'new' | 'update' | 'cancel' | 'entered-in-error';

export const MESSAGE_EVENTS = 'https://fhir.nhs.uk/CodeSystem/message-events-bars';
export const MESSAGE_REASONS = 'https://fhir.nhs.uk/CodeSystem/message-reason-bars';

export interface ReadIntent {
  readonly intent: Intent;
  readonly findings: readonly Finding[];
}

/** Status of the ServiceRequest and reason of the message, and what they mean together; no reason at all is `|`. */
const MEANING: ReadonlyMap<string, Intent> = new Map([
  ['active|new', 'new'],
  ['active|update', 'update'],
  ['active|', 'new'],
  ['revoked|update', 'cancel'],
  ['revoked|delete', 'cancel'],
  ['revoked|', 'cancel'],
  ['entered-in-error|update', 'entered-in-error'],
  ['entered-in-error|delete', 'entered-in-error'],
  ['entered-in-error|', 'entered-in-error'],
]);

/** The intent of a message. A status that no intent has is left to the rule on status. */
export function readMessageIntent(
  headers: readonly MemberOf<MessageHeader>[],
  request: ServiceRequest | undefined,
): ReadIntent {
  const [header, second] = headers;
  if (header === undefined || second !== undefined)
    return { intent: 'new', findings: [say('referral/message-header', 'Bundle')] };
  const findings = isReferralEvent(header.resource) ? [] : [say('referral/message-event', `${header.at}.event`)];
  const status = request?.status ?? 'active';
  const reason = (header.resource.reason?.coding ?? []).find(({ system }) => system === MESSAGE_REASONS)?.code;
  if (reason === undefined) findings.push(say('referral/message-reason-absent', `${header.at}.reason`));
  const intent = MEANING.get(`${status}|${reason ?? ''}`);
  if (intent === undefined && MEANING.has(`${status}|`))
    findings.push(say('referral/message-reason', `${header.at}.reason`));
  return { intent: intent ?? 'new', findings };
}

function isReferralEvent(header: MessageHeader): boolean {
  return header.eventCoding?.system === MESSAGE_EVENTS && header.eventCoding.code === 'servicerequest-request';
}
