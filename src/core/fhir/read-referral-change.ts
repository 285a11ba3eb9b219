/**
 * What a later message about a referral asks for when it does not put a Task but tells the whole referral again, as HL7 v2 does
 * (REF^I13, REF^I14): read as the PUT Task that it amounts to. What such a message does not mention stays as it is.
 */
import type { Annotation, FhirResource, ServiceRequest, Task } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { type Dossier, ofType } from '../referral.ts';
import { checkConsent } from './consent.ts';
import { isNhsNumberSystem } from './nhs-number.ts';
import { sameValue } from './read-same-value.ts';
import { canonicalSystem, identifierKey, identifierKeys } from './references.ts';

/** What the message's event says by itself. */
export type ChangeEvent = 'modified' | 'cancelled';

export interface ReferralChange {
  /** The stored Task with what the sender may change. */
  readonly sent: Task;
  readonly findings: readonly Finding[];
}

/** `system|value` by which the message names the referral: identifiers of its ServiceRequest and Task. */
export function namesOfChange(told: Dossier): string[] {
  const named: FhirResource[] = [...ofType(told, 'ServiceRequest'), ...ofType(told, 'Task')];
  return [...new Set(named.flatMap(identifierKeys))].sort();
}

/**
 * Compares a referral as it is told now with the one that is stored.
 * @param told what the mapping made of the message
 * @param dossier what is stored
 * @param stored its coordinating Task
 */
export function readReferralChange(
  told: Dossier,
  { dossier, stored }: { readonly dossier: Dossier; readonly stored: Task },
  event: ChangeEvent,
): ReferralChange {
  const [task] = ofType(told, 'Task');
  const [request] = ofType(told, 'ServiceRequest');
  const status = statusAsked(stored, task, request, event);
  const isEnding = status !== stored.status;
  const { priority, description, restriction, reasonCode } = task ?? {};
  const statusReason = task?.statusReason ?? (isEnding ? reasonOfEnd(request, dossier) : undefined);
  const known = new Set([...(stored.note ?? []), ...notesOf(dossier)].map(({ text }) => text));
  const added = notesOf(told).filter(({ text }) => !known.has(text));
  const sent: Task = {
    ...stored,
    status,
    ...(priority && { priority }),
    ...(description && { description }),
    ...(restriction && { restriction }),
    ...(reasonCode && { reasonCode }),
    ...(statusReason && { statusReason }),
    ...(added.length > 0 && { note: [...(stored.note ?? []), ...added] }),
  };
  // Whoever ends a referral need not tell it again as it was.
  const changed = isEnding ? [] : [...changedRequest(request, dossier), ...withdrawnConsent(told)];
  return { sent, findings: [...otherPatient(told, dossier), ...changed] };
}

/** Only what a requester may ask for is taken; an event that says "cancelled" needs no other word. */
function statusAsked(
  stored: Task,
  task: Task | undefined,
  request: ServiceRequest | undefined,
  event: ChangeEvent,
): Task['status'] {
  const wrong = task?.status === 'entered-in-error' || request?.status === 'entered-in-error';
  if (wrong) return 'entered-in-error';
  const cancelled = event === 'cancelled' || task?.status === 'cancelled' || request?.status === 'revoked';
  return cancelled ? 'cancelled' : stored.status;
}

function notesOf(dossier: Dossier): Annotation[] {
  const requests = ofType(dossier, 'ServiceRequest').flatMap(({ note = [] }) => note);
  return [...requests, ...ofType(dossier, 'Task').flatMap(({ note = [] }) => note)];
}

/** Senders say why they cancel where they say why they refer (RF1-10): what stands there now and did not before. */
function reasonOfEnd(request: ServiceRequest | undefined, dossier: Dossier): Task['statusReason'] {
  const before = ofType(dossier, 'ServiceRequest').flatMap(({ reasonCode = [] }) => reasonCode);
  return request?.reasonCode?.find((reason) => !before.some((known) => sameValue(known, reason)));
}

/** What was referred for. A platform has read it: changed words would not reach the people who act on the old ones. */
const ESSENTIAL = ['code', 'reasonCode', 'category', 'priority', 'orderDetail', 'occurrencePeriod'] as const;

/** How each is told to its sender. */
const ESSENCE = {
  code: 'The service that was asked for',
  reasonCode: 'The reason',
  category: 'The category',
  priority: 'The priority',
  orderDetail: 'What is asked for in detail',
  occurrencePeriod: 'The time by which the patient is to be seen',
} satisfies Record<(typeof ESSENTIAL)[number], string>;

function changedRequest(request: ServiceRequest | undefined, dossier: Dossier): Finding[] {
  const [stored] = ofType(dossier, 'ServiceRequest');
  return ESSENTIAL.filter((element) => {
    const told = request?.[element];
    return told !== undefined && !sameValue(told, stored?.[element]);
  }).map((element) => ({
    severity: 'error',
    rule: 'referral/no-update',
    place: { expression: `ServiceRequest.${element}` },
    message: `${ESSENCE[element]} is told otherwise than in the referral that was sent, and cannot be changed by another message.`,
    remedy: 'Tell it as it was, or cancel the referral (REF^I14) and refer again (REF^I12). Notes can be added.',
    issue: 'not-supported',
  }));
}

/** Taking this as a change of nothing would leave the platform at work on what the patient no longer wants shared. */
function withdrawnConsent({ entry = [] }: Dossier): Finding[] {
  const told = entry.flatMap(({ resource }, at) =>
    resource === undefined ? [] : [{ resource, at: `Bundle.entry[${at}].resource` }],
  );
  const refused = checkConsent(undefined, told, 'Bundle').filter(({ rule }) => rule === 'referral/consent-refused');
  return refused.map(({ place }) => ({
    severity: 'error',
    rule: 'referral/consent-withdrawn',
    place,
    message: 'Consent to share is withdrawn, and a change of the referral does not take back what was shared.',
    remedy: 'Cancel the referral (REF^I14).',
    issue: 'business-rule',
  }));
}

/**
 * The NHS number decides where both tell one. Where it is not told, a referral's number alone must not end another patient's referral: the
 * practice's own numbers decide, of the authorities of which both tell one. Numbers that were merged away are still the patient's.
 */
function otherPatient(told: Dossier, dossier: Dossier): Finding[] {
  const [now, before] = [numbersOf(told), numbersOf(dossier)];
  const nhsNow = now.filter(isNhsNumber);
  const nhsBefore = before.filter(isNhsNumber);
  const bothTell = nhsNow.length > 0 && nhsBefore.length > 0;
  if (!(bothTell ? contradicts(nhsNow, nhsBefore) : contradicts(now, before))) return [];
  return [
    {
      severity: 'error',
      rule: 'referral/other-patient',
      place: { expression: 'Patient.identifier' },
      message: 'The referral that is named here is one of another patient.',
      remedy:
        'Correct the number of the referral, or the NHS number or your own number of the patient; send a merge (ADT^A40) first where that has changed.',
      issue: 'conflict',
    },
  ];
}

/** None of the numbers is the same, and some are of the same system. */
function contradicts(now: readonly Numbered[], before: readonly Numbered[]): boolean {
  const systems = new Set(before.map(({ system }) => system));
  const keys = new Set(before.map(({ key }) => key));
  return now.some(({ system }) => systems.has(system)) && !now.some(({ key }) => keys.has(key));
}

interface Numbered {
  readonly system: string;
  /** `system|value`. */
  readonly key: string;
}

const isNhsNumber = ({ system }: Numbered): boolean => isNhsNumberSystem(system);

function numbersOf(dossier: Dossier): Numbered[] {
  return ofType(dossier, 'Patient').flatMap(({ identifier = [] }) =>
    identifier.flatMap((one) => {
      const key = identifierKey(one);
      return key === undefined ? [] : [{ system: canonicalSystem(one.system ?? ''), key }];
    }),
  );
}
