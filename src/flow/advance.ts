import type { FhirResource } from 'fhir/r4.js';
import type { LoopEvent } from '../core/loop/event.ts';
import { closure } from '../core/loop/promises/closure.ts';
import { type Owed, owe } from '../core/loop/promises/ledger.ts';
import { isOpen, type LoopPromise } from '../core/loop/promises/promise.ts';
import { isWordHeld } from '../core/loop/promises/word-hold.ts';
import type { LostCode } from '../core/loop/read-back/lost-code.ts';
import type { Reading } from '../core/loop/read-back/reading.ts';
import { foldLoop } from '../core/loop/tasks/fold.ts';
import { tasksAfter } from '../core/loop/tasks/onto-tasks.ts';
import type { LoopState } from '../core/loop/tasks/task-state.ts';
import type { Hold, Leg, MappingStamp, Message, NewWork } from '../core/message.ts';
import type { Dossier, Referral } from '../core/referral.ts';
import type { Changes, JournalEntry, Reference } from '../ports-changes.ts';
import { dossierWith, nameOf, toStored } from './dossier-change.ts';
import { stillToSend } from './onward/still-to-send.ts';
import { HEARBACK, type RoadParts } from './road-parts.ts';
import { controlIdsOf } from './settle/control-ids.ts';
import { childTasks, type Snapshot } from './snapshot.ts';
import { stampDetail } from './translation/mapping-stamp.ts';
import { tellGp } from './write-back/tell-gp.ts';

/** What one step learnt or made. Everything else follows from it. */
export interface News {
  readonly events?: readonly LoopEvent[];
  /** New resources, and new contents of stored ones; versions are counted here. */
  readonly resources?: readonly FhirResource[];
  readonly references?: readonly Reference[];
  /** Those of the references that must name no other referral. */
  readonly unique?: readonly Reference[];
  readonly legs?: readonly Leg[];
  readonly messages?: readonly Message[];
  readonly work?: readonly NewWork[];
  readonly holds?: readonly Hold[];
  readonly promises?: readonly LoopPromise[];
  readonly readings?: readonly Reading[];
  readonly lostCodes?: readonly LostCode[];
  readonly journal: readonly JournalEntry[];
  /** The message that set it off, where the log should say so of the holds. */
  readonly message?: string;
  /** The mapping that read it. */
  readonly mapping?: MappingStamp;
}

export type AdvanceGiven = Pick<RoadParts, 'partners' | 'deadlines' | 'ids' | 'makePdf'> & {
  readonly now: string;
};

/** A referral before its first commit. */
export function newReferral(referral: Referral): Snapshot {
  const dossier: Dossier = { resourceType: 'Bundle', type: 'collection', entry: [] };
  return { referral, dossier, events: [], promises: [], legs: [], references: [], holds: [] };
}

/**
 * What follows from news about a referral: its Tasks say the new state, the GP is told, the ledger is settled, and the
 * loop closes when nothing is owed any more. Pure but for the ids it is given; every step of the road ends here, so
 * there is one place that knows what an event entails.
 */
export function advance(snapshot: Snapshot, news: News, given: AdvanceGiven): Changes {
  const after = joined(snapshot, news);
  const state = foldLoop(
    { parent: snapshot.referral.parentTask, children: childTasks(after.references) },
    after.events,
  );
  const tasks = tasksAfter({ ...after, state, now: given.now });
  const told = tellGp(
    { ...after, dossier: dossierWith(after.dossier, tasks) },
    { state, news: news.events ?? [] },
    given,
  );
  const current = { ...after, legs: byId(after.legs, told.legs), dossier: dossierWith(after.dossier, tasks) };
  const ledger = settleLedger(current, state, given);
  const next = referralAfter(current, state, ledger, given);
  const resources = [...new Map([...(news.resources ?? []), ...tasks].map((one) => [nameOf(one), one])).values()];
  return {
    referral: { ifVersion: snapshot.referral.version === 0 ? 'new' : snapshot.referral.version, next },
    resources: resources.map((resource) => toStored(resource, snapshot, { dossier: current.dossier, now: given.now })),
    events: news.events ?? [],
    references: [...(news.references ?? []), ...controlIdsOf(news, given)],
    ...(news.unique && { unique: news.unique }),
    legs: [...(news.legs ?? []), ...told.legs],
    messages: [...(news.messages ?? []), ...told.messages],
    promises: byId(news.promises ?? [], ledger.changed),
    holds: news.holds ?? [],
    ...(news.readings && { readings: news.readings }),
    ...(news.lostCodes && { lostCodes: news.lostCodes }),
    work: [...(news.work ?? []), ...told.legs.map(settleWork), ...told.work, ...alarms(snapshot, ledger.changed)],
    journal: [...news.journal, ...holdsOpened(news, given.now), ...closing(snapshot.referral, next, given.now)],
  };
}

function settleLedger(after: Snapshot, state: LoopState, given: AdvanceGiven): Owed {
  const levels = Object.fromEntries(
    [...given.partners.values()].flatMap(({ id, outward }) => (outward === undefined ? [] : [[id, outward.level]])),
  );
  const gpItems = given.partners.get(after.referral.referrer)?.outward?.writeBack;
  return owe({ ...after, state, levels, ...(gpItems && { gpItems }), deadlines: given.deadlines, now: given.now });
}

function referralAfter(after: Snapshot, state: LoopState, ledger: Owed, given: AdvanceGiven): Referral {
  const { nextDueAt: _, closedAt, ...before } = after.referral;
  const closed = closure(state, ledger.all).closed && !somebodyIsUntold(after, state, given);
  const platforms = [...new Set(state.children.flatMap((child) => child.partner ?? []))];
  return {
    ...before,
    version: before.version + 1,
    platforms,
    status: closed ? 'closed' : 'open',
    ...(closed && { closedAt: closedAt ?? given.now }),
    ...(ledger.nextDueAt !== undefined && { nextDueAt: ledger.nextDueAt }),
  };
}

/**
 * A platform that must hear of a cancellation still: nothing is promised yet, because the step that passes it on comes
 * after. One that a person was asked to tell another way counts by that hold.
 */
function somebodyIsUntold(after: Snapshot, state: LoopState, { partners }: AdvanceGiven): boolean {
  return state.children.some(({ partner = '', ...child }) => {
    const asked = after.holds.filter((hold) => hold.kind === 'failed-check' && !isWordHeld(hold));
    const askedPerson = asked.some((hold) => hold.partner === partner);
    return partners.has(partner) && !askedPerson && stillToSend({ ...child, partner }, after.legs) !== undefined;
  });
}

/** The work that sends a leg: in order with everything else for this partner about this referral; urgent ones wait for none of it. */
export function settleWork(leg: Leg): NewWork {
  const lane = `out/${leg.partner}/${leg.referral}${leg.urgent ? '/urgent' : ''}`;
  return { kind: 'settle', lane, subject: leg.id, partner: leg.partner };
}

/** One look at each new promise when its time is up; a lane of its own, because times do not queue. */
function alarms(before: Snapshot, changed: readonly LoopPromise[]): NewWork[] {
  const known = new Set(before.promises.map((promise) => promise.id));
  return changed
    .filter((promise) => isOpen(promise) && !known.has(promise.id))
    .map(({ id, referral, dueAt }) => ({ kind: 'deadline', lane: clockLane(id), subject: referral, notBefore: dueAt }));
}

/** Where the look at one promise's deadline waits. */
export function clockLane(promise: string): string {
  return `clock/${promise}`;
}

/** The log's lines about holds that a step opened. */
export function holdsOpened(
  { holds = [], message, mapping }: Pick<News, 'holds' | 'message' | 'mapping'>,
  at: string,
): JournalEntry[] {
  return holds.map((hold) => ({
    at,
    kind: 'hold.opened',
    actor: HEARBACK,
    ...(hold.referral !== undefined && { referral: hold.referral }),
    ...(message !== undefined && { message }),
    detail: {
      hold: hold.id,
      kind: hold.kind,
      ...(hold.partner !== undefined && { partner: hold.partner }),
      ...stampDetail(mapping),
    },
  }));
}

function closing(before: Referral, next: Referral, at: string): JournalEntry[] {
  if (before.status === 'closed' || next.status === 'open') return [];
  return [
    { at, kind: 'loop.closed', actor: HEARBACK, referral: next.id, detail: { platforms: next.platforms.length } },
  ];
}

/* ------------------------------------------------------------------ the referral with its news */

function joined(snapshot: Snapshot, news: News): Snapshot {
  return {
    ...snapshot,
    dossier: dossierWith(snapshot.dossier, news.resources ?? []),
    events: [...snapshot.events, ...(news.events ?? [])],
    references: [...snapshot.references, ...(news.references ?? [])],
    legs: byId(snapshot.legs, news.legs ?? []),
    promises: byId(snapshot.promises, news.promises ?? []),
    holds: byId(snapshot.holds, news.holds ?? []),
  };
}

function byId<T extends { readonly id: string }>(before: readonly T[], changed: readonly T[]): T[] {
  const all = new Map(before.map((one) => [one.id, one]));
  for (const one of changed) all.set(one.id, one);
  return [...all.values()];
}
