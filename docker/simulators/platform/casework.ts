import { z } from 'zod';
import type { Dialect } from './dialect.ts';
import type { Step } from './playbook.ts';

const KINDS = {
  'referral.created': 'referral',
  'referral.updated': 'update',
  'referral.cancel-requested': 'cancel',
} as const;

const delivery = z.looseObject({
  event: z.enum(['referral.created', 'referral.updated', 'referral.cancel-requested']),
  clientReference: z.string().min(1),
  taskReference: z.string().min(1),
  case: z
    .looseObject({
      client: z.looseObject({ nhsNumber: z.string().optional() }),
      notes: z.array(z.string()).optional(),
    })
    .optional(),
});

/** The nested case-management shape (mappings/casework/README.md). */
export const casework: Dialect = {
  prefix: 'CW',
  read(payload) {
    const read = delivery.safeParse(payload);
    if (!read.success) return undefined;
    const { event, clientReference, taskReference, case: inner } = read.data;
    return {
      kind: KINDS[event],
      reference: clientReference,
      taskReference,
      nhsNumber: inner?.client.nhsNumber ?? '',
      narrative: (inner?.notes ?? []).join('\n'),
    };
  },
  reply: (number) => ({ caseId: number }),
  report(one, step, at) {
    const assessments = assessmentsOf(step, at);
    return {
      event: 'case.updated',
      clientReference: one.reference,
      taskReference: one.taskReference,
      caseId: one.number,
      status: step.status,
      ...(step.reason !== undefined && { reason: { text: step.reason } }),
      worker: { name: 'Ayo Bankole', role: 'link worker' },
      occurredAt: at.toISOString().replace('Z', '+00:00'),
      ...(step.note !== undefined && { note: step.note }),
      ...(assessments.length > 0 && { assessments }),
    };
  },
  cancelled: 'cancel-confirmed',
  usual: [
    { afterMs: 2_000, status: 'accepted' },
    { afterMs: 5_000, status: 'active', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
    { afterMs: 10_000, status: 'closed-completed', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } },
  ],
};

function assessmentsOf(step: Step, at: Date): unknown[] {
  const scores = [
    { stage: 'baseline', score: step.before },
    { stage: 'follow-up', score: step.after },
  ];
  const date = at.toISOString().slice(0, 10);
  return scores.flatMap(({ stage, score }) =>
    score === undefined
      ? []
      : [{ tool: 'SWEMWBS', stage, date, total: score.total, ...(score.items && { items: score.items }) }],
  );
}
