import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding, Reference } from 'fhir/r4.js';
import { FHIR_BASE, REFERRAL_ID_SYSTEM } from '../referral.ts';
import { ENTITY, OBJECT, ROLE, SERVER } from './audit-codes.ts';
import { type AuditPattern, patternOf } from './audit-patterns.ts';
import type { LogEntry } from './log-entry.ts';

export const LOG_ENTRY_SYSTEM = `${FHIR_BASE}/Id/log-entry`;
/** Partner ids, `hearback`, `user:<name>` and `auditor:<id>`, as the log names who did something. */
export const ACTOR_SYSTEM = `${FHIR_BASE}/Id/actor`;
const PROFILES = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit';
const HEARBACK = 'hearback';

/**
 * An entry of the message log as a FHIR R4 AuditEvent: one for one, and nothing in it that the entry does not say. Follows the IHE
 * Basic Audit Log Patterns (1.1): names the profile where a patient is known and everything that it asks for is there. The log holds no
 * network addresses, so the access points are named after partner and channel (`urn:hearback:partner:casework:webhook`).
 * @param patient id of the referral's Patient resource, where there is one
 */
export function auditEventOf(entry: LogEntry, patient?: string): AuditEvent {
  const pattern = patternOf(entry);
  const { type, subtype, action, outcome } = pattern;
  const [first, ...others] = agentsOf(entry, pattern);
  const profile = patient === undefined ? undefined : pattern.profile;
  return {
    resourceType: 'AuditEvent',
    id: auditId(entry.seq),
    meta: { lastUpdated: entry.at, ...(profile !== undefined && { profile: [`${PROFILES}.${profile}`] }) },
    type,
    ...(subtype !== undefined && { subtype: [...subtype] }),
    action,
    recorded: entry.at,
    outcome,
    agent: [first, ...others],
    source: { observer: actor(HEARBACK), type: [SERVER] },
    entity: entitiesOf(entry, patient),
  };
}

/** `entry-17`: the id of the AuditEvent of an entry, and of its Provenance. */
export function auditId(seq: number): string {
  return `entry-${seq}`;
}

/** The number in `entry-17`; undefined for any other id. */
export function seqOfId(id: string): number | undefined {
  const digits = /^entry-(\d{1,15})$/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function messageReference(message: string): Reference {
  return { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${message}` } };
}

export function referralReference(referral: string): Reference {
  return { type: 'ServiceRequest', identifier: { system: REFERRAL_ID_SYSTEM, value: referral } };
}

export function actor(value: string): Reference {
  return { identifier: { system: ACTOR_SYSTEM, value } };
}

function agentsOf(entry: LogEntry, { flow }: AuditPattern): [AuditEventAgent, ...AuditEventAgent[]] {
  const { actor: who, detail } = entry;
  const channel = text(detail['channel']);
  switch (flow) {
    case 'in':
      return [system(who, ROLE.source, true, channel), system(HEARBACK, ROLE.destination, false)];
    case 'out':
      return [
        system(who, ROLE.source, true),
        system(text(detail['partner']) ?? 'unknown', ROLE.destination, false, channel),
      ];
    case 'read':
      return [
        isPerson(who) ? person(who, ROLE.recipient) : system(who, ROLE.destination, true),
        system(HEARBACK, ROLE.source, false),
        ...involved(entry),
      ];
    case 'own':
      return [isPerson(who) ? person(who, ROLE.human) : system(who, ROLE.application, true), ...involved(entry)];
  }
}

/** The partner that it speaks of and that did nothing: found by `agent` as those who did. */
function involved({ actor: who, detail }: LogEntry): AuditEventAgent[] {
  const partner = text(detail['partner']);
  return partner === undefined || partner === who ? [] : [{ who: actor(partner), requestor: false }];
}

function isPerson(who: string): boolean {
  return who.startsWith('user:');
}

function person(who: string, role: Coding): AuditEventAgent {
  return { type: { coding: [role] }, who: actor(who), requestor: true };
}

function system(who: string, role: Coding, requestor: boolean, channel?: string): AuditEventAgent {
  const address =
    who === HEARBACK ? 'urn:hearback:engine' : `urn:hearback:partner:${who}${channel ? `:${channel}` : ''}`;
  // 5: a URI (R4 network-type).
  return { type: { coding: [role] }, who: actor(who), requestor, network: { address, type: '5' } };
}

function entitiesOf(entry: LogEntry, patient: string | undefined): AuditEventEntity[] {
  const { referral, message, detail } = entry;
  const resource = text(detail['resource']);
  // A read is of one resource, which alone may be a System Object there (BALP Read: data 1..1).
  const data = resource === undefined ? message && messageReference(message) : { reference: resource };
  return [
    ...(patient === undefined
      ? []
      : [{ what: { reference: `Patient/${patient}` }, type: ENTITY.person, role: OBJECT.patient }]),
    ...(data ? [{ what: data, type: ENTITY.object, role: OBJECT.resource }] : []),
    ...(referral === undefined
      ? []
      : [{ what: referralReference(referral), type: ENTITY.referral, role: OBJECT.resource }]),
    entryEntity(entry),
  ];
}

/** The entry itself, word for word. */
function entryEntity({ seq, kind, detail }: LogEntry): AuditEventEntity {
  const said = Object.entries(detail)
    .filter(([, value]) => value !== '')
    .map(([type, value]) => ({ type, valueString: String(value) }));
  return {
    what: { identifier: { system: LOG_ENTRY_SYSTEM, value: String(seq) } },
    type: ENTITY.other,
    role: OBJECT.security,
    name: kind,
    ...(said.length > 0 && { detail: said }),
  };
}

function text(value: string | number | boolean | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
