import { z } from 'zod';
import { secretSource } from './secret-source.ts';
import { duration } from './values.ts';

const words = z.array(z.string().min(1)).prefault([]);

/** Signing in at a service of the organisation instead of with accounts of the console. */
const openIdSection = z.strictObject({
  issuer: z
    .string()
    .min(1)
    .describe('Address of the service; what it can do is read below it, from /.well-known/openid-configuration.'),
  clientId: z.string().min(1).describe('Under which name the console is registered there.'),
  clientSecret: secretSource
    .optional()
    .describe('Where the secret of that registration is kept. Left out for a public client.'),
  address: z
    .string()
    .min(1)
    .describe(
      'Address of the console as browsers know it, ending in /console. Register it there with /sign-in/return behind it.',
    ),
  local: z.boolean().default(false).describe('True allows plain http to the service, for trials on one machine.'),
  scope: z.string().min(1).default('openid profile').describe('What the service is asked for.'),
  nameClaim: z
    .string()
    .min(1)
    .default('preferred_username')
    .describe('Claim that names the user, for pages and the message log.'),
  rolesClaim: z.string().min(1).default('roles').describe('Claim that lists the user’s groups or roles there.'),
  partnersClaim: z
    .string()
    .min(1)
    .optional()
    .describe('Claim that lists the partner ids that a user is limited to. With it nobody sees all partners.'),
  roles: z
    .strictObject({
      auditor: words.describe('Reads, verifies and exports.'),
      engineer: words.describe('Mappings, holds and replays.'),
      operator: words.describe('Late loops and partners.'),
    })
    .prefault({})
    .describe('Which groups or roles there give which role here. Whoever has none of them does not get in.'),
});

/** The web console. Without this section there is none. */
export const consoleSection = z.strictObject({
  idle: duration('15m', 'A session that was not used for so long is over.'),
  limit: duration('10h', 'A session is over after so long in any case.'),
  unmasked: duration('15m', 'How long a loop stays unmasked for who asked for it.'),
  fourEyes: z
    .boolean()
    .default(false)
    .describe('What one person decides about a hold or a replay waits until another person confirms it.'),
  openId: openIdSection
    .optional()
    .describe('OpenID Connect: then accounts of the console (`hearback console account`) open nothing.'),
});
