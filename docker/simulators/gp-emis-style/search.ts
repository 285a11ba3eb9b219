import type { Bundle, Coding, FhirResource, Patient, Reference } from 'fhir/r4.js';
import { asPatient, NHS_NUMBER, numberOf } from './patients-stated.ts';
import type { GpRecord } from './record.ts';
import type { Refusal } from './refusal.ts';
import { identifiersOf, served } from './shelf.ts';

const MOST = 200;
const USUAL = 50;

/** Everything of one type that this record serves, as it holds it: oldest first. */
function all(record: GpRecord, type: string): readonly FhirResource[] {
  if (type === 'Patient') return record.patients.all().map((_one, place) => patientAt(record, place));
  return [...record.shelf()].flatMap(([name, kept]) =>
    kept.resource.resourceType === type ? [served(name, kept)] : [],
  );
}

function patientAt(record: GpRecord, place: number): Patient {
  const patient = record.patients.all()[place];
  if (patient === undefined) throw new Error('nobody has that place');
  return asPatient(patient, `pat-${place + 1}`);
}

/** One resource by `Type/id`. */
export function readOne(record: GpRecord, type: string, id: string): FhirResource | undefined {
  return all(record, type).find((one) => one.id === id);
}

type Test = (resource: FhirResource, value: string, record: GpRecord) => boolean;

const identifier: Test = (resource, value) => identifiersOf(resource).some((one) => isToken(value, one));
const aboutPatient: Test = (resource, value, record) => {
  const name = value.includes('/') ? value.split('/').slice(-2).join('/') : `Patient/${value}`;
  const about = numberOf(resource, record.ids);
  return about !== undefined && about === record.ids.numberOf(name);
};
const patientIdentifier: Test = (resource, value, record) =>
  isToken(value, { system: NHS_NUMBER, value: numberOf(resource, record.ids) });
const status: Test = (resource, value) => 'status' in resource && resource.status === value;
const code: Test = (resource, value) =>
  codingsOf(resource).some((one) => isToken(value, { system: one.system, value: one.code }));
const pointing =
  (...elements: readonly string[]): Test =>
  (resource, value) =>
    Object.entries(resource).some(
      ([name, held]) => elements.includes(name) && [held].flat().some((one: Reference) => one?.reference === value),
    );

const _id: Test = (resource, value) => resource.id === value;
const EVERYWHERE: Readonly<Record<string, Test>> = { _id, identifier, status };
const OF_A_PATIENT: Readonly<Record<string, Test>> = Object.fromEntries([
  ...['subject', 'patient'].map((name) => [name, aboutPatient]),
  ...['subject', 'patient'].flatMap((name) =>
    [`${name}:identifier`, `${name}.identifier`, `${name}:Patient.identifier`].map((one) => [one, patientIdentifier]),
  ),
]);
type Served =
  | 'Patient'
  | 'Observation'
  | 'QuestionnaireResponse'
  | 'Procedure'
  | 'Condition'
  | 'Task'
  | 'DocumentReference'
  | 'Provenance'
  | 'Binary';
const PARAMETERS: Readonly<Record<Served, Readonly<Record<string, Test>>>> = {
  Patient: { _id, identifier },
  Observation: {
    ...EVERYWHERE,
    ...OF_A_PATIENT,
    code,
    'derived-from': pointing('derivedFrom'),
    'based-on': pointing('basedOn'),
  },
  QuestionnaireResponse: { ...EVERYWHERE, ...OF_A_PATIENT, 'based-on': pointing('basedOn') },
  Procedure: { ...EVERYWHERE, ...OF_A_PATIENT, code },
  Condition: { ...EVERYWHERE, ...OF_A_PATIENT, code },
  Task: { ...EVERYWHERE, ...OF_A_PATIENT },
  DocumentReference: { ...EVERYWHERE, ...OF_A_PATIENT },
  Provenance: { _id, target: pointing('target') },
  Binary: { _id },
};

function isServed(type: string): type is Served {
  return Object.hasOwn(PARAMETERS, type);
}

/** What can be asked for, by type: for the CapabilityStatement. */
export const SEARCHES = Object.keys(PARAMETERS)
  .filter(isServed)
  .map((type) => ({ type, names: Object.keys(PARAMETERS[type]).filter((one) => !/[:.]/.test(one)) }));

/**
 * Searches the record as it holds it (a dropped code is not found). All parameters must hold, of the values of one parameter
 * any. A parameter that is not known here is refused: to leave it out would match too much.
 * @param base the address of the FHIR endpoint, for links
 */
export function search(
  record: GpRecord,
  { type, query, base }: { readonly type: string; readonly query: URLSearchParams; readonly base: string },
): Bundle<FhirResource> | Refusal {
  if (!isServed(type)) return { status: 404, code: 'not-supported', why: 'This record serves no such type.' };
  const known = PARAMETERS[type];
  const wanted = [...query].filter(([name]) => !['_count', '_offset', '_format'].includes(name));
  const unknown = wanted.filter(([name]) => !Object.hasOwn(known, name)).length;
  if (unknown > 0)
    return { status: 400, code: 'not-supported', why: `${unknown} of the search parameters are not known here.` };
  const found = all(record, type).filter((one) =>
    wanted.every(([name, values]) => split(values).some((value) => known[name]?.(one, value, record))),
  );
  return bundleOf(found, { type, query, base });
}

function bundleOf(
  found: readonly FhirResource[],
  { type, query, base }: { readonly type: string; readonly query: URLSearchParams; readonly base: string },
): Bundle<FhirResource> {
  const count = Math.min(whole(query.get('_count')) ?? USUAL, MOST);
  const from = whole(query.get('_offset')) ?? 0;
  const at = (offset: number) => {
    const asked = new URLSearchParams(query);
    asked.set('_offset', String(offset));
    return `${base}/${type}?${asked}`;
  };
  const more = from + count < found.length && count > 0;
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [{ relation: 'self', url: at(from) }, ...(more ? [{ relation: 'next', url: at(from + count) }] : [])],
    entry: found.slice(from, from + count).map((resource) => ({
      fullUrl: `${base}/${type}/${resource.id}`,
      resource,
      search: { mode: 'match' as const },
    })),
  };
}

/** R4 search §3.1.1.4.10: `|` and a system before it narrow a token, `|value` wants no system. */
function isToken(wanted: string, held: { system?: string | undefined; value?: string | undefined }): boolean {
  const bar = wanted.indexOf('|');
  if (held.value === undefined) return false;
  if (bar < 0) return held.value === wanted;
  const [system, value] = [wanted.slice(0, bar), wanted.slice(bar + 1)];
  return (held.system ?? '') === system && (value === '' || held.value === value);
}

function codingsOf(resource: FhirResource): readonly Coding[] {
  switch (resource.resourceType) {
    case 'Observation':
    case 'Procedure':
    case 'Condition':
      return resource.code?.coding ?? [];
    default:
      return [];
  }
}

/** Values stand between commas; `\,` is a comma (R4 search §3.1.1.4.0.1). */
function split(values: string): string[] {
  return values.split(/(?<!\\),/).map((value) => value.replace(/\\([,|$\\])/g, '$1'));
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
