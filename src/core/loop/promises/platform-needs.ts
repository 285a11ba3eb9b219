import type { Leg } from '../../message.ts';
import type { LoopEvent } from '../event.ts';
import { inOrder } from '../event-order.ts';
import { type Mark, markOf, type TaskState } from '../tasks/task-state.ts';
import { deadlineFor } from './deadlines.ts';
import { setsOf } from './leg-sets.ts';
import { HEARBACK, keptByEvent, keptByLeg, type LedgerGiven, type Need, OPEN, type Settlement } from './need.ts';
import type { PromiseKind } from './promise.ts';

/** One platform's part with what was said and sent about it. */
interface Part {
  readonly given: LedgerGiven;
  readonly child: TaskState;
  readonly platform: string;
  /** What the platform itself said, in order. */
  readonly said: readonly LoopEvent[];
  readonly legs: readonly Leg[];
}

/**
 * What one platform's part calls for. An open part always calls for something: delivery until it arrived, then a
 * decision until it was made, then an outcome until it ended. So no loop stays open with nobody owing anything.
 */
export function platformNeeds(given: LedgerGiven, child: TaskState): Need[] {
  if (child.partner === undefined) throw new Error('a child Task without a platform');
  const part: Part = {
    given,
    child,
    platform: child.partner,
    said: inOrder(given.events.filter((event) => isWordOf(event, child, given.state.parent.task))),
    legs: given.legs.filter((leg) => leg.task === child.task && leg.partner === child.partner),
  };
  const delivery = deliver(part);
  return [
    delivery,
    ...otherDeliveries(part),
    ...decide(part, delivery),
    ...progress(part),
    ...outcome(part),
    ...answerCancel(part),
  ];
}

function isWordOf(event: LoopEvent, child: TaskState, parent: string): boolean {
  return event.by === child.partner && (event.task === child.task || event.task === parent);
}

function deliver(part: Part): Need {
  const { child, said, legs, given } = part;
  const referring = legs.filter((leg) => leg.purpose === 'referral');
  const [heard] = said;
  const underWay = setsOf(referring).some((set) =>
    set.every((leg) => leg.status !== 'abandoned' && leg.status !== 'refused'),
  );
  const unsent: Settlement =
    child.terminal && !underWay ? { is: 'released', why: 'It ended before it was sent.' } : OPEN;
  const settled = heard === undefined ? (keptByLeg(referring, levelOf(part)) ?? unsent) : keptByEvent(markOf(heard));
  return ours(part, { subject: child.task, since: referring[0]?.queuedAt ?? given.now, settled });
}

/** Updates and cancel requests that were sent to the platform must arrive too. */
function otherDeliveries(part: Part): Need[] {
  const others = part.legs.filter((leg) => leg.purpose === 'update' || leg.purpose === 'cancel');
  return setsOf(others).flatMap((set) => {
    const [first] = set;
    if (first === undefined) return [];
    return [ours(part, { subject: first.id, since: first.queuedAt, settled: arrived(set, part) })];
  });
}

function arrived(set: readonly Leg[], part: Part): Settlement {
  if (set.some((leg) => leg.status === 'abandoned')) return { is: 'released', why: 'A person gave this delivery up.' };
  return keptByLeg(set, levelOf(part)) ?? OPEN;
}

function decide(part: Part, delivery: Need): Need[] {
  const { child } = part;
  if (delivery.settled.is !== 'kept') return [];
  const settled = child.decision === undefined ? unlessEnded(child) : keptByEvent(child.decision);
  return [theirs(part, 'decide', { subject: child.task, since: delivery.settled.at, settled })];
}

/** Each word of the platform keeps the promise that the one before began, and begins the next while work goes on. */
function progress(part: Part): Need[] {
  const { child, said } = part;
  if (child.accepted === undefined && !child.terminal) return [];
  return said.map((event, index) => {
    const next = said[index + 1];
    const settled = next === undefined ? byEnd(child) : keptByEvent(markOf(next));
    return theirs(part, 'progress', { subject: event.id, since: event.recordedAt, settled });
  });
}

function outcome(part: Part): Need[] {
  const { child } = part;
  if (child.accepted === undefined) return [];
  return [theirs(part, 'outcome', { subject: child.task, since: child.accepted.recordedAt, settled: byEnd(child) })];
}

function byEnd(child: TaskState): Settlement {
  return child.end !== undefined && child.end.by === child.partner ? keptByEvent(child.end) : unlessEnded(child);
}

function unlessEnded(child: TaskState): Settlement {
  return child.end === undefined ? OPEN : { is: 'released', why: `The referral was ended (${child.end.kind}).` };
}

function answerCancel(part: Part): Need[] {
  return part.child.asks.map((ask) =>
    theirs(part, 'answer-cancel', {
      subject: `${part.child.task}/${ask.event}`,
      since: ask.recordedAt,
      settled: cancelAnswer(part.child, ask),
    }),
  );
}

function cancelAnswer(child: TaskState, ask: Mark): Settlement {
  const { cancel, cancelAnswer: answer } = child;
  if (answer === undefined) return OPEN;
  if (cancel === 'overtaken') return { is: 'released', why: `The request was overtaken: ${answer.kind}.` };
  return answer.event === ask.event
    ? { is: 'released', why: 'The referral was ended by the request itself.' }
    : keptByEvent(answer);
}

function levelOf(part: Part): Need['level'] {
  return part.given.levels?.[part.platform] ?? 'transport';
}

type Detail = Pick<Need, 'subject' | 'since' | 'settled'>;

function ours(part: Part, detail: Detail): Need {
  return { ...base(part, 'deliver'), owedBy: HEARBACK, owedTo: part.platform, level: levelOf(part), ...detail };
}

function theirs(part: Part, kind: PromiseKind, detail: Detail): Need {
  const owedTo = part.given.referral.referrer;
  const recordKept = kind !== 'progress' && kind !== 'answer-cancel';
  return { ...base(part, kind), owedBy: part.platform, owedTo, level: 'business', ...detail, recordKept };
}

function base({ given, child }: Part, kind: PromiseKind): Pick<Need, 'kind' | 'task' | 'ms' | 'recordKept'> {
  return { kind, task: child.task, ms: deadlineFor(given.deadlines, kind, child.kind), recordKept: true };
}
