import type { CapabilityStatement } from 'fhir/r4.js';
import { SEARCHES } from './search.ts';

const REFERENCES = new Set(['subject', 'patient', 'target', 'derived-from', 'based-on']);

/** What this endpoint can do (R4 http §3.1.0.11). */
export function capability(url: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-01',
    kind: 'instance',
    implementation: { description: 'A simulated EMIS-style GP record of invented patients', url },
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [
      {
        mode: 'server',
        interaction: [{ code: 'transaction' }],
        resource: SEARCHES.map(({ type, names }) => ({
          type,
          interaction: [{ code: 'read' }, { code: 'search-type' }, { code: 'create' }, { code: 'update' }],
          conditionalCreate: true,
          conditionalUpdate: true,
          searchParam: names.map((name) => ({ name, type: REFERENCES.has(name) ? 'reference' : 'token' })),
        })),
      },
    ],
  };
}
