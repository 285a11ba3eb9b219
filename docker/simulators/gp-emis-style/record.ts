import type { Bundle, FhirResource } from 'fhir/r4.js';
import { type MatchMode, newPatientList, type PatientList, type Registered } from '../gp-record/registered.ts';
import type { Consultation, PatientRecord } from '../gp-record/shown-record.ts';
import { asFiled, type Dictionary, EVERY_CODE } from './dictionary.ts';
import { nhsNumberOf, type PatientIds, patientIds, refusePatient, withOwnPatient } from './patients-stated.ts';
import { viewRecord } from './record-view.ts';
import type { Refusal } from './refusal.ts';
import type { Shelf } from './shelf.ts';
import { fileTransaction } from './transaction.ts';

export interface RecordOptions {
  /** How strictly a write is held against the list of patients; `stated` when left out. */
  readonly match?: MatchMode;
  /** The codes that this site resolves; every code when left out. */
  readonly dictionary?: Dictionary;
  /** Under which user of the record system everything that comes from outside is entered. */
  readonly gatewayUser?: string;
  readonly now?: () => Date;
}

export interface GpRecord {
  readonly patients: PatientList;
  readonly ids: PatientIds;
  /** Registers a patient, with what the practice itself wrote down about them. */
  register(patient: Registered, consultations?: readonly Consultation[]): void;
  /** Files a transaction whole or not at all. */
  file(bundle: Bundle<FhirResource>): { readonly response: Bundle } | Refusal;
  /** False: from now on documents are all that is taken. */
  setStructured(on: boolean): void;
  /** Another dictionary from now on; what is filed stays as it was filed. */
  setDictionary(dictionary: Dictionary): void;
  resources(): readonly FhirResource[];
  shelf(): Shelf;
  /** How often a resource was written, by `Type/id`. */
  versions(): ReadonlyMap<string, number>;
  /** Everything about one person, as a practice would read it: newest consultation first. */
  patient(nhsNumber: string): PatientRecord;
}

/** What may be filed here; anything else fails the whole message (as ITK3's 20009 does). */
const FILED = new Set<string>([
  'Observation',
  'QuestionnaireResponse',
  'Procedure',
  'Condition',
  'Task',
  'Provenance',
  'DocumentReference',
  'Binary',
  'Patient',
]);
const DOCUMENTS = new Set<string>(['DocumentReference', 'Binary', 'Provenance', 'Patient']);

/** A GP practice's record in the style of EMIS: consultations that hold coded entries, and a code dictionary of its own. */
export function newGpRecord(options: RecordOptions = {}): GpRecord {
  const { match = 'stated', gatewayUser = 'Gateway user', now = () => new Date() } = options;
  const patients = newPatientList();
  const ids = patientIds(patients);
  const own = new Map<string, readonly Consultation[]>();
  let dictionary = options.dictionary ?? EVERY_CODE;
  let structured = true;
  let shelf: Shelf = new Map();
  let last = 0;
  const newId = () => {
    last += 1;
    return `emis-${last}`;
  };
  return {
    patients,
    ids,
    register(patient, consultations = []) {
      patients.register(patient);
      own.set(patient.nhsNumber, consultations);
    },
    file(bundle) {
      const refusal = refuseTypes(bundle, structured) ?? refusePatient(bundle, { patients, ids, mode: match });
      if (refusal !== undefined) return refusal;
      const filed = fileTransaction(shelf, bundle, {
        newId,
        now: now().toISOString(),
        filedAs: (resource) => withOwnPatient(asFiled(resource, dictionary), ids),
        held: (resource) => (resource.resourceType === 'Patient' ? ids.idOf(nhsNumberOf(resource) ?? '') : undefined),
      });
      if ('why' in filed) return filed;
      shelf = filed.shelf;
      return { response: filed.response };
    },
    setStructured: (on) => {
      structured = on;
    },
    setDictionary: (other) => {
      dictionary = other;
    },
    resources: () => [...shelf.values()].map((kept) => kept.resource),
    shelf: () => shelf,
    versions: () => new Map([...shelf].map(([name, kept]) => [name, kept.version])),
    patient(nhsNumber) {
      const patient = patients.byNumber(nhsNumber);
      return viewRecord(shelf, {
        ids,
        nhsNumber,
        gatewayUser,
        own: own.get(nhsNumber) ?? [],
        ...(patient && { patient }),
      });
    },
  };
}

function refuseTypes(bundle: Bundle<FhirResource>, structured: boolean): Refusal | undefined {
  for (const [index, { resource }] of (bundle.entry ?? []).entries()) {
    const type = resource?.resourceType ?? '';
    const expression = [`Bundle.entry[${index}].resource`];
    if (resource !== undefined && !FILED.has(type))
      return {
        status: 422,
        code: 'not-supported',
        why: 'This record files no such resource.',
        expression,
        itk: '20009',
      };
    if (resource?.resourceType === 'Observation' && typeof resource.code !== 'object')
      return { status: 422, code: 'required', why: 'An Observation needs a code.', expression, itk: '20009' };
    if (!structured && resource !== undefined && !DOCUMENTS.has(type)) {
      const why = 'Structured write-back is switched off at this practice. Documents are taken.';
      return { status: 422, code: 'not-supported', why, expression, itk: '20010' };
    }
  }
  return undefined;
}
