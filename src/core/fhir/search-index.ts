/**
 * The search parameter values of a resource, as R4 names the parameters. One line a parameter in the table below; a
 * capability statement lists the same names. Values: `system|code`, `Type/id`, an instant in UTC, or a code by itself
 * where the element's code system is implied.
 */
import type { FhirResource, Identifier, Patient, Reference, ServiceRequest } from 'fhir/r4.js';
import type { SearchEntry } from '../referral.ts';
import { identifierKey, identifierKeys } from './references.ts';

/** Finds a resource of the same dossier by `Type/id`, for parameters that look through a reference. */
export type DossierLookup = (reference: string) => FhirResource | undefined;

export type IndexedType =
  | 'Task'
  | 'ServiceRequest'
  | 'Patient'
  | 'Observation'
  | 'QuestionnaireResponse'
  | 'Provenance';

/** How an element's value becomes search values. */
type Kind =
  /** A code, a Coding, a CodeableConcept. */
  | 'token'
  | 'identifier'
  /** The reference itself, and the identifiers of what it names. */
  | 'reference'
  | 'date'
  /** Only references to a Patient. */
  | 'patient';

type Parameter = readonly [name: string, element: string, kind: Kind];

const PARAMETERS: Readonly<Record<IndexedType, readonly Parameter[]>> = {
  Task: [
    ['authored-on', 'authoredOn', 'date'],
    ['based-on', 'basedOn', 'reference'],
    ['business-status', 'businessStatus', 'token'],
    ['code', 'code', 'token'],
    ['focus', 'focus', 'reference'],
    ['group-identifier', 'groupIdentifier', 'identifier'],
    ['identifier', 'identifier', 'identifier'],
    ['intent', 'intent', 'token'],
    ['modified', 'lastModified', 'date'],
    ['owner', 'owner', 'reference'],
    ['part-of', 'partOf', 'reference'],
    ['patient', 'for', 'patient'],
    ['priority', 'priority', 'token'],
    ['requester', 'requester', 'reference'],
    ['status', 'status', 'token'],
    ['subject', 'for', 'reference'],
  ],
  ServiceRequest: [
    ['authored', 'authoredOn', 'date'],
    ['based-on', 'basedOn', 'reference'],
    ['category', 'category', 'token'],
    ['code', 'code', 'token'],
    ['identifier', 'identifier', 'identifier'],
    ['intent', 'intent', 'token'],
    ['patient', 'subject', 'patient'],
    ['performer', 'performer', 'reference'],
    ['priority', 'priority', 'token'],
    ['replaces', 'replaces', 'reference'],
    ['requester', 'requester', 'reference'],
    ['requisition', 'requisition', 'identifier'],
    ['status', 'status', 'token'],
    ['subject', 'subject', 'reference'],
  ],
  Patient: [
    ['birthdate', 'birthDate', 'date'],
    ['identifier', 'identifier', 'identifier'],
  ],
  Observation: [
    ['based-on', 'basedOn', 'reference'],
    ['category', 'category', 'token'],
    ['code', 'code', 'token'],
    ['date', 'effectiveDateTime', 'date'],
    ['derived-from', 'derivedFrom', 'reference'],
    ['identifier', 'identifier', 'identifier'],
    ['part-of', 'partOf', 'reference'],
    ['patient', 'subject', 'patient'],
    ['performer', 'performer', 'reference'],
    ['status', 'status', 'token'],
    ['subject', 'subject', 'reference'],
  ],
  QuestionnaireResponse: [
    ['author', 'author', 'reference'],
    ['authored', 'authored', 'date'],
    ['based-on', 'basedOn', 'reference'],
    ['identifier', 'identifier', 'identifier'],
    ['part-of', 'partOf', 'reference'],
    ['patient', 'subject', 'patient'],
    ['questionnaire', 'questionnaire', 'token'],
    ['status', 'status', 'token'],
    ['subject', 'subject', 'reference'],
  ],
  Provenance: [
    ['patient', 'target', 'patient'],
    ['recorded', 'recorded', 'date'],
    ['target', 'target', 'reference'],
  ],
};

/** The parameters a type is searched by, `_id`, `_lastUpdated` and the chained `patient.identifier` among them; sorted. */
export function searchParametersOf(type: IndexedType): string[] {
  const own = PARAMETERS[type].flatMap(([name, , kind]) =>
    kind === 'patient' ? [name, `${name}.identifier`] : [name],
  );
  return ['_id', '_lastUpdated', ...own].sort();
}

/**
 * The search values of a resource, sorted and each once. Resources of other types are found by `_id` and `_lastUpdated` only.
 * Without `lookup` a reference is found by itself and by the identifier written in it.
 */
export function indexOf(resource: FhirResource, lookup: DossierLookup = () => undefined): SearchEntry[] {
  const elements = new Map<string, unknown>(Object.entries(resource));
  const found = isIndexed(resource.resourceType) ? PARAMETERS[resource.resourceType] : [];
  const former = resource.resourceType === 'Patient' ? formerIdentifiers(resource) : [];
  const entries = [
    ...(resource.id === undefined ? [] : [{ param: '_id', value: resource.id }]),
    ...instantsOf(resource.meta?.lastUpdated).map((value) => ({ param: '_lastUpdated', value })),
    ...former,
    ...(resource.resourceType === 'ServiceRequest' ? needEntries(resource) : []),
    ...found.flatMap(([name, element, kind]) => entriesOf(name, kind, listOf(elements.get(element)), lookup)),
  ];
  const unique = new Map(entries.map((entry) => [`${entry.param}\n${entry.value}`, entry]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
}

/** Our own: by it the road finds who is known under another number now. Nobody can ask for it from outside. */
export const FORMER_IDENTIFIER = '_former-identifier';

function formerIdentifiers({ identifier = [] }: Patient): SearchEntry[] {
  const old = identifier.filter(({ use }) => use === 'old');
  return old.flatMap((one) => keyOf(one).map((value) => ({ param: FORMER_IDENTIFIER, value })));
}

/** Our own as well: by it loops are found by what they are for. R4 has no parameter for the reason of a request. */
export const NEED = '_need';

function needEntries({ reasonCode = [] }: ServiceRequest): SearchEntry[] {
  return tokensOf({ coding: reasonCode.flatMap(({ coding = [] }) => coding) }).map((value) => ({ param: NEED, value }));
}

/** True for the types that have parameters of their own. */
export function isIndexed(type: string): type is IndexedType {
  return Object.hasOwn(PARAMETERS, type);
}

function entriesOf(param: string, kind: Kind, values: readonly unknown[], lookup: DossierLookup): SearchEntry[] {
  if (kind === 'patient') return values.flatMap((value) => patientEntries(param, value, lookup));
  const read = kind === 'reference' ? (value: unknown) => referenceValues(value, lookup) : READERS[kind];
  return values.flatMap((value) => read(value).map((text) => ({ param, value: text })));
}

const READERS: Readonly<Record<'token' | 'identifier' | 'date', (value: unknown) => string[]>> = {
  token: tokensOf,
  identifier: (value) => (isObject(value) ? keyOf(value) : []),
  date: instantsOf,
};

function patientEntries(param: string, value: unknown, lookup: DossierLookup): SearchEntry[] {
  if (!isObject(value)) return [];
  const { reference, identifier, type }: Reference = value;
  const isPatient =
    reference === undefined ? type === undefined || type === 'Patient' : reference.startsWith('Patient/');
  if (!isPatient) return [];
  const chained = [...keyOf(identifier), ...identifiersBehind(reference, lookup)];
  return [
    ...(reference === undefined ? [] : [{ param, value: reference }]),
    ...chained.map((key) => ({ param: `${param}.identifier`, value: key })),
  ];
}

function referenceValues(value: unknown, lookup: DossierLookup): string[] {
  if (!isObject(value)) return [];
  const { reference, identifier }: Reference = value;
  return [
    ...(reference === undefined ? [] : [reference]),
    ...keyOf(identifier),
    ...identifiersBehind(reference, lookup),
  ];
}

function identifiersBehind(reference: string | undefined, lookup: DossierLookup): string[] {
  const target = reference === undefined ? undefined : lookup(reference);
  return target === undefined ? [] : identifierKeys(target);
}

function keyOf(identifier: Identifier | undefined): string[] {
  const key = identifierKey(identifier);
  return key === undefined ? [] : [key];
}

function tokensOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  if ('coding' in value) return listOf(value.coding).flatMap(tokensOf);
  if (!('code' in value) || typeof value.code !== 'string') return [];
  return [`${'system' in value && typeof value.system === 'string' ? value.system : ''}|${value.code}`];
}

/** FHIR dateTimes as UTC instants; a date without a time counts from its first moment in UTC. */
function instantsOf(value: unknown): string[] {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? [] : [new Date(at).toISOString()];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
