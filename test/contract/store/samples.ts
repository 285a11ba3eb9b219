import { createHash } from 'node:crypto';
import type { Task } from 'fhir/r4.js';
import type { LoopEvent } from '../../../src/core/loop/event.ts';
import type { LoopPromise } from '../../../src/core/loop/promises/promise.ts';
import type { LostCode } from '../../../src/core/loop/read-back/lost-code.ts';
import type { Reading } from '../../../src/core/loop/read-back/reading.ts';
import type { Hold, KeptMapping, Leg, Message, NewWork } from '../../../src/core/message.ts';
import type { Referral, StoredResource } from '../../../src/core/referral.ts';
import type { Changes, JournalEntry } from '../../../src/ports-changes.ts';
import type { ConsoleAccount, ConsoleProposal, ConsoleSession } from '../../../src/ports-console.ts';
import type { ClaimRequest } from '../../../src/ports-record.ts';

/** Synthetic rows for the store's contract. Every maker takes what the test is about and fills in the rest. */

export const AT = '2026-11-02T09:00:00.000Z';

export function at(minutes: number): string {
  return new Date(Date.parse(AT) + minutes * 60_000).toISOString();
}

export function entry(kind = 'test.noted', more: Partial<JournalEntry> = {}): JournalEntry {
  return { at: AT, kind, actor: 'hearback', detail: {}, ...more };
}

export function changes(more: Partial<Changes> = {}): Changes {
  return { journal: [], ...more };
}

export function message(id: string, more: Partial<Message> = {}): Message {
  const body = more.body ?? new TextEncoder().encode(`{"id":"${id}"}`);
  return {
    id,
    direction: 'in',
    partner: 'elm-tree',
    channel: 'fhir',
    identity: `identity-${id}`,
    digest: createHash('sha256').update(body).digest('hex'),
    at: AT,
    contentType: 'application/fhir+json',
    headers: { 'x-request-id': `identity-${id}` },
    body,
    verdict: 'accepted',
    findings: [],
    answer: { status: 201, headers: { location: `/fhir/Task/${id}` }, body: new TextEncoder().encode(`answer ${id}`) },
    ...more,
  };
}

export function sent(id: string, more: Partial<Message> = {}): Message {
  const { answer, ...rest } = message(id, {
    direction: 'out',
    partner: 'casework',
    channel: 'webhook',
    verdict: 'sent',
  });
  return { ...rest, ...more };
}

export function referral(id: string, more: Partial<Referral> = {}): Referral {
  return {
    id,
    version: 1,
    referrer: 'elm-tree',
    platforms: ['casework'],
    parentTask: `${id}-task`,
    status: 'open',
    openedAt: AT,
    ...more,
  };
}

export function newReferral(id: string, more: Partial<Referral> = {}): NonNullable<Changes['referral']> {
  return { ifVersion: 'new', next: referral(id, more) };
}

export function task(id: string, version: number, more: Partial<StoredResource> = {}): StoredResource {
  const lastUpdated = more.lastUpdated ?? AT;
  const resource: Task = {
    resourceType: 'Task',
    id,
    meta: { versionId: String(version), lastUpdated },
    status: 'requested',
    intent: 'order',
  };
  return { type: 'Task', id, version, referral: 'r1', lastUpdated, resource, index: [], ...more };
}

export function event(id: string, more: Partial<LoopEvent> = {}): LoopEvent {
  return { id, referral: 'r1', kind: 'accepted', task: 'r1-task', at: AT, recordedAt: AT, by: 'casework', ...more };
}

export function promise(id: string, more: Partial<LoopPromise> = {}): LoopPromise {
  return {
    id,
    referral: 'r1',
    kind: 'decide',
    task: 'r1-task',
    owedBy: 'casework',
    owedTo: 'elm-tree',
    madeAt: AT,
    dueAt: at(60),
    level: 'business',
    ...more,
  };
}

export function leg(id: string, more: Partial<Leg> = {}): Leg {
  return {
    id,
    referral: 'r1',
    task: 'r1-task',
    partner: 'casework',
    channel: 'webhook',
    purpose: 'referral',
    message: `${id}-message`,
    status: 'queued',
    attempts: 0,
    queuedAt: AT,
    ...more,
  };
}

export function hold(id: string, more: Partial<Hold> = {}): Hold {
  return { id, kind: 'unmapped-code', key: `key-${id}`, findings: [], openedAt: AT, ...more };
}

export function work(lane: string, subject: string, more: Partial<NewWork> = {}): NewWork {
  return { kind: 'settle', lane, subject, ...more };
}

export function keptMapping(name: string, version: number, more: Partial<KeptMapping> = {}): KeptMapping {
  const files = [{ file: `${name}.map.yaml`, text: `mapping: ${name}\nversion: ${version}\n` }];
  return { name, version, digest: `digest-${name}-${version}`, keptAt: AT, files, ...more };
}

export function reading(id: string, more: Partial<Reading> = {}): Reading {
  const leg = more.leg ?? 'l1';
  return { id, leg, referral: 'r1', partner: 'elm-tree', at: AT, messages: [], entries: [], is: 'kept', ...more };
}

export function lostCode(code: string, more: Partial<LostCode> = {}): LostCode {
  const seen = { firstSeen: AT, firstLeg: 'l1', lastSeen: AT, lastLeg: 'l1', times: 1 };
  return { partner: 'elm-tree', system: 'http://snomed.info/sct', code, ...seen, ...more };
}

export function claim(more: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    worker: 'one',
    now: AT,
    leaseMs: 60_000,
    kinds: ['onward', 'settle', 'read-back', 'digest', 'deadline'],
    limit: 100,
    notPartners: [],
    ...more,
  };
}

export function consoleProposal(subject: string, more: Partial<ConsoleProposal> = {}): ConsoleProposal {
  const decision = { choice: 'retry', reason: 'x "\u0000" 😀' };
  const proposed = { decision, proposedBy: 'anna', proposedAt: AT };
  return { subject, version: 1, state: 'open', ...proposed, ...more };
}

export function consoleAccount(name: string, given: Partial<ConsoleAccount> = {}): ConsoleAccount {
  return {
    name,
    version: 1,
    roles: ['auditor'],
    password: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA',
    disabled: false,
    createdAt: AT,
    changedAt: AT,
    ...given,
  };
}

export function consoleSession(id: string, given: Partial<ConsoleSession> = {}): ConsoleSession {
  return { id, user: 'anna', account: 1, roles: ['auditor'], openedAt: AT, seenAt: AT, endsAt: at(600), ...given };
}
