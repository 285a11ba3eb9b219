import { z } from 'zod';
import { optionalDuration } from './values.ts';

export const retentionSection = z.strictObject({
  bodies: optionalDuration('How long the bytes of messages are kept. Then their digests stay. Left out, for ever.'),
  entries: optionalDuration(
    'How long entries of the message log are kept. Then their hashes stay, and the rest of the log can still be verified. Left out, for ever.',
  ),
});
