import { z } from 'zod';
import type { Dialect } from './dialect.ts';

const KINDS = { 'referral-v2': 'referral', 'cancel-v1': 'cancel' } as const;

const delivery = z.looseObject({
  form: z.enum(['referral-v2', 'cancel-v1']),
  ref: z.string().min(1),
  task_ref: z.string().min(1),
  nhs_no: z.string().optional(),
  details: z.string().optional(),
});

/** A form has the time on the wall, without a zone. */
const WALL_CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** The flat form shape, every value a string (mappings/springboard/README.md). */
export const springboard: Dialect = {
  prefix: 'SB',
  read(payload) {
    const read = delivery.safeParse(payload);
    if (!read.success) return undefined;
    const { form, ref, task_ref, nhs_no, details } = read.data;
    return {
      kind: KINDS[form],
      reference: ref,
      taskReference: task_ref,
      nhsNumber: nhs_no ?? '',
      narrative: details ?? '',
    };
  },
  reply: (number) => ({ form: 'receipt-v1', your_number: number }),
  report(one, step, at) {
    const [date = '', time = ''] = WALL_CLOCK.format(at).split(', ');
    return {
      form: 'update-v1',
      ref: one.reference,
      task_ref: one.taskReference,
      our_number: one.number,
      outcome: step.status,
      date,
      time,
      worker: 'Mary Okafor',
      reason: step.reason ?? '',
      comment: step.note ?? '',
      wellbeing_before: step.before === undefined ? '' : String(step.before.total),
      wellbeing_after: step.after === undefined ? '' : String(step.after.total),
    };
  },
  cancelled: 'Withdrawn',
  usual: [
    { afterMs: 2_000, status: 'Eligible' },
    { afterMs: 10_000, status: 'Got help', before: { total: 20 }, after: { total: 25 } },
  ],
};
