import { z } from 'zod';

const answer = z.union([z.number(), z.boolean(), z.string(), z.null()]);
const text = z.string().min(1);

/** The shape of `*.examples.yaml`: worked examples, computed by hand, beside an instrument. */
export const examplesShape = z.strictObject({
  instrument: text,
  examples: z
    .array(
      z.strictObject({
        name: text,
        /** In the order of the items (null: not answered), or by linkId. */
        answers: z.union([z.array(answer), z.record(z.string(), answer)]).optional(),
        /** Pairs of linkId and answer, one after the other: for what comes twice or is unknown. */
        items: z.array(z.tuple([z.string(), answer])).optional(),
        /** Scores that came as Observations, under the code of a score or a platform's name. */
        stated: z
          .array(z.strictObject({ score: text.optional(), name: text.optional(), value: z.number() }))
          .optional(),
        /** Two scores one after the other. */
        change: z.strictObject({ score: text, from: z.number(), to: z.number() }).optional(),
        expect: z.strictObject({
          scores: z.record(z.string(), z.number()).optional(),
          findings: z.array(text).optional(),
          held: z.boolean().optional(),
          urgent: z.array(z.enum(['self-harm', 'safeguarding'])).optional(),
          change: z
            .strictObject({
              by: z.number(),
              way: z.enum(['better', 'worse', 'same', 'changed']),
              meaningful: z.boolean().optional(),
            })
            .optional(),
        }),
      }),
    )
    .min(1),
});

export type Example = z.infer<typeof examplesShape>['examples'][number];
