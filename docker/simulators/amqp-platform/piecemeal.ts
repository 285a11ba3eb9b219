import { z } from 'zod';
import type { Received } from '../platform/dialect.ts';
import type { Score, Step } from '../platform/playbook.ts';
import type { AmqpShape, ReadMessage, Said } from './amqp-shape.ts';

const part = z.looseObject({ id: z.string().min(1), referral: z.string().min(1), revision: z.string().min(1) });
const closing = part.extend({ task: z.string().min(1), needs: z.number(), notes: z.number() });
const withdrawal = part.extend({ task: z.string().min(1) });
const person = part.extend({ nhsNumber: z.string().optional() });
const note = part.extend({ text: z.string() });

const PARTS: readonly string[] = ['person.given', 'consent.given', 'need.added', 'note.added'];

/** Several small messages for one referral, and for one report (mappings/piecemeal/README.md). */
export const piecemeal: AmqpShape = {
  prefix: 'PM',
  newReader: newPiecemealReader,
  reports(one, step, at) {
    const about = {
      referral: one.reference,
      ticket: Number(one.number.replace('PM-', '')),
      at: at.toISOString(),
      by: 'Ayo Bankole',
    };
    const status = {
      kind: 'status.changed',
      ...about,
      status: step.status,
      ...(step.reason !== undefined && { reason: step.reason }),
      ...(step.note !== undefined && { comment: step.note }),
    };
    return [...scoresOf(step).map((score) => outcome(about, score, at)), { type: 'status.changed', body: status }];
  },
  cancelled: 'stopped',
  usual: [
    { afterMs: 2_000, status: 'taken-on' },
    { afterMs: 5_000, status: 'under-way', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
    { afterMs: 10_000, status: 'done', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } },
  ],
};

/** Parts of one revision of one referral, by their ids: one that comes again counts once. */
interface Revision {
  nhsNumber: string;
  readonly needs: Set<string>;
  readonly notes: Map<string, string>;
}

function newPiecemealReader(): ReadMessage {
  const revisions = new Map<string, Revision>();
  const revisionOf = ({ referral, revision }: z.infer<typeof part>): Revision => {
    const key = `${referral}/${revision}`;
    const known = revisions.get(key) ?? { nhsNumber: '', needs: new Set(), notes: new Map() };
    revisions.set(key, known);
    return known;
  };
  return (type, body) => {
    if (type === 'referral.withdrawn') return readWithdrawal(body);
    if (PARTS.includes(type)) {
      const read = part.safeParse(body);
      if (!read.success) return undefined;
      enter(type, body, revisionOf(read.data));
      return 'part';
    }
    const read = closing.safeParse(body);
    if (!read.success || (type !== 'referral.requested' && type !== 'referral.changed')) return undefined;
    const { referral, task, needs, notes } = read.data;
    const whole = revisionOf(read.data);
    // The last message says how many there are: one that is missing must not go unnoticed.
    if (whole.needs.size !== needs || whole.notes.size !== notes) return undefined;
    return {
      kind: type === 'referral.requested' ? 'referral' : 'update',
      reference: referral,
      taskReference: task,
      nhsNumber: whole.nhsNumber,
      narrative: [...whole.notes.values()].join('\n'),
    };
  };
}

function enter(type: string, body: unknown, revision: Revision): void {
  const { id } = part.parse(body);
  if (type === 'person.given') revision.nhsNumber = person.parse(body).nhsNumber ?? '';
  if (type === 'need.added') revision.needs.add(id);
  if (type === 'note.added') revision.notes.set(id, note.parse(body).text);
}

function readWithdrawal(body: unknown): Received | undefined {
  const read = withdrawal.safeParse(body);
  if (!read.success) return undefined;
  const { referral: reference, task: taskReference } = read.data;
  return { kind: 'cancel', reference, taskReference, nhsNumber: '', narrative: '' };
}

interface StagedScore extends Score {
  readonly stage: 'baseline' | 'follow-up';
}

function scoresOf({ before, after }: Step): StagedScore[] {
  return [
    ...(before === undefined ? [] : [{ ...before, stage: 'baseline' as const }]),
    ...(after === undefined ? [] : [{ ...after, stage: 'follow-up' as const }]),
  ];
}

function outcome(about: object, { stage, total, items }: StagedScore, at: Date): Said {
  const takenOn = at.toISOString().slice(0, 10);
  const body = {
    kind: 'outcome.recorded',
    ...about,
    measure: 'SWEMWBS',
    stage,
    takenOn,
    score: total,
    ...(items && { answers: items }),
  };
  return { type: 'outcome.recorded', body };
}
