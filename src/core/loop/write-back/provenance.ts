import type { Provenance, ProvenanceAgent, Reference } from 'fhir/r4.js';
import type { Dossier } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { namedId } from '../named-id.ts';
import { sayerOf } from '../who-said.ts';

interface ProvenanceGiven {
  readonly event: LoopEvent;
  readonly dossier: Dossier;
  readonly targets: readonly Reference[];
}

/**
 * Where something came from: written by the platform's worker on behalf of the platform's organisation, put together by
 * Hearback, from the message that said it. Its id is a function of the event. What Hearback concluded by itself (nobody
 * answered) has Hearback as author and no source.
 */
export function provenanceOf({ event, dossier, targets }: ProvenanceGiven): Provenance {
  const [first, ...rest] = targets;
  if (first === undefined) throw new Error('provenance of nothing');
  return {
    resourceType: 'Provenance',
    id: provenanceId(event),
    meta: { versionId: '1', lastUpdated: event.recordedAt },
    target: [first, ...rest],
    occurredDateTime: event.at,
    recorded: event.recordedAt,
    agent: [author(event, dossier), agent('assembler', { display: 'Hearback' })],
    ...(event.message !== undefined && {
      entity: [{ role: 'source', what: { identifier: messageIdentifier(event.message) } }],
    }),
  };
}

/** The id of the Provenance that belongs to an event. */
export function provenanceId(event: LoopEvent): string {
  return namedId('provenance', event.id);
}

function author(event: LoopEvent, dossier: Dossier): ProvenanceAgent {
  if (event.by === 'hearback') return agent('author', { display: 'Hearback' });
  const { worker, organisation } = sayerOf(event, dossier);
  const behind = organisation ?? { display: event.by };
  return worker === undefined
    ? agent('author', behind)
    : { ...agent('author', { display: worker }), onBehalfOf: behind };
}

/** http://hl7.org/fhir/R4/valueset-provenance-agent-type.html */
function agent(code: 'author' | 'assembler', who: Reference): ProvenanceAgent {
  const system = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
  return { type: { coding: [{ system, code }] }, who };
}

function messageIdentifier(message: string): { system: string; value: string } {
  return { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${message}` };
}
