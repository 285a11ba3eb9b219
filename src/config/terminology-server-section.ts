import { z } from 'zod';
import { secretSource } from './secret-source.ts';
import { duration, wholeNumber } from './values.ts';

export const terminologyServerSection = z.strictObject({
  url: z.string().min(1).describe('Base of its FHIR R4 endpoint. https, unless it is `local`.'),
  token: secretSource.optional().describe('Bearer token to show, if it wants one.'),
  local: z.boolean().default(false).describe('True when it stands in the same private network: then http is allowed.'),
  onDown: z
    .enum(['hold', 'use-local'])
    .default('hold')
    .describe(
      'When it does not answer: `hold` says so (membership unknown, 503); `use-local` answers from the files and the imported release.',
    ),
  timeoutMs: wholeNumber(100, 120_000).default(5_000).describe('How long one question may take, in milliseconds.'),
  keepFor: duration('1h', 'How long an answer is kept and given again without asking.'),
});
