import type { Bundle, FhirResource } from 'fhir/r4.js';
import { type Consultation, type PatientRecord, viewRecord } from './record-view.ts';
import type { Shelf } from './shelf.ts';
import { fileTransaction, type Refused } from './transaction.ts';

/** Somebody who is registered with the practice. */
export interface Registered {
  readonly nhsNumber: string;
  readonly name: string;
}

export interface GpRecord {
  /** Registers a patient, with what the practice itself wrote down about them. */
  register(patient: Registered, consultations?: readonly Consultation[]): void;
  /** Files a transaction whole or not at all. */
  file(bundle: Bundle<FhirResource>): { readonly response: Bundle } | Refused;
  resources(): readonly FhirResource[];
  /** How often a resource was written, by `Type/id`. */
  versions(): ReadonlyMap<string, number>;
  /** Everything about one person, as a practice would read it: newest consultation first. */
  patient(nhsNumber: string): PatientRecord;
  patients(): readonly Registered[];
}

/** A GP practice's record in the style of EMIS: consultations that hold coded entries. */
export function newGpRecord(): GpRecord {
  const own = new Map<string, { patient: Registered; consultations: readonly Consultation[] }>();
  let shelf: Shelf = new Map();
  let last = 0;
  const newId = () => {
    last += 1;
    return `emis-${last}`;
  };
  const resources = () => [...shelf.values()].map((kept) => kept.resource);
  return {
    register: (patient, consultations = []) => void own.set(patient.nhsNumber, { patient, consultations }),
    file(bundle) {
      const filed = fileTransaction(shelf, bundle, newId);
      if ('why' in filed) return filed;
      shelf = filed.shelf;
      return { response: filed.response };
    },
    resources,
    versions: () => new Map([...shelf].map(([name, kept]) => [name, kept.version])),
    patient(nhsNumber) {
      const known = own.get(nhsNumber);
      return viewRecord(shelf, {
        nhsNumber,
        name: known?.patient.name ?? 'Not registered here',
        own: known?.consultations ?? [],
      });
    },
    patients: () => [...own.values()].map((one) => one.patient),
  };
}
