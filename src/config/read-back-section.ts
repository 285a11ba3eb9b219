import { z } from 'zod';
import { codeToken, duration, wholeNumber } from './values.ts';

const instead = z.strictObject({
  lost: codeToken.describe('The code that the record does not keep, as `system|code`.'),
  use: codeToken.describe(
    'The code to send in its place, as `system|code`. That it means the same is for the practice to say.',
  ),
});

/** How a GP system's record is read after something was written to it. */
export const readBackSection = z.strictObject({
  everySeconds: wholeNumber(0, 3_600)
    .default(30)
    .describe('At least so long between two looks at the record of this practice. TPP allows about one in 30 seconds.'),
  patience: duration(
    '15m',
    'How long what was written may take to be seen there, before a person is asked: a practice may file it by hand.',
  ),
  onLostCode: z
    .enum(['hold', 'accept'])
    .default('hold')
    .describe(
      'When the record has the text and not the code: `hold` asks a person, `accept` closes the loop, labelled.',
    ),
  knownLost: z
    .enum(['send', 'text'])
    .default('send')
    .describe('A code that this record is known not to keep is flagged, and sent all the same, or left out (`text`).'),
  instead: z
    .array(instead)
    .default([])
    .describe('What to send in place of codes once they are known to be lost there.'),
});
