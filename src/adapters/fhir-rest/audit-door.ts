import type { JournalEntry } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';

/** The message log as auditors read it over FHIR. */
export interface AuditDoor {
  readonly store: Pick<Store, 'logSubjects' | 'searchLog' | 'entry' | 'patientsOf' | 'resource'>;
  /** Writes looks down, before anything is shown. */
  readonly note: (journal: readonly JournalEntry[]) => Promise<void>;
}
