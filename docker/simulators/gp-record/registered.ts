/** FHIR's words for table HL70001 too (R4 valueset-administrative-gender). */
export type Gender = 'male' | 'female' | 'other' | 'unknown';

/** Somebody on a practice's list. */
export interface Registered {
  readonly nhsNumber: string;
  readonly family: string;
  readonly given: string;
  /** YYYY-MM-DD */
  readonly birthDate: string;
  readonly gender: Gender;
  /** ODS code of the practice that has the patient now: this one had them before. */
  readonly movedTo?: string;
}

/** What a message says of the patient whom it is about. Several values where it says several things. */
export interface Stated {
  readonly nhsNumber?: string;
  readonly family?: readonly string[];
  readonly birthDate?: readonly string[];
  readonly gender?: readonly string[];
}

/**
 * How strictly a write is held against the list. `stated`: whatever the message states must be the same, letter by letter.
 * `full`: surname, birth date and gender must be stated too. `off`: everybody is taken, registered or not.
 */
export type MatchMode = 'off' | 'stated' | 'full';
export const MATCH_MODES: readonly MatchMode[] = ['off', 'stated', 'full'];

type Demographic = 'family' | 'birthDate' | 'gender';
const DEMOGRAPHICS: readonly Demographic[] = ['family', 'birthDate', 'gender'];

export type Judgement =
  | { readonly kind: 'ours' }
  | { readonly kind: 'not-registered' }
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'differs'; readonly fields: readonly Demographic[] };

export interface PatientList {
  /** Adds somebody, or changes what is known of them. */
  register(patient: Registered): void;
  byNumber(nhsNumber: string): Registered | undefined;
  /** In the order in which they came. */
  all(): readonly Registered[];
  /** Who it is said to be against who it is: never loosened, because a near match files into somebody else's record. */
  judge(stated: Stated, mode: MatchMode): Judgement;
}

export function newPatientList(patients: readonly Registered[] = []): PatientList {
  const list = new Map(patients.map((one) => [one.nhsNumber, one]));
  return {
    register: (patient) => void list.set(patient.nhsNumber, patient),
    byNumber: (nhsNumber) => list.get(nhsNumber),
    all: () => [...list.values()],
    judge(stated, mode) {
      if (mode === 'off') return { kind: 'ours' };
      const known = list.get(stated.nhsNumber ?? '');
      if (known === undefined) return { kind: 'not-registered' };
      if (known.movedTo !== undefined) return { kind: 'moved', to: known.movedTo };
      const fields = DEMOGRAPHICS.filter((field) => {
        const said = stated[field] ?? [];
        return said.length === 0 ? mode === 'full' : said.some((one) => one !== known[field]);
      });
      return fields.length === 0 ? { kind: 'ours' } : { kind: 'differs', fields };
    },
  };
}
