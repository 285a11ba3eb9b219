import { z } from 'zod';
import { tokenSource } from './secret-source.ts';
import { kebabName } from './values.ts';

/** Who may read the message log over FHIR, as AuditEvent and Provenance, and nothing else. */
export const auditorSection = z.strictObject({
  id: kebabName.describe('Who it is in the message log: each search is an entry of `auditor:<id>`.'),
  tokens: z
    .array(tokenSource)
    .min(1)
    .describe('Digests of the bearer tokens it may show; several while one replaces another. Never a partner’s.'),
});
