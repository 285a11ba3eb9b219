import { z } from 'zod';
import { duration, wholeNumber } from './values.ts';

/** What a practice wants of what is written into its record. */
export const writeBackSection = z.strictObject({
  items: z
    .enum(['every', 'digest'])
    .default('every')
    .describe(
      '`every`: an item for each event. `digest`: one when something is to be done, otherwise one summary at the end or by `period`; urgent ones at once and by themselves.',
    ),
  period: duration('P28D', 'With `digest` and `most` above 1: a summary at least so often while there is news.'),
  most: wholeNumber(1, 1_000)
    .default(1)
    .describe(
      'With `digest`: at most so many items, the summary at the end included. 1: that one alone. What is urgent, or calls for something to be done, is sent in any case.',
    ),
  content: z
    .enum(['full', 'codes-only'])
    .default('full')
    .describe(
      '`codes-only`: no free text leaves for this practice. A Consent can ask for it for one person (docs/gp-systems.md).',
    ),
  notForPatientView: z
    .enum(['label', 'hold'])
    .default('label')
    .describe(
      'What the patient should not see by themselves: `label` (NOPAT in meta.security), or `hold` for a person to decide.',
    ),
  referralCode: z
    .enum(['gp', 'hearback'])
    .default('gp')
    .describe(
      'Who writes the national referral code, once an episode: the GP with the request, or Hearback at the first acceptance.',
    ),
  structured: z
    .boolean()
    .default(true)
    .describe('False: the practice takes no structured entries; then `fallback` is needed.'),
  fallback: z
    .enum(['none', 'document'])
    .default('none')
    .describe(
      'What is sent where the structured way is off or was refused: nothing (a person is asked), or a document.',
    ),
  checkPerson: z
    .boolean()
    .default(false)
    .describe(
      'Look the patient up at the practice before anything is filed; a difference is a hold. Needs an outlet of type fhir with `readBack`.',
    ),
});
