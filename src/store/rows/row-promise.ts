import type { AckLevel, LoopPromise, PromiseKind } from '../../core/loop/promises/promise.ts';
import { type Bindings, optionalText, optionalWord, type Row, text, withoutAbsent, word } from './row.ts';

export const LEVELS: Record<AckLevel, true> = { transport: true, technical: true, business: true, 'read-back': true };
export const PROMISE_KINDS: Record<PromiseKind, true> = {
  deliver: true,
  decide: true,
  progress: true,
  outcome: true,
  'answer-cancel': true,
  'tell-gp': true,
  'resolve-hold': true,
};

export function toPromise(row: Row): LoopPromise {
  return withoutAbsent({
    id: text(row, 'id'),
    referral: text(row, 'referral'),
    kind: word(row, 'kind', PROMISE_KINDS),
    task: text(row, 'task'),
    owedBy: text(row, 'owed_by'),
    owedTo: text(row, 'owed_to'),
    madeAt: text(row, 'made_at'),
    dueAt: text(row, 'due_at'),
    level: word(row, 'level', LEVELS),
    keptAt: optionalText(row, 'kept_at'),
    keptAs: optionalWord(row, 'kept_as', LEVELS),
    keptBy: optionalText(row, 'kept_by'),
    releasedAt: optionalText(row, 'released_at'),
    releasedWhy: optionalText(row, 'released_why'),
    lateSince: optionalText(row, 'late_since'),
  });
}

export function fromPromise(promise: LoopPromise): Bindings {
  return {
    id: promise.id,
    referral: promise.referral,
    kind: promise.kind,
    task: promise.task,
    owedBy: promise.owedBy,
    owedTo: promise.owedTo,
    madeAt: promise.madeAt,
    dueAt: promise.dueAt,
    level: promise.level,
    keptAt: promise.keptAt ?? null,
    keptAs: promise.keptAs ?? null,
    keptBy: promise.keptBy ?? null,
    releasedAt: promise.releasedAt ?? null,
    releasedWhy: promise.releasedWhy ?? null,
    lateSince: promise.lateSince ?? null,
  };
}
