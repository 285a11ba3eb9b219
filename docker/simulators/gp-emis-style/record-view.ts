import { createHash } from 'node:crypto';
import type {
  DocumentReference,
  FhirResource,
  Observation,
  Provenance,
  QuestionnaireResponse,
  Reference,
  Task,
} from 'fhir/r4.js';
import type { Registered } from '../gp-record/registered.ts';
import {
  type Consultation,
  type Entry,
  inOrder,
  type PatientRecord,
  type ShownDocument,
} from '../gp-record/shown-record.ts';
import { SNOMED } from './dictionary.ts';
import { numberOf, type PatientIds } from './patients-stated.ts';
import type { Kept, Shelf } from './shelf.ts';
import { termOf, valueText } from './value-text.ts';

interface Person {
  readonly nhsNumber: string;
  readonly patient?: Registered;
  readonly ids: PatientIds;
  readonly gatewayUser: string;
  readonly own: readonly Consultation[];
}

/** A person's record: what the practice wrote down, and what was filed from outside with who said it. */
export function viewRecord(shelf: Shelf, person: Person): PatientRecord {
  const { nhsNumber, patient, ids, gatewayUser: enteredBy, own } = person;
  const authors = authorsOf(shelf);
  const filed: Consultation[] = [];
  const referrals: PatientRecord['referrals'][number][] = [];
  const documents: ShownDocument[] = [];
  for (const [where, kept] of shelf) {
    const { resource } = kept;
    if (numberOf(resource, ids) !== nhsNumber) continue;
    const author = ownAuthor(resource) ?? authors.get(where) ?? enteredBy;
    if (resource.resourceType === 'Task') referrals.push(referralLine(resource));
    if (resource.resourceType === 'DocumentReference')
      documents.push({ ...documentLine(resource, shelf), ...marksOf(kept), author, enteredBy });
    const entry = entryOf(resource);
    if (entry !== undefined) {
      const entries = [{ ...entry, ...marksOf(kept) }];
      filed.push({ date: entry.at.slice(0, 10), title: 'Social prescribing', author, enteredBy, entries });
    }
  }
  return {
    style: 'EMIS-style',
    nhsNumber,
    name: patient === undefined ? 'Not registered here' : `${patient.given} ${patient.family}`,
    ...(patient && { birthDate: patient.birthDate, gender: patient.gender }),
    referrals,
    consultations: inOrder([...filed, ...own]),
    documents,
    waiting: [],
  };
}

function entryOf(resource: FhirResource): Entry | undefined {
  if (resource.resourceType === 'Observation') return observed(resource);
  if (resource.resourceType === 'QuestionnaireResponse') return answered(resource);
  return undefined;
}

/** Who wrote it, as the resource itself says. */
function ownAuthor(resource: FhirResource): string | undefined {
  if (resource.resourceType === 'Observation') return namesOf(resource.performer);
  if (resource.resourceType === 'QuestionnaireResponse') return namesOf(resource.author && [resource.author]);
  if (resource.resourceType === 'DocumentReference') return namesOf(resource.author);
  return undefined;
}

function namesOf(who: readonly Reference[] | undefined): string | undefined {
  const names = (who ?? []).flatMap(({ display, identifier }) => display ?? identifier?.value ?? []);
  return names.length === 0 ? undefined : names.join(', ');
}

/**
 * Who wrote what, by `Type/id`: the agent of type author of the Provenance that has it as a target
 * (http://hl7.org/fhir/R4/valueset-provenance-agent-type.html), on whose behalf as well. Each entry has one Provenance;
 * a Task has one for each change, and its author is not asked for.
 */
function authorsOf(shelf: Shelf): ReadonlyMap<string, string> {
  const provenances = [...shelf.values()].flatMap(({ resource }) =>
    resource.resourceType === 'Provenance' ? [resource] : [],
  );
  return new Map(
    provenances.flatMap((provenance) => {
      const author = authorOf(provenance);
      return author === undefined ? [] : provenance.target.map((target) => [target.reference ?? '', author] as const);
    }),
  );
}

function authorOf(provenance: Provenance): string | undefined {
  const author = provenance.agent.find((agent) => agent.type?.coding?.some((coding) => coding.code === 'author'));
  return author && namesOf([author.who, ...(author.onBehalfOf ? [author.onBehalfOf] : [])]);
}

function referralLine(task: Task): PatientRecord['referrals'][number] {
  const state = task.businessStatus?.text ?? task.businessStatus?.coding?.[0]?.display ?? task.status;
  const said = task.statusReason?.text;
  return { state, ...(said !== undefined && said !== state && { said }) };
}

function observed(observation: Observation): Entry {
  const snomed = observation.code.coding?.find((coding) => coding.system === SNOMED);
  const note = observation.note?.map((one) => one.text).join(' ');
  return {
    at: observation.effectiveDateTime ?? observation.effectivePeriod?.end ?? '',
    ...(snomed?.code !== undefined && { code: snomed.code, system: SNOMED }),
    term: termOf(observation.code),
    ...valueText(observation),
    ...(note !== undefined && { note: note.replace(/\s+/g, ' ') }),
  };
}

function answered(response: QuestionnaireResponse): Entry {
  const form = response.questionnaire?.split('|')[0]?.split('/').at(-1) ?? 'form';
  return {
    at: response.authored ?? '',
    term: `Questionnaire ${form.toUpperCase()}`,
    value: `${(response.item ?? []).length} answers`,
  };
}

function documentLine(document: DocumentReference, shelf: Shelf) {
  const attachment = document.content[0]?.attachment;
  const binary = shelf.get(attachment?.url ?? '')?.resource;
  const inBinary = binary?.resourceType === 'Binary' ? binary : undefined;
  const bytes = Buffer.from(attachment?.data ?? inBinary?.data ?? '', 'base64');
  return {
    date: (document.date ?? attachment?.creation ?? '').slice(0, 10),
    title: attachment?.title ?? document.description ?? (document.type ? termOf(document.type) : 'no title'),
    ...(document.description !== undefined && { note: document.description }),
    contentType: attachment?.contentType ?? inBinary?.contentType ?? 'unknown',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function marksOf({ resource, recorded }: Kept): { recorded: string; hiddenFromPatient?: true } {
  return { recorded, ...(isHidden(resource) && { hiddenFromPatient: true }) };
}

/**
 * NOPAT (no disclosure to patient, family or caregivers without attending provider's authorization; v3 ActCode) in
 * meta.security, or in the securityLabel of a document. Without it the patient sees the entry: also one about a third person.
 */
function isHidden(resource: FhirResource): boolean {
  const labels = resource.meta?.security ?? [];
  const ofDocument =
    resource.resourceType === 'DocumentReference'
      ? (resource.securityLabel ?? []).flatMap(({ coding }) => coding ?? [])
      : [];
  return [...labels, ...ofDocument].some(({ code, system = '' }) => code === 'NOPAT' && /ActCode$/i.test(system));
}
