/** From what a GP system sent to what a referral's dossier is to hold. Pure: the same content and givens read the same. */
import type { FhirResource } from 'fhir/r4.js';
import { type Finding, hasErrors } from '../finding.ts';
import { isBundle } from './bundle-member.ts';
import { membersOf, membersOfType } from './bundle-members.ts';
import { checkEntryRequests, checkFullUrls } from './bundle-requests.ts';
import { type Web, weave } from './bundle-resolve.ts';
import { assemble, type Draft, locatedRequest, locatedTask, locateMembers } from './read-assembly.ts';
import { type Focus, readFocus } from './read-focus.ts';
import { type ReadIntent, readMessageIntent } from './read-intent.ts';
import { readRequester } from './read-requester.ts';
import { assignIds, checkMembers } from './read-resources.ts';
import type { ReadingGiven, ReferralAsk, ReferralResult } from './read-result.ts';
import { isResource } from './references.ts';
import { checkReferral } from './referral-rules.ts';
import { say } from './referral-rules-table.ts';
import { readRequestedService } from './requested-service.ts';

export type { ReferralAsk, ReferralReading } from './read-result.ts';

/**
 * Reads structurally valid R4 content (structure.ts) as one referral: a transaction Bundle, a message Bundle (BaRS), or a
 * ServiceRequest or Task by itself. `reading` is there exactly when no finding is an error.
 */
export function readReferral(content: unknown, ask: ReferralAsk, given: ReadingGiven): ReferralResult {
  if (!isResource(content) || !fits(content, ask)) return { findings: [say('referral/content', typeName(content))] };
  const web = weave(membersOf(content), given.known);
  const focus = readFocus(web, content.resourceType);
  const meant = readIntent(ask, web, focus);
  const ids = assignIds(web.members, meant.intent, given);
  const requester = readRequester(focus, web, ids, given.referrer);
  const located = locateMembers(web, ids);
  const draft: Draft = { content, web, focus, intent: meant.intent, ids, requester: requester.reference, located };
  const findings = [
    ...envelopeFindings(content),
    ...focus.findings,
    ...meant.findings,
    ...checkMembers(web, ids),
    ...ruleFindings(draft, given),
    ...(isEnding(draft) || focus.request === undefined ? [] : requester.findings),
  ];
  return hasErrors(findings) ? { findings } : { reading: assemble(draft, given), findings };
}

function fits(content: FhirResource, ask: ReferralAsk): boolean {
  if (ask.kind === 'fhir-create') return content.resourceType === ask.type;
  if (content.resourceType !== 'Bundle') return false;
  return content.type === (ask.kind === 'fhir-message' ? 'message' : 'transaction');
}

/** The type as the place of a finding, unless it is something that only claims to be a type. */
function typeName(content: unknown): string {
  return isResource(content) && /^[A-Z][A-Za-z]{1,40}$/.test(content.resourceType) ? content.resourceType : 'Resource';
}

/** Outside messages a referral is only begun: a later change is a PUT of its Task. */
function readIntent(ask: ReferralAsk, web: Web, { request }: Focus): ReadIntent {
  if (ask.kind !== 'fhir-message') return { intent: 'new', findings: [] };
  return readMessageIntent(membersOfType(web.members, 'MessageHeader'), request?.resource);
}

function isEnding({ intent }: Draft): boolean {
  return intent === 'cancel' || intent === 'entered-in-error';
}

function envelopeFindings(content: FhirResource): Finding[] {
  if (!isBundle(content)) return [];
  return [...(content.type === 'transaction' ? checkEntryRequests(content) : []), ...checkFullUrls(content)];
}

function ruleFindings(draft: Draft, given: ReadingGiven): Finding[] {
  const { content, focus, intent, web, located } = draft;
  return checkReferral({
    intent,
    now: given.now,
    policy: given.policy,
    resources: located,
    request: locatedRequest(draft),
    task: locatedTask(draft),
    service: focus.request && readRequestedService(focus.request, web),
    at: content.resourceType,
  });
}
