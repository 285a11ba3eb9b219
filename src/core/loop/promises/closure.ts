import type { Hold } from '../../message.ts';
import type { LoopState } from '../tasks/task-state.ts';
import { formatDuration } from './duration-words.ts';
import { holdBehind } from './ledger.ts';
import { isOpen, type LoopPromise, type PromiseKind } from './promise.ts';
import { wordHeldSince } from './word-hold.ts';

interface Closure {
  readonly closed: boolean;
  readonly open: readonly LoopPromise[];
}

/**
 * Whether a loop is closed: the referral has ended, and every promise was kept at its level or released with a reason.
 * `promises` is the whole ledger as `owe` left it; an empty one proves nothing, so it closes nothing.
 */
export function closure(state: LoopState, promises: readonly LoopPromise[]): Closure {
  const open = promises.filter(isOpen);
  return { closed: state.parent.terminal && promises.length > 0 && open.length === 0, open };
}

export interface OpenPromise {
  readonly id: string;
  readonly kind: PromiseKind;
  readonly task: string;
  readonly owedBy: string;
  readonly owedTo: string;
  readonly since: string;
  readonly due: string;
  readonly late: boolean;
  /** Since when something that the partner who owes it did say waits for a person. */
  readonly heldSince?: string;
  /** A sentence: who owes what to whom, since when, by when or how late. */
  readonly words: string;
}

/**
 * Who owes what in this loop, the earliest deadline first. `names` gives partner ids their names, `holds` are the
 * referral's: a partner who has spoken and whose word is held is not late, because a person is waited for.
 */
export function explain(
  promises: readonly LoopPromise[],
  now: string,
  names: Readonly<Record<string, string>> = {},
  holds: readonly Hold[] = [],
): OpenPromise[] {
  const name = (partner: string) => names[partner] ?? (partner === 'hearback' ? 'Hearback' : partner);
  return promises
    .filter(isOpen)
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.id < b.id ? -1 : 1))
    .map((promise) => {
      const { id, kind, task, owedBy, owedTo } = promise;
      const heldSince = wordHeldSince(holds, owedBy);
      const late = promise.dueAt < now && heldSince === undefined;
      const debt = `${owing(kind, name(owedBy), name(owedTo))}${question(holdBehind(promise, holds), name)}`;
      const words = `${debt} since ${promise.madeAt}, ${timing(promise, { now, late, heldSince })}.`;
      const shown = { id, kind, task, owedBy, owedTo, since: promise.madeAt, due: promise.dueAt, late, words };
      return { ...shown, ...(heldSince && { heldSince }) };
    });
}

function question(hold: Hold | undefined, name: (partner: string) => string): string {
  if (hold === undefined) return '';
  const about = [hold.kind.replaceAll('-', ' '), ...(hold.partner === undefined ? [] : [name(hold.partner)])];
  return ` (${about.join(', ')}), waiting`;
}

interface Timing {
  readonly now: string;
  readonly late: boolean;
  readonly heldSince: string | undefined;
}

function timing(promise: LoopPromise, { now, late, heldSince }: Timing): string {
  if (heldSince !== undefined) return `held since ${heldSince}: what it said waits for a person`;
  const distance = Math.abs(Date.parse(now) - Date.parse(promise.dueAt));
  return late ? `late by ${formatDuration(distance)}` : `due ${promise.dueAt}`;
}

/** Who owes whom what, as the beginning of a sentence. */
export function owing(kind: PromiseKind, by: string, to: string): string {
  return OWING[kind](by, to);
}

const OWING: Readonly<Record<PromiseKind, (by: string, to: string) => string>> = {
  deliver: (by, to) => `${by} owes ${to} the delivery`,
  decide: (by) => `${by} owes a decision`,
  progress: (by) => `${by} owes news of how it goes on`,
  outcome: (by) => `${by} owes the outcome`,
  'answer-cancel': (by) => `${by} owes an answer to the request to cancel`,
  'tell-gp': (by, to) => `${by} owes ${to} the news`,
  'resolve-hold': () => 'A person must resolve a hold',
};
