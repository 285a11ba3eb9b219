/** A person's record as a practice reads it: the same shape for every style, so that two styles can be laid side by side. */

/** One line of a consultation. */
export interface Entry {
  /** When it was so, as the record has it. */
  readonly at: string;
  /** Absent for an entry that is text only. */
  readonly code?: string;
  readonly system?: string;
  readonly term: string;
  readonly value?: string;
  readonly unit?: string;
  readonly note?: string;
  /** When it was filed: an ISO instant. */
  readonly recorded?: string;
  /** Patients (and their proxies) see new entries unless they are labelled. */
  readonly hiddenFromPatient?: true;
}

export interface Consultation {
  readonly date: string;
  readonly title: string;
  /** Whom the record shows as its author. */
  readonly author: string;
  /** The user of the record system under whom it was written, where that is known. */
  readonly enteredBy?: string;
  readonly entries: readonly Entry[];
}

export interface ShownDocument {
  readonly date: string;
  readonly title: string;
  readonly author: string;
  readonly enteredBy: string;
  readonly note?: string;
  readonly contentType: string;
  readonly bytes: number;
  /** Hexadecimal SHA-256 of the document's bytes. */
  readonly sha256: string;
  readonly recorded: string;
  readonly hiddenFromPatient?: true;
}

export interface PatientRecord {
  readonly style: 'EMIS-style' | 'SystmOne-style';
  readonly nhsNumber: string;
  readonly name: string;
  readonly birthDate?: string;
  readonly gender?: string;
  /** Where each referral stands now. */
  readonly referrals: readonly { readonly state: string; readonly said?: string }[];
  /** Newest first; on one day in the order of authors, so that two prints of one record are alike. */
  readonly consultations: readonly Consultation[];
  readonly documents: readonly ShownDocument[];
  /** What came and nobody has filed yet. It is no part of the record. */
  readonly waiting: readonly string[];
}

/** What the same author said on the same day is one consultation; within it by time, then in the order in which it was filed. */
export function inOrder(consultations: readonly Consultation[]): readonly Consultation[] {
  const byKey = new Map<string, Consultation>();
  for (const one of consultations) {
    const key = JSON.stringify([one.date, one.title, one.author, one.enteredBy]);
    const known = byKey.get(key);
    byKey.set(key, known ? { ...known, entries: [...known.entries, ...one.entries] } : one);
  }
  return [...byKey.values()]
    .map((one) => ({ ...one, entries: [...one.entries].sort((left, right) => compare(left.at, right.at)) }))
    .sort((left, right) => compare(right.date, left.date) || compare(left.author, right.author));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
