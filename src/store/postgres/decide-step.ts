import type { Hold, Work } from '../../core/message.ts';
import type { StoredResource } from '../../core/referral.ts';
import type { Changes, Reception, WorkOutcome } from '../../ports-changes.ts';
import { optionalText, type Row, text } from '../rows/row.ts';
import { toAnswer } from '../rows/row-message.ts';
import { AT_ONCE } from '../rows/row-work.ts';
import { sound } from '../rows/sound-text.ts';
import { withFurther } from '../rows/with-further.ts';
import { StoreError } from '../store-error.ts';
import { bornName, claimName, type Facts, receivedName, resourceName } from './facts.ts';
import type { RowsToWrite } from './rows-to-write.ts';
import type { Step, StepAnswers } from './step.ts';

/**
 * Decides one step from what is known and adds what it writes. Pure but for what it is given; a step that throws has added nothing.
 * @throws StoreError `misuse`, `claim-lost`, `corrupt`
 */
export function decideStep(step: Step, facts: Facts, rows: RowsToWrite): StepAnswers[Step['kind']] {
  switch (step.kind) {
    case 'receive':
      return receive(step, facts, rows);
    case 'commit':
      return commit(step, facts, rows);
    case 'apply':
      if (isStale(step.changes, facts)) return 'stale';
      checkChanges(step.changes, facts, []);
      write(step.changes, step.now, facts, rows);
      return 'committed';
  }
}

type Of<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

/** A repeat and a conflict leave one line in the log and nothing else; stale and taken leave nothing. */
function receive({ message, changes, now }: Of<'receive'>, facts: Facts, rows: RowsToWrite): Reception {
  if (message.direction !== 'in' || message.answer === undefined) {
    throw new StoreError('misuse', `message ${message.id} is not an inbound message with its answer`);
  }
  const name = receivedName(message);
  const former = facts.received.get(name);
  if (former !== undefined) return receivedBefore(message, former, rows);
  if (hasMoved(changes, facts)) return { kind: 'stale' };
  const referral = takenBy(changes, facts);
  if (referral !== undefined) return { kind: 'taken', referral };
  checkChanges(changes, facts, [message.id]);
  rows.message(message, true);
  facts.messages.add(message.id);
  facts.received.set(name, {
    id: message.id,
    digest: message.digest,
    referral: message.referral ?? null,
    answer_status: message.answer.status,
    answer_headers: JSON.stringify(message.answer.headers),
    answer_body: message.answer.body,
  });
  write(changes, now, facts, rows);
  return { kind: 'first' };
}

function receivedBefore(message: Of<'receive'>['message'], former: Row, rows: RowsToWrite): Reception {
  const id = text(former, 'id');
  const referral = optionalText(former, 'referral');
  const about = {
    at: message.at,
    actor: message.partner,
    message: id,
    ...(referral === undefined ? {} : { referral }),
  };
  if (text(former, 'digest') !== message.digest) {
    // Not `digest`: that word proves the message that the entry names, and these bytes are others.
    rows.entry({ ...about, kind: 'message.conflict', detail: { channel: message.channel, sent: message.digest } });
    return { kind: 'conflict', message: id };
  }
  const answer = toAnswer(former);
  if (answer === undefined) throw new StoreError('corrupt', `message ${id} was received without an answer`);
  rows.entry({ ...about, kind: 'message.repeated', detail: { channel: message.channel } });
  return { kind: 'repeat', message: id, answer };
}

function commit({ work, outcome, changes, now }: Of<'commit'>, facts: Facts, rows: RowsToWrite): 'committed' | 'stale' {
  if (!facts.claims.has(claimName(work))) {
    throw new StoreError('claim-lost', `work ${work.seq} is no longer claimed by the one who wants to settle it`);
  }
  if (isStale(changes, facts)) return 'stale';
  checkChanges(changes, facts, []);
  if (outcome.kind === 'held') checkHold(outcome.hold, changes.holds ?? [], facts);
  settle(work, outcome, write(changes, now, facts, rows), { facts, rows });
  facts.claims.delete(claimName(work));
  return 'committed';
}

interface Deciding {
  readonly facts: Facts;
  readonly rows: RowsToWrite;
}

function settle(
  work: Work,
  outcome: WorkOutcome,
  openAs: ReadonlyMap<string, string>,
  { facts, rows }: Deciding,
): void {
  if (outcome.kind === 'done') rows.done(work);
  else if (outcome.kind === 'again') rows.putBack(work.seq, outcome.notBefore, outcome.why);
  else {
    const hold = openAs.get(outcome.hold) ?? outcome.hold;
    if (openAs.has(outcome.hold) || facts.holds.get(hold) === true) rows.held(work.seq, hold);
    /* A person resolved it while the step was deciding: nobody would ever wake this work again. */ else
      rows.putBack(work.seq, AT_ONCE, 'the hold was resolved meanwhile');
  }
}

function checkHold(hold: string, opened: readonly Hold[], facts: Facts): void {
  if (opened.some(({ id }) => id === hold) || facts.holds.has(hold)) return;
  throw new StoreError('misuse', `hold ${hold} is not in the record`);
}

/* ------------------------------------------------------------------ changes */

/** Whether the changes were decided from something that has moved on since, or a name that must be unique was given since. */
export function isStale(changes: Changes, facts: Facts): boolean {
  return hasMoved(changes, facts) || takenBy(changes, facts) !== undefined;
}

function hasMoved(changes: Changes, facts: Facts): boolean {
  return withFurther(changes).some((one) => oneMoved(one, facts));
}

function oneMoved({ referral, resources = [] }: Changes, facts: Facts): boolean {
  if (referral !== undefined && (facts.versions.get(referral.next.id) ?? 'new') !== referral.ifVersion) return true;
  return resourcesMoved(resources, facts);
}

function resourcesMoved(resources: readonly StoredResource[], facts: Facts): boolean {
  const versions = new Map<string, number>();
  for (const resource of resources) {
    const name = resourceName(resource);
    const current = facts.resources.get(name);
    /* That would mix two patients' records. */
    if (current !== undefined && current.referral !== resource.referral) {
      throw new StoreError('misuse', `${name} belongs to another referral`);
    }
    if (resource.version !== (versions.get(name) ?? current?.version ?? 0) + 1) return true;
    versions.set(name, resource.version);
  }
  return false;
}

function takenBy(changes: Changes, facts: Facts): string | undefined {
  for (const name of withFurther(changes).flatMap(({ unique = [] }) => unique)) {
    for (const bearer of facts.bearers.get(bornName(name)) ?? []) if (bearer !== name.referral) return bearer;
  }
  return undefined;
}

/** What the caller must not have done. Asked before anything is added. */
function checkChanges(changes: Changes, facts: Facts, own: readonly string[]): void {
  for (const one of withFurther(changes)) checkOne(one, facts, own);
}

function checkOne({ referral, messages = [], link, readBy }: Changes, facts: Facts, own: readonly string[]): void {
  if (referral !== undefined && referral.ifVersion !== 'new' && referral.next.version <= referral.ifVersion) {
    throw new StoreError('misuse', `the version of referral ${referral.next.id} must count up with every step`);
  }
  const known = new Set([...own, ...messages.map(({ id }) => id)]);
  const isUnknown = (id: string) => !known.has(id) && !facts.messages.has(id);
  if (link !== undefined && isUnknown(link.message)) {
    throw new StoreError('misuse', `message ${link.message} is not in the record and cannot be linked`);
  }
  if (readBy !== undefined && isUnknown(readBy.message)) {
    throw new StoreError('misuse', `message ${readBy.message} is not in the record and cannot be read`);
  }
}

/** Adds everything. Returns, for each hold's id, the id of the hold that is now open for it. */
export function write(changes: Changes, now: string, facts: Facts, rows: RowsToWrite): ReadonlyMap<string, string> {
  return new Map(withFurther(changes).flatMap((one) => [...writeOne(one, now, facts, rows)]));
}

function writeOne(changes: Changes, now: string, facts: Facts, rows: RowsToWrite): ReadonlyMap<string, string> {
  rows.changes(changes, now);
  const { referral, resources = [], references = [], messages = [], holds = [] } = changes;
  if (referral !== undefined) facts.versions.set(referral.next.id, referral.next.version);
  for (const resource of resources) {
    const name = resourceName(resource);
    rows.resource(resource, facts.resources.get(name)?.index ?? []);
    facts.resources.set(name, resource);
  }
  for (const name of references) {
    facts.bearers.set(bornName(name), (facts.bearers.get(bornName(name)) ?? new Set()).add(name.referral));
  }
  for (const { id } of messages) facts.messages.add(id);
  return openHolds(holds, facts, rows);
}

/** Opens each hold, or joins the one that is already open for the same key and says so in the log. */
function openHolds(holds: readonly Hold[], facts: Facts, rows: RowsToWrite): ReadonlyMap<string, string> {
  const openAs = new Map<string, string>();
  for (const hold of holds) {
    const open = facts.openHolds.get(sound(hold.key));
    if (open === undefined) {
      rows.hold(hold);
      facts.openHolds.set(sound(hold.key), hold.id);
      facts.holds.set(hold.id, true);
    } else noteJoined(hold, open, rows);
    const id = open ?? hold.id;
    if (hold.referral !== undefined) rows.holdReferral(hold.referral, id);
    openAs.set(hold.id, id);
  }
  return openAs;
}

function noteJoined(hold: Hold, open: string, rows: RowsToWrite): void {
  rows.entry({
    at: hold.openedAt,
    kind: 'hold.joined',
    actor: 'hearback',
    ...(hold.referral === undefined ? {} : { referral: hold.referral }),
    detail: { hold: open, insteadOf: hold.id },
  });
}
