import type { LoopEvent } from '../../core/loop/event.ts';
import type { Hold, Message } from '../../core/message.ts';
import { type UrgentAnswer, urgentFinding, urgentText } from '../../core/outcomes/urgent.ts';
import type { JournalEntry } from '../../ports-changes.ts';
import type { News } from '../advance.ts';
import { HEARBACK, type RoadParts } from '../road-parts.ts';
import { childTasks, type Snapshot } from '../snapshot.ts';

interface Told {
  readonly events: readonly LoopEvent[];
  readonly journal: readonly JournalEntry[];
}

interface Given {
  readonly snapshot: Snapshot;
  readonly message: Message;
  readonly now: string;
}

/**
 * The event that tells the GP of urgent answers, by itself: it belongs to no message, so nothing else that came with the
 * report goes with it, and it moves no Task. Answers that the GP was told of before make none.
 */
export function urgentNews(
  urgent: readonly UrgentAnswer[],
  { snapshot, message, now }: Given,
  { ids }: Pick<RoadParts, 'ids'>,
): Told {
  const told = snapshot.events
    .filter(({ kind, by }) => kind === 'escalated' && by === HEARBACK)
    .map(({ note = '' }) => note);
  const texts = urgent
    .map((one) => urgentText({ ...one, answered: one.answered ?? message.at }))
    .filter((text) => !told.some((note) => note.includes(text)));
  if (texts.length === 0) return { events: [], journal: [] };
  const child = childTasks(snapshot.references).find(({ partner }) => partner === message.partner);
  const event: LoopEvent = {
    id: ids.next(),
    referral: snapshot.referral.id,
    kind: 'escalated',
    task: child?.task ?? snapshot.referral.parentTask,
    at: now,
    recordedAt: now,
    by: HEARBACK,
    note: texts.join('\n'),
  };
  const entry: JournalEntry = {
    at: now,
    kind: 'event.recorded',
    actor: HEARBACK,
    referral: event.referral,
    message: message.id,
    detail: { event: event.id, kind: event.kind, task: event.task, rule: 'outcome/urgent-answer' },
  };
  return { events: [event], journal: [entry] };
}

/** Urgent news first. */
export function withUrgent(news: News, { events, journal }: Told): News {
  if (events.length === 0) return news;
  return { ...news, events: [...events, ...(news.events ?? [])], journal: [...journal, ...news.journal] };
}

/** Whoever looks at holds sees which of them cannot wait. */
export function markUrgent(holds: readonly Hold[], urgent: readonly UrgentAnswer[]): readonly Hold[] {
  if (urgent.length === 0) return holds;
  return holds.map((hold) => ({ ...hold, findings: [...hold.findings, urgentFinding()] }));
}
