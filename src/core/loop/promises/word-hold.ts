import type { Hold } from '../../message.ts';

/** Begins the key of every hold about what a platform said: a report, or a reference in its reply. */
export const WORD_HELD = 'in|';

/** Whether a platform has spoken and what it said waits for a person: then the platform is not who is waited for. */
export function isWordHeld(hold: Pick<Hold, 'key'>): boolean {
  return hold.key.startsWith(WORD_HELD);
}

/** Since when a word of this platform is held, in this referral; undefined when nothing of it is. */
export function wordHeldSince(holds: readonly Hold[], partner: string): string | undefined {
  return holds
    .filter((hold) => isWordHeld(hold) && hold.resolvedAt === undefined && hold.partner === partner)
    .map(({ openedAt }) => openedAt)
    .sort()[0];
}
