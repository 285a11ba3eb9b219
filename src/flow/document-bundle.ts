import { createHash } from 'node:crypto';
import type { Bundle, DocumentReference, FhirResource, Observation } from 'fhir/r4.js';
import { isNhsNumberSystem } from '../core/fhir/nhs-number.ts';
import { resultsOf } from '../core/loop/attach-results.ts';
import { type DocumentFacts, plainDocument } from '../core/loop/document-text.ts';
import type { LoopEvent } from '../core/loop/event.ts';
import { eventWords, performersOf } from '../core/loop/gp-entry.ts';
import { logicalReference, patientIdentifier } from '../core/loop/logical-reference.ts';
import { namedId } from '../core/loop/named-id.ts';
import { isRestricted, restricted } from '../core/loop/patient-view.ts';
import { stateRow } from '../core/loop/states.ts';
import type { WriteBackGiven } from '../core/loop/write-back.ts';
import { ENTRY_ID_SYSTEM, ofType } from '../core/referral.ts';
import type { RoadParts } from './road-parts.ts';

type About = Pick<WriteBackGiven, 'dossier' | 'referral' | 'event' | 'digest' | 'codesOnly'>;

/**
 * What happened as one document, for a practice that takes no structured entries or refused these: a transaction with one
 * DocumentReference. Sending it again changes nothing (a conditional create by its entry identifier, a function of the events).
 */
export function documentBundle(
  about: About,
  { makeDocument = plainDocument }: Pick<RoadParts, 'makeDocument'>,
): { bundle?: Bundle } {
  const { dossier, event, digest = [event], referral } = about;
  const [patient] = ofType(dossier, 'Patient');
  if (patientIdentifier(patient?.identifier) === undefined) return {};
  const facts = factsOf(about, digest);
  const { contentType, bytes } = makeDocument(facts);
  const id = namedId('document', ...digest.map((one) => one.id));
  const reference: DocumentReference = {
    resourceType: 'DocumentReference',
    identifier: [{ system: ENTRY_ID_SYSTEM, value: id }],
    status: 'current',
    type: { text: facts.title },
    subject: logicalReference({ reference: `Patient/${patient?.id}` }, dossier),
    date: event.recordedAt,
    author: facts.authors.map((display) => ({ display })),
    description: facts.title,
    content: [
      {
        attachment: {
          contentType,
          data: Buffer.from(bytes).toString('base64'),
          size: bytes.length,
          // R4 datatypes §2.24.0.12: the SHA-1 of the data.
          hash: createHash('sha1').update(bytes).digest('base64'),
          title: facts.title,
        },
      },
    ],
  };
  const resource: FhirResource = digest.some(isRestricted) ? restricted(reference) : reference;
  return {
    bundle: {
      resourceType: 'Bundle',
      id: namedId('write-back-document', ...digest.map((one) => one.id), referral.id),
      type: 'transaction',
      entry: [
        {
          fullUrl: `urn:uuid:${id}`,
          resource,
          request: { method: 'POST', url: 'DocumentReference', ifNoneExist: `identifier=${ENTRY_ID_SYSTEM}|${id}` },
        },
      ],
    },
  };
}

function factsOf({ dossier, event, referral, codesOnly = false }: About, events: readonly LoopEvent[]): DocumentFacts {
  const [patient] = ofType(dossier, 'Patient');
  const nhsNumber = patient?.identifier?.find(({ system }) => isNhsNumberSystem(system))?.value;
  const [name] = patient?.name ?? [];
  const named = name?.text ?? [...(name?.given ?? []), name?.family].filter((part) => part !== undefined).join(' ');
  const observations = events
    .flatMap((one) => resultsOf(one, dossier))
    .filter((one) => one.resourceType === 'Observation');
  return {
    title: 'Social prescribing: what happened',
    at: event.at,
    referral: referral.id,
    patient: {
      ...(nhsNumber !== undefined && { nhsNumber }),
      ...(named !== '' && { name: named }),
      ...(patient?.birthDate !== undefined && { birthDate: patient.birthDate }),
    },
    lines: events.map((one) => lineOf(one, codesOnly ? [] : eventWords(one, dossier))),
    results: observations.map(resultLine),
    authors: [...new Set(events.flatMap((one) => performersOf(one, dossier).flatMap(({ display }) => display ?? [])))],
  };
}

function lineOf({ at, kind }: LoopEvent, words: readonly string[]): string {
  const { display, code } = stateRow(kind);
  const coded = code === undefined ? '' : ` (SNOMED CT ${code.code} ${code.display})`;
  return [`${at.slice(0, 10)} ${display}${coded}.`, ...words].join(' ').replace(/\s*\n\s*/g, ' ');
}

function resultLine({ code, valueInteger, valueQuantity, effectiveDateTime = '' }: Observation): string {
  const title = code.text ?? code.coding?.find(({ display }) => display !== undefined)?.display ?? 'Result';
  const value = valueInteger ?? valueQuantity?.value;
  return `${effectiveDateTime.slice(0, 10)} ${title}${value === undefined ? '' : `: ${value}`}`;
}
