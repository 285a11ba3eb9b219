import { z } from 'zod';

/** The shape of an instrument file (`terminology/instruments/*.instrument.yaml`); docs/outcomes.md has the meaning of each key. */

const text = z.string().min(1);

const itemFields = {
  /** The wording, only where the licence lets it be shipped. */
  text: text.optional(),
  /** What the question is about, in our words: never the wording. */
  about: text.optional(),
  type: z.enum(['integer', 'decimal', 'boolean', 'string']).default('integer'),
  min: z.number().optional(),
  max: z.number().optional(),
  /** UCUM. */
  unit: text.optional(),
  /** An answer that says that there is none (9 in EQ-5D). */
  missingValue: z.number().optional(),
  /** Answers that may be right and are told to a person all the same. */
  unusual: z.array(z.number()).optional(),
  code: z.strictObject({ system: text, code: text, display: text }).optional(),
};

const item = z.union([
  z.strictObject({ linkId: text, ...itemFields }),
  /** `1-14`: fourteen items that differ in their number only. */
  z.strictObject({ linkIds: z.string().regex(/^\d+-\d+$/), ...itemFields }),
]);

const score = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  /** `given`: never computed, taken as the platform states it. `item`: the answer to one item. `count`: how many were yes. */
  rule: z.enum(['sum', 'mean', 'count', 'item', 'given']),
  /** All items when left out. */
  items: z.array(text).optional(),
  min: z.number(),
  max: z.number(),
  /** How many decimals the score may have. */
  decimals: z.number().int().min(0).max(4).default(0),
  code: z.strictObject({ system: text, code: text, display: text }).optional(),
  /** Former codes of the same score. */
  formerCodes: z.array(z.strictObject({ system: text, code: text })).default([]),
  /** What platforms call this score; else the names of the instrument mean its first score. */
  names: z.array(text).default([]),
  /** Up to `most` items are filled with the mean of those answered. Left out: a missing item means no score. */
  missing: z
    .strictObject({ most: z.number().int().min(1), decimals: z.number().int().min(0).default(0), source: text })
    .optional(),
  /** The first one counts; the others are kept to be seen. */
  meaningful: z.array(z.strictObject({ change: z.number().positive(), source: text })).default([]),
  direction: z.enum(['higher-better', 'lower-better', 'none']).optional(),
});

const urgent = z.strictObject({
  item: text,
  /** Numbers above this, or a yes to a question of yes and no. */
  above: z.number().default(0),
  concern: z.enum(['self-harm', 'safeguarding']),
  source: text,
});

/** Whether a fault holds the report for a person, or is only told. */
const verdict = z.enum(['hold', 'tell']);

export const instrumentShape = z.strictObject({
  instrument: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string().regex(/^\d+[.]\d+[.]\d+$/),
  title: text,
  /** What platforms call it, compared without case. */
  names: z.array(text).min(1),
  /** Other canonical urls of the same questions. */
  canonicals: z.array(text).default([]),
  variantOf: text.optional(),
  variant: text.optional(),
  kind: z.enum(['validated', 'bespoke']),
  direction: z.enum(['higher-better', 'lower-better', 'none']),
  source: text,
  licence: z.strictObject({ itemText: z.enum(['included', 'external']), statement: text }),
  notes: text.optional(),
  items: z.array(item).default([]),
  scores: z.array(score).default([]),
  urgent: z.array(urgent).default([]),
  /** By rule (`total-differs`); what is left out is judged as docs/outcomes.md says. */
  checks: z.record(z.string(), verdict).default({}),
  /** Observations made of several answers: two components (blood pressure). */
  panels: z.array(z.strictObject({ id: text, title: text, components: z.array(text).min(2) })).default([]),
});

export type InstrumentFile = z.infer<typeof instrumentShape>;
