import { z } from 'zod';
import { duration } from './values.ts';

/** The web console. Without this section there is none. */
export const consoleSection = z.strictObject({
  idle: duration('15m', 'A session that was not used for so long is over.'),
  limit: duration('10h', 'A session is over after so long in any case.'),
  unmasked: duration('15m', 'How long a loop stays unmasked for who asked for it.'),
  fourEyes: z
    .boolean()
    .default(false)
    .describe('What one person decides about a hold or a replay waits until another person confirms it.'),
});
