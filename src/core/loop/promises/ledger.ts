import type { Hold } from '../../message.ts';
import { namedId } from '../named-id.ts';
import { type LedgerGiven, type Need, reaches } from './need.ts';
import { platformNeeds } from './platform-needs.ts';
import { isOpen, type LoopPromise } from './promise.ts';
import { referrerNeeds } from './referrer-needs.ts';

export interface Owed {
  /** New promises, and those that were kept or released now. */
  readonly changed: readonly LoopPromise[];
  /** Every promise of the referral as it stands after this. */
  readonly all: readonly LoopPromise[];
  /** The earliest open promise's deadline; absent when nothing is owed. */
  readonly nextDueAt?: string;
  /** The earliest deadline that was not seen to pass yet: when to look again. */
  readonly wakeAt?: string;
}

/**
 * What is owed in a referral now: which promises begin, which were kept and by what, which need no keeping any more.
 * A promise's id is a function of what it is about, so computing this again, after a crash or with the same events twice,
 * changes nothing. Promises never vanish: the ledger only adds lines and closes them.
 */
export function owe(given: LedgerGiven): Owed {
  const all = new Map(given.promises.map((promise) => [promise.id, promise]));
  const changed = new Map<string, LoopPromise>();
  const needs = [...referrerNeeds(given), ...given.state.children.flatMap((child) => platformNeeds(given, child))];
  for (const need of needs) {
    const promise = reconcile(need, all, given);
    if (promise === undefined) continue;
    all.set(promise.id, promise);
    changed.set(promise.id, promise);
  }
  return { changed: [...changed.values()], all: [...all.values()], ...dueTimes([...all.values()]) };
}

/** The deadlines of the open promises; both absent when nothing is owed. */
export function dueTimes(promises: readonly LoopPromise[]): Pick<Owed, 'nextDueAt' | 'wakeAt'> {
  const open = promises.filter(isOpen);
  const nextDueAt = earliest(open);
  const wakeAt = earliest(open.filter((promise) => promise.lateSince === undefined));
  return { ...(nextDueAt === undefined ? {} : { nextDueAt }), ...(wakeAt === undefined ? {} : { wakeAt }) };
}

/** One read of a Task by a system that fetches instead of being written to. */
interface TaskRead {
  /** Partner id of the reader. */
  readonly partner: string;
  readonly task: string;
  /** meta.versionId and meta.lastUpdated of the version that was handed out. */
  readonly version: number;
  readonly lastUpdated: string;
  readonly at: string;
}

/**
 * The promises that a poll keeps: what the reader was owed about this Task up to the version it read. An older version
 * keeps nothing that was promised after it.
 */
export function keepByRead(promises: readonly LoopPromise[], read: TaskRead): LoopPromise[] {
  return promises
    .filter((promise) => isOpen(promise) && promise.kind === 'tell-gp' && promise.owedTo === read.partner)
    .filter((promise) => promise.task === read.task && promise.madeAt <= read.lastUpdated)
    .map((promise) => ({
      ...promise,
      keptAt: read.at,
      keptAs: 'read-back',
      keptBy: `Task/${read.task}/_history/${read.version}`,
    }));
}

/** The promise that meets a need, when it is new or changes. */
function reconcile(need: Need, all: ReadonlyMap<string, LoopPromise>, given: LedgerGiven): LoopPromise | undefined {
  const { id, promise } = latest(need, all, given.referral.id);
  if (promise === undefined) return begin(need, id, given);
  return isOpen(promise) ? settle(promise, need, given.now) : undefined;
}

/**
 * A promise that was released and is owed again after all, and a question that is asked again, get a line of their own;
 * the old one stays as it was.
 */
function latest(
  need: Need,
  all: ReadonlyMap<string, LoopPromise>,
  referral: string,
): { id: string; promise?: LoopPromise } {
  for (let line = 0, last: LoopPromise | undefined; ; line += 1) {
    const id = promiseId(referral, need, line);
    const promise = all.get(id);
    const over = last?.releasedAt !== undefined || (need.kind === 'resolve-hold' && last?.keptAt !== undefined);
    const again = over && need.settled.is === 'open';
    if (promise === undefined) return last === undefined || again ? { id } : { id: last.id, promise: last };
    last = promise;
  }
}

function promiseId(referral: string, { kind, subject }: Pick<Need, 'kind' | 'subject'>, line: number): string {
  return namedId('promise', referral, kind, subject, line);
}

/** The open hold that a promise to resolve one is about. `holds` are those of the promise's referral. */
export function holdBehind({ id, kind, referral }: LoopPromise, holds: readonly Hold[]): Hold | undefined {
  if (kind !== 'resolve-hold') return undefined;
  const lines = holds.map((_, line) => line);
  return holds.find(
    ({ key, resolvedAt }) =>
      resolvedAt === undefined && lines.some((line) => promiseId(referral, { kind, subject: key }, line) === id),
  );
}

function begin(need: Need, id: string, given: LedgerGiven): LoopPromise | undefined {
  const { settled } = need;
  if (settled.is === 'released' || (settled.is === 'kept' && !need.recordKept)) return undefined;
  const promise: LoopPromise = {
    id,
    referral: given.referral.id,
    kind: need.kind,
    task: need.task,
    owedBy: need.owedBy,
    owedTo: need.owedTo,
    madeAt: settled.is === 'open' ? given.now : need.since,
    dueAt: new Date(Date.parse(need.since) + need.ms).toISOString(),
    level: need.level,
  };
  return settle(promise, need, given.now) ?? promise;
}

function settle(promise: LoopPromise, need: Need, now: string): LoopPromise | undefined {
  const { settled } = need;
  if (settled.is === 'open') return undefined;
  if (settled.is === 'released') return { ...promise, releasedAt: now, releasedWhy: settled.why };
  if (!reaches(settled.as, promise.level)) return undefined;
  return { ...promise, keptAt: settled.at, keptAs: settled.as, keptBy: settled.by };
}

function earliest(promises: readonly LoopPromise[]): string | undefined {
  return promises.map((promise) => promise.dueAt).sort()[0];
}
