import type { Hold, Leg } from '../../message.ts';
import type { LoopEvent } from '../event.ts';
import { inOrder } from '../event-order.ts';
import { waitMs } from '../gp-items.ts';
import { stateRow } from '../states.ts';
import { isDocument, isWriteBack } from '../told-by.ts';
import { deadlineFor } from './deadlines.ts';
import { HEARBACK, keptByLeg, type LedgerGiven, type Need, OPEN, type Settlement } from './need.ts';
import type { PromiseKind } from './promise.ts';

/** What is owed for the referral as a whole: that it goes somewhere, that the GP hears, that holds are resolved. */
export function referrerNeeds(given: LedgerGiven): Need[] {
  return [
    routing(given),
    ...eventsForGp(given).map((event) => tellGp(given, event)),
    ...questions(given.holds).map((holds) => resolveHold(given, holds)),
  ];
}

/**
 * The events that the GP must hear of, in order: those whose word tells the GP, that count, and that the GP's own
 * system did not say.
 */
export function eventsForGp(given: Pick<LedgerGiven, 'events' | 'referral'>): LoopEvent[] {
  return inOrder(given.events).filter((event) => stateRow(event.kind).tellsGp && event.by !== given.referral.referrer);
}

function routing(given: LedgerGiven): Need {
  const { state, referral } = given;
  const routed = state.children.length > 0;
  const settled: Settlement = routed
    ? { is: 'released', why: 'It has been routed.' }
    : state.parent.terminal
      ? { is: 'released', why: `The referral was ended (${state.parent.kind}).` }
      : OPEN;
  return need(given, 'deliver', {
    subject: referral.parentTask,
    since: referral.openedAt,
    settled,
    level: 'technical',
  });
}

function tellGp(given: LedgerGiven, event: LoopEvent): Need {
  const level = given.levels?.[given.referral.referrer] ?? 'technical';
  const wait =
    given.gpItems === undefined
      ? 0
      : waitMs(
          event,
          given.gpItems,
          deadlineFor(given.deadlines, 'outcome', given.state.parent.kind),
          given.state.parent.terminal,
        );
  const promised = need(given, 'tell-gp', {
    subject: event.id,
    since: event.recordedAt,
    level,
    settled: told(given, event, level),
  });
  return { ...promised, ms: promised.ms + wait };
}

function told(given: LedgerGiven, event: LoopEvent, level: Need['level']): Settlement {
  const legs = given.legs.filter((leg) => tellsEvent(leg, event, given.referral.referrer));
  const kept = keptByLeg(legs, level);
  if (kept !== undefined) return kept;
  if (given.state.ignored.some((ignored) => ignored.event === event.id)) {
    return { is: 'released', why: 'Another report made it void before it was told.' };
  }
  const taken = legs.find(({ readBack }) => readBack?.accepted === 'person');
  if (taken !== undefined) return { is: 'released', why: 'A person took what the record holds as it is.' };
  // What was refused and sent as a document instead stands or falls with the document.
  const replaced = ({ status, purpose }: Leg) =>
    status === 'refused' && purpose === 'write-back' && legs.some(isDocument);
  const givenUp = legs.length > 0 && legs.every((leg) => leg.status === 'abandoned' || replaced(leg));
  return givenUp ? { is: 'released', why: 'A person gave the write-back up.' } : OPEN;
}

/**
 * Whether a write-back tells an event: those that it names. One that was made before they were named is about the events of the
 * message that caused it; one that a clock caused, about what came before it.
 */
export function tellsEvent(leg: Leg, event: LoopEvent, referrer: string): boolean {
  if (!isWriteBack(leg) || leg.partner !== referrer) return false;
  if (leg.tells !== undefined) return leg.tells.includes(event.id);
  if (event.message !== undefined) return leg.cause === event.message;
  return leg.cause === undefined && leg.queuedAt >= event.recordedAt;
}

/** Holds with the same key are one question, whichever of them was opened first. */
function questions(holds: readonly Hold[]): Hold[][] {
  const byKey = new Map<string, Hold[]>();
  for (const hold of holds) byKey.set(hold.key, [...(byKey.get(hold.key) ?? []), hold]);
  return [...byKey.values()];
}

function resolveHold(given: LedgerGiven, holds: readonly Hold[]): Need {
  const sorted = [...holds].sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
  const hold = sorted.find(({ resolvedAt }) => resolvedAt === undefined) ?? sorted.at(-1);
  if (hold === undefined) throw new Error('a question without a hold');
  const settled: Settlement =
    hold.resolvedAt === undefined ? OPEN : { is: 'kept', at: hold.resolvedAt, as: 'business', by: hold.id };
  const detail: Detail = { subject: hold.key, since: hold.openedAt, settled, level: 'business' };
  return { ...need(given, 'resolve-hold', detail), recordKept: false };
}

type Detail = Pick<Need, 'subject' | 'since' | 'settled' | 'level'>;

function need(given: LedgerGiven, kind: PromiseKind, detail: Detail): Need {
  const { referral, state, deadlines } = given;
  return {
    kind,
    task: referral.parentTask,
    owedBy: HEARBACK,
    owedTo: referral.referrer,
    ms: deadlineFor(deadlines, kind, state.parent.kind),
    recordKept: true,
    ...detail,
  };
}
