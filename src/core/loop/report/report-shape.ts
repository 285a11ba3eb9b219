import { z } from 'zod';
import type { Finding } from '../../finding.ts';

/**
 * The parts of a report that are read, as they must be for reading to be safe. Whether the rest of each resource is good
 * FHIR R4 is the structural check's business; this is what keeps a wrong mapping from making the reader fail.
 */
const coding = z.looseObject({
  system: z.string().optional(),
  code: z.string().optional(),
  display: z.string().optional(),
});
const concept = z.looseObject({ coding: z.array(coding).optional(), text: z.string().optional() });
const identifier = z.looseObject({ system: z.string().optional(), value: z.string().optional() });

export const reportBundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('collection'),
  entry: z
    .array(z.looseObject({ fullUrl: z.string().optional(), resource: z.looseObject({ resourceType: z.string() }) }))
    .optional(),
});

export const reportTask = z.looseObject({
  resourceType: z.literal('Task'),
  meta: z.looseObject({ security: z.array(coding).optional() }).optional(),
  identifier: z.array(identifier).optional(),
  businessStatus: concept.optional(),
  statusReason: concept.optional(),
  for: z.looseObject({ identifier: identifier.optional() }).optional(),
  lastModified: z.string().optional(),
  owner: z.looseObject({ display: z.string().optional() }).optional(),
  note: z.array(z.looseObject({ text: z.string() })).optional(),
});

export type ReportTask = z.infer<typeof reportTask>;

const observation = z.looseObject({
  resourceType: z.literal('Observation'),
  id: z.string().optional(),
  identifier: z.array(identifier).optional(),
  status: z.string(),
  code: concept,
});

const questionnaireResponse = z.looseObject({
  resourceType: z.literal('QuestionnaireResponse'),
  id: z.string().optional(),
  status: z.string(),
});

export const reportResult = z.discriminatedUnion('resourceType', [observation, questionnaireResponse]);

/** What does not have the shape, each with where it stands below `at`. Zod's own words may repeat values: ours do not. */
export function shapeFindings(error: z.ZodError, at: string): Finding[] {
  return error.issues.map((issue) => ({
    severity: 'error',
    rule: 'report/structure',
    place: { expression: at + issue.path.map(step).join('') },
    message:
      issue.code === 'invalid_type'
        ? `This must be ${article(issue.expected)}.`
        : 'This is not what stands here in a report.',
    remedy: 'Correct the mapping that makes the report.',
    issue: 'structure',
  }));
}

function step(part: PropertyKey): string {
  return typeof part === 'number' ? `[${part}]` : `.${String(part)}`;
}

function article(expected: string): string {
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
