import { createHash } from 'node:crypto';
import type { Bundle, DocumentReference, FhirResource, Observation } from 'fhir/r4.js';
import type { ReadableDocument } from '../../core/document/readable-document.ts';
import { isNhsNumberSystem } from '../../core/fhir/nhs-number.ts';
import type { LoopEvent } from '../../core/loop/event.ts';
import { namedId } from '../../core/loop/named-id.ts';
import { isRestricted, restricted } from '../../core/loop/patient-view.ts';
import { resultsOf } from '../../core/loop/report/attach-results.ts';
import { stateRow } from '../../core/loop/states.ts';
import { eventWords, performersOf } from '../../core/loop/write-back/gp-entry.ts';
import { logicalReference, patientIdentifier } from '../../core/loop/write-back/logical-reference.ts';
import { buildWriteBack, type WriteBackGiven } from '../../core/loop/write-back/write-back.ts';
import { ENTRY_ID_SYSTEM, ofType } from '../../core/referral.ts';
import type { RoadPartner, RoadParts } from '../road-parts.ts';

type About = Pick<WriteBackGiven, 'dossier' | 'referral' | 'event' | 'digest' | 'codesOnly'>;
type Given = Pick<RoadParts, 'makePdf'>;

/**
 * What happened as one document, for a practice that takes no structured entries or refused these. Over FHIR a transaction with
 * one DocumentReference that holds a PDF; sending it again changes nothing (a conditional create by its entry identifier, a
 * function of the events). Over HL7 v2 what the partner's mapping `document` reads: the same as every write-back, and the
 * mapping makes the document of it.
 */
export function documentBundle(about: About, partner: RoadPartner, given: Given): { bundle?: Bundle } {
  if (partner.outward?.channel === 'mllp') return buildWriteBack(about);
  const { dossier, event, digest = [event], referral } = about;
  const [patient] = ofType(dossier, 'Patient');
  if (patientIdentifier(patient?.identifier) === undefined) return {};
  const authors = authorsOf(about);
  const bytes = given.makePdf(letterOf(about, authors));
  const id = namedId('document', ...digest.map((one) => one.id));
  const reference: DocumentReference = {
    resourceType: 'DocumentReference',
    identifier: [{ system: ENTRY_ID_SYSTEM, value: id }],
    status: 'current',
    type: { text: TITLE },
    subject: logicalReference({ reference: `Patient/${patient?.id}` }, dossier),
    date: event.recordedAt,
    ...(authors.length > 0 && { author: authors.map((display) => ({ display })) }),
    description: TITLE,
    content: [
      {
        attachment: {
          contentType: 'application/pdf',
          data: Buffer.from(bytes).toString('base64'),
          size: bytes.length,
          // R4 datatypes §2.24.0.12: the SHA-1 of the data.
          hash: createHash('sha1').update(bytes).digest('base64'),
          title: TITLE,
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

const TITLE = 'Social prescribing: what happened';

function authorsOf({ dossier, event, digest = [event] }: About): string[] {
  const said = digest.filter(({ by }) => by !== 'hearback');
  return [...new Set(said.flatMap((one) => performersOf(one, dossier).flatMap(({ display }) => display ?? [])))];
}

/** What the practice reads: who it is about, what happened in order, what was measured, and who says so. */
export function letterOf(about: About, authors: readonly string[]): ReadableDocument {
  const { dossier, event, digest = [event], referral, codesOnly = false } = about;
  const measured = digest
    .flatMap((one) => resultsOf(one, dossier))
    .flatMap((one) => (one.resourceType === 'Observation' ? [resultLine(one)] : []));
  return {
    title: TITLE,
    date: event.at,
    ...(authors[0] !== undefined && { author: authors.join('; ') }),
    patient: patientLines(about),
    sections: [
      {
        heading: 'What happened',
        paragraphs: digest.map((one) => eventLine(one, codesOnly ? [] : eventWords(one, dossier))),
      },
      ...(measured.length === 0 ? [] : [{ heading: 'What was measured', paragraphs: measured }]),
      {
        rows: [
          { label: 'Written by', text: authors.join('; ') || 'Hearback' },
          { label: 'Sent by', text: 'Hearback' },
          { label: 'Referral', text: referral.id },
        ],
      },
    ],
  };
}

function patientLines({ dossier }: About): string[] {
  const [patient] = ofType(dossier, 'Patient');
  const nhsNumber = patient?.identifier?.find(({ system }) => isNhsNumberSystem(system))?.value;
  const [name] = patient?.name ?? [];
  const named = name?.text ?? [...(name?.given ?? []), name?.family].filter((part) => part !== undefined).join(' ');
  return [
    ...(named === '' ? [] : [named]),
    ...(nhsNumber === undefined ? [] : [`NHS number ${nhsNumber}`]),
    ...(patient?.birthDate === undefined ? [] : [`Born ${patient.birthDate}`]),
  ];
}

function eventLine({ at, kind }: LoopEvent, words: readonly string[]): string {
  const { display, code } = stateRow(kind);
  const coded = code === undefined ? '' : ` (SNOMED CT ${code.code} ${code.display})`;
  return [`${at.slice(0, 10)} ${display}${coded}.`, ...words].join('\n');
}

function resultLine({ code, valueInteger, valueQuantity, effectiveDateTime = '' }: Observation): string {
  const title = code.text ?? code.coding?.find(({ display }) => display !== undefined)?.display ?? 'Result';
  const value = valueInteger ?? valueQuantity?.value;
  return `${effectiveDateTime.slice(0, 10)} ${title}${value === undefined ? '' : `: ${value}`}`;
}
