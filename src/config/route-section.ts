import { z } from 'zod';
import { capacity } from './partner-section.ts';
import { codeToken, kebabName, odsCode, textLike, wholeNumber } from './values.ts';

const district = textLike(/^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?$/, {
  rule: 'config/bad-postcode-district',
  message: 'This is not a postcode district.',
  remedy: 'Write the first part of the postcode, like "SE15" or "W1A".',
});

const codesCondition = z.strictObject({
  codes: z.array(codeToken).min(1).optional().describe('Any of these, each as `system|code`.'),
  valueSet: z
    .string()
    .min(1)
    .optional()
    .describe('Or any member of this value set (its name in the terminology directory).'),
});

const ageCondition = z.strictObject({
  min: wholeNumber(0, 130).optional().describe('Youngest, in whole years.'),
  max: wholeNumber(0, 130).optional().describe('Oldest, in whole years.'),
});

const conditions = z.strictObject({
  need: codesCondition.optional().describe('Why the person is referred (ServiceRequest.reasonCode, Condition.code).'),
  service: codesCondition.optional().describe('What is asked for (ServiceRequest.code, Task.code).'),
  practice: z.array(odsCode).min(1).optional().describe('ODS codes of the practices that are covered.'),
  postcode: z.array(district).min(1).optional().describe('Postcode districts that are covered, like SE15.'),
  age: ageCondition.optional().describe('Ages that are covered, both ends included.'),
});

export const routeSection = z.strictObject({
  name: kebabName.describe('Its name, used in the log and in holds.'),
  to: z.array(z.string().min(1)).min(1).describe('Ids of the platforms to send to.'),
  when: conditions.prefault({}).describe('Every condition that is stated must hold; within one, any value will do.'),
  all: z.boolean().default(false).describe('True for a route without conditions, which every referral takes.'),
  capacity: capacity.describe('`closed`: the service takes nobody now; the route is passed over.'),
});
