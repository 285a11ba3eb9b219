import type { CodeableConcept, Observation, Provenance, QuestionnaireResponse, Task } from 'fhir/r4.js';
import type { Shelf } from './shelf.ts';

/** One line of a consultation. */
export interface Entry {
  readonly at: string;
  /** SNOMED code, absent for an entry that is text only. */
  readonly code?: string;
  readonly term: string;
  readonly value?: string;
  readonly note?: string;
}

export interface Consultation {
  readonly date: string;
  readonly title: string;
  readonly author: string;
  readonly entries: readonly Entry[];
}

export interface PatientRecord {
  readonly nhsNumber: string;
  readonly name: string;
  /** Where each referral stands now. */
  readonly referrals: readonly { readonly state: string; readonly said?: string }[];
  /** Newest first. */
  readonly consultations: readonly Consultation[];
}

interface Person {
  readonly nhsNumber: string;
  readonly name: string;
  readonly own: readonly Consultation[];
}

/** A person's record: what the practice wrote down, and what was filed from outside with who said it. */
export function viewRecord(shelf: Shelf, { nhsNumber, name, own }: Person): PatientRecord {
  const authors = authorsOf(shelf);
  const filed: Consultation[] = [];
  const referrals: PatientRecord['referrals'][number][] = [];
  for (const [where, { resource }] of shelf) {
    if (resource.resourceType === 'Task' && resource.for?.identifier?.value === nhsNumber)
      referrals.push(referralLine(resource));
    if (resource.resourceType !== 'Observation' && resource.resourceType !== 'QuestionnaireResponse') continue;
    if (resource.subject?.identifier?.value !== nhsNumber) continue;
    const entry = resource.resourceType === 'Observation' ? observed(resource) : answered(resource);
    const author = authors.get(where) ?? 'not stated';
    filed.push({ date: entry.at.slice(0, 10), title: 'Social prescribing', author, entries: [entry] });
  }
  return { nhsNumber, name, referrals, consultations: [...merged(filed), ...own].sort(newestFirst) };
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
  const names = [author?.who.display, author?.onBehalfOf?.display].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.join(', ');
}

function referralLine(task: Task): PatientRecord['referrals'][number] {
  const state = task.businessStatus?.text ?? task.businessStatus?.coding?.[0]?.display ?? task.status;
  const said = task.statusReason?.text;
  return { state, ...(said !== undefined && said !== state && { said }) };
}

function observed(observation: Observation): Entry {
  const snomed = observation.code.coding?.find((coding) => coding.system === 'http://snomed.info/sct');
  const value = observation.valueInteger ?? observation.valueQuantity?.value ?? observation.valueString;
  const note = observation.note?.map((one) => one.text).join(' ');
  return {
    at: observation.effectiveDateTime ?? observation.effectivePeriod?.end ?? '',
    ...(snomed?.code !== undefined && { code: snomed.code }),
    term: termOf(observation.code),
    ...(value !== undefined && { value: String(value) }),
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

function termOf(concept: CodeableConcept): string {
  return concept.text ?? concept.coding?.find((coding) => coding.display !== undefined)?.display ?? 'no term';
}

/** What the same author said on the same day is one consultation, in the order in which it was filed. */
function merged(consultations: readonly Consultation[]): Consultation[] {
  const byKey = new Map<string, Consultation>();
  for (const one of consultations) {
    const key = `${one.date}|${one.author}`;
    const known = byKey.get(key);
    byKey.set(key, known ? { ...known, entries: [...known.entries, ...one.entries] } : one);
  }
  return [...byKey.values()];
}

function newestFirst(left: Consultation, right: Consultation): number {
  return right.date.localeCompare(left.date);
}
