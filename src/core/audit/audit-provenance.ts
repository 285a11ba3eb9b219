import type { CodeableConcept, Provenance, ProvenanceEntity, Reference } from 'fhir/r4.js';
import { FHIR_BASE } from '../referral.ts';
import { actor, auditId, messageReference, referralReference } from './audit-event.ts';
import type { LogEntry } from './log-entry.ts';

const EVENT_ID_SYSTEM = `${FHIR_BASE}/Id/event`;
const MAPPING_SYSTEM = `${FHIR_BASE}/Id/mapping`;

/**
 * Where something came from that Hearback extracted or translated, made from the log's entry about it: a message made for a
 * partner, an event read out of a message, a code that was added. Undefined for entries about anything else. A mapping, or a
 * concept map, is the plan by which it was made (`policy`), with version and digest.
 */
export function auditProvenanceOf(entry: LogEntry): Provenance | undefined {
  const made = madeOf(entry);
  if (made === undefined) return undefined;
  const { target, source, policy, activity, author } = made;
  return {
    resourceType: 'Provenance',
    id: auditId(entry.seq),
    meta: { lastUpdated: entry.at },
    target: [target],
    recorded: entry.at,
    ...(policy !== undefined && { policy: [policy] }),
    activity,
    agent: [
      ...(author === undefined ? [] : [{ type: participant('author'), who: actor(author) }]),
      { type: participant('assembler'), who: actor('hearback') },
    ],
    entity: source.map((what): ProvenanceEntity => ({ role: 'source', what })),
  };
}

interface Made {
  readonly target: Reference;
  readonly source: readonly Reference[];
  readonly policy?: string | undefined;
  readonly activity: CodeableConcept;
  /** Who said what it was made of. */
  readonly author?: string;
}

function madeOf({ kind, actor: who, message, referral, detail }: LogEntry): Made | undefined {
  const policy = planOf(detail);
  if (kind === 'message.made' && message !== undefined) {
    const cause = detail['cause'];
    const source = [
      ...(typeof cause === 'string' ? [messageReference(cause)] : []),
      ...(referral === undefined ? [] : [referralReference(referral)]),
    ];
    return { target: messageReference(message), source, policy, activity: operation('CREATE', 'create') };
  }
  if (kind === 'event.recorded' && message !== undefined && who !== 'hearback') {
    const event = { identifier: { system: EVENT_ID_SYSTEM, value: String(detail['event']) } };
    const source = [messageReference(message)];
    return { target: event, source, policy, activity: operation('CREATE', 'create'), author: who };
  }
  if ((kind === 'code.translated' || kind === 'code.repaired') && referral !== undefined) {
    const source = message === undefined ? [] : [messageReference(message)];
    return { target: referralReference(referral), source, policy, activity: operation('UPDATE', 'revise') };
  }
  return undefined;
}

/** The mapping or concept map as a URI: its name or canonical URL, version and digest. */
function planOf(detail: LogEntry['detail']): string | undefined {
  if (detail['mapping'] !== undefined) {
    return `${MAPPING_SYSTEM}/${detail['mapping']}|${detail['mappingVersion']}#sha256:${detail['mappingDigest']}`;
  }
  if (detail['map'] === undefined) return undefined;
  return detail['mapVersion'] === undefined ? String(detail['map']) : `${detail['map']}|${detail['mapVersion']}`;
}

/** http://terminology.hl7.org/CodeSystem/v3-DataOperation, of R4's provenance-activity-type. */
function operation(code: string, display: string): CodeableConcept {
  return { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code, display }] };
}

/** http://hl7.org/fhir/R4/valueset-provenance-agent-type.html */
function participant(code: 'author' | 'assembler'): CodeableConcept {
  return { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code }] };
}
