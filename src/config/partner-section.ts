import { z } from 'zod';
import { inletSection } from './inlet-section.ts';
import { outletSection } from './outlet-section.ts';
import { kebabName, odsCode } from './values.ts';

const organisationSection = z.strictObject({
  name: z.string().min(1).describe('Its name, as records and people show it.'),
  ods: odsCode.optional().describe('Its ODS code. A GP practice that refers is known to routes by it.'),
});

export const capacity = z.enum(['open', 'closed']).default('open');

export const partnerSection = z.strictObject({
  id: kebabName.describe(
    'Short name, used in routes, addresses and logs. It must not change once referrals were made.',
  ),
  kind: z
    .enum(['gp-system', 'vcse-platform'])
    .describe('`gp-system` refers and hears back; `vcse-platform` helps and reports.'),
  organisation: organisationSection.describe('Whose system it is.'),
  local: z
    .boolean()
    .default(false)
    .describe('True allows plain http and addresses of private networks for this partner.'),
  capacity: capacity.describe('`closed`: the platform takes nobody now; routes pass over it.'),
  inlets: z.array(inletSection).prefault([]).describe('How it speaks to Hearback.'),
  outlets: z
    .array(outletSection)
    .prefault([])
    .describe('How Hearback speaks to it. A GP system without one reads (polls) instead.'),
});
