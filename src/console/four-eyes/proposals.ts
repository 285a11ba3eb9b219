import type { JournalEntry } from '../../ports-changes.ts';
import type { ConsoleProposal, ConsoleRecord } from '../../ports-console.ts';
import { actorOf, type ConsoleUser } from '../session/console-user.ts';

/**
 * Decisions that two people make: one proposes, another one confirms exactly that. The record holds one proposal for each thing that
 * is decided about and lets it be confirmed once, by somebody else, whatever happens at the same time.
 */
export type Subject = { readonly hold: string } | { readonly message: string };

interface Given {
  readonly record: Pick<ConsoleRecord, 'consoleProposal' | 'changeConsole'>;
  readonly user: Pick<ConsoleUser, 'name'>;
  readonly now: Date;
  /** The loop it is about, for the log. */
  readonly referral?: string | undefined;
}

export function subjectKey(subject: Subject): string {
  return 'hold' in subject ? `hold|${subject.hold}` : `replay|${subject.message}`;
}

/** What is proposed about a thing now; undefined when nothing is. */
export async function openProposal(
  subject: Subject,
  record: Pick<ConsoleRecord, 'consoleProposal'>,
): Promise<ConsoleProposal | undefined> {
  const found = await record.consoleProposal(subjectKey(subject));
  return found?.state === 'open' ? found : undefined;
}

/** Proposes a decision; `taken` when somebody else's stands already. */
export async function propose(
  subject: Subject,
  { decision, detail }: { readonly decision: unknown; readonly detail: JournalEntry['detail'] },
  given: Given,
): Promise<'proposed' | 'taken'> {
  const before = await given.record.consoleProposal(subjectKey(subject));
  if (before?.state === 'open') return 'taken';
  const next: ConsoleProposal = {
    subject: subjectKey(subject),
    version: (before?.version ?? 0) + 1,
    state: 'open',
    decision,
    proposedBy: given.user.name,
    proposedAt: given.now.toISOString(),
  };
  const done = await given.record.changeConsole({
    proposal: { ifVersion: before?.version ?? 'new', next },
    journal: [entryOf('decision.proposed', subject, detail, given)],
  });
  return done === 'committed' ? 'proposed' : 'taken';
}

export type Settled =
  /** It is this person's to do now, and nobody else's. */
  | { readonly kind: 'settled'; readonly decision: unknown }
  /** Whoever proposed it cannot confirm it. */
  | { readonly kind: 'own' }
  /** It is not the proposal that was seen: somebody confirmed it, took it back or made another one. */
  | { readonly kind: 'gone' };

/**
 * Confirms a proposal, or takes it back. Once it is confirmed nobody can confirm it again: what it says may be done.
 * @param version of the proposal that was seen
 */
export async function settleProposal(
  subject: Subject,
  { version, as }: { readonly version: number; readonly as: 'confirmed' | 'withdrawn' },
  given: Given,
): Promise<Settled> {
  const found = await openProposal(subject, given.record);
  if (found === undefined || found.version !== version) return { kind: 'gone' };
  if (as === 'confirmed' && found.proposedBy === given.user.name) return { kind: 'own' };
  const decidedAt = given.now.toISOString();
  const next: ConsoleProposal = { ...found, version: version + 1, state: as, decidedBy: given.user.name, decidedAt };
  const detail = { user: found.proposedBy };
  const done = await given.record.changeConsole({
    proposal: { ifVersion: version, next },
    journal: [entryOf(`decision.${as}`, subject, detail, given)],
  });
  return done === 'committed' ? { kind: 'settled', decision: found.decision } : { kind: 'gone' };
}

function entryOf(
  kind: string,
  subject: Subject,
  detail: JournalEntry['detail'],
  { user, now, referral }: Given,
): JournalEntry {
  const about = { at: now.toISOString(), kind, actor: actorOf(user), ...(referral !== undefined && { referral }) };
  return 'hold' in subject
    ? { ...about, detail: { hold: subject.hold, ...detail } }
    : { ...about, message: subject.message, detail: { what: 'replay', ...detail } };
}
