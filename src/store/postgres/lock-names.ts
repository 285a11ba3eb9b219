import { createHash } from 'node:crypto';

/**
 * Advisory locks: what two processes must not decide at the same time. A transaction takes all of its locks first, in the order of
 * their numbers, and only then looks at anything; so what it saw still holds when it writes, no two wait for each other in
 * a circle, and who needs the same name waits for a moment instead of failing. The server lets go of them with the transaction.
 *
 * Locks and not rows, because most of what is locked is not there yet: an identity that was never received, an empty lane.
 * There are few places for them in the server (64 for each connection it allows), so a transaction keeps to MOST_LOCKS.
 */
export const MOST_LOCKS = 400;

/** A message's identity: two that bear the same must not both be the first. */
export function identityLock(partner: string, identity: string): string {
  return `identity\n${partner}\n${identity}`;
}

/** A referral with everything of it: its version, resources, promises and legs. */
export function referralLock(referral: string): string {
  return `referral\n${referral}`;
}

/** A name that must stand for one referral only. */
export function nameLock(partner: string, kind: string, value: string): string {
  return `name\n${partner}\n${kind}\n${value}`;
}

/** A lane: what is added to it, and what comes to its head. */
export function laneLock(lane: string): string {
  return `lane\n${lane}`;
}

/** A question to a person: two must not both open it. */
export function holdLock(key: string): string {
  return `hold\n${key}`;
}

/** In the order of the list. One row comes back, however many they are. */
export const TAKE_LOCKS =
  'select count(pg_advisory_xact_lock(number)) as taken from unnest(:numbers::bigint[]) as l (number)';

/** The numbers of these names, each once, in the order in which everybody takes them. Two names with one number only wait once in vain. */
export function lockNumbers(names: Iterable<string>, schema: string): string[] {
  const numbers = new Set<bigint>();
  for (const name of names) {
    numbers.add(createHash('sha256').update(`${schema}\n${name}`).digest().readBigInt64BE());
  }
  return [...numbers].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0)).map(String);
}

/** The record as a whole: shared by all who write to it, and exclusively held by who fills it with a copy. */
export function recordLock(schema: string): string {
  return lockNumbers(['record'], schema).join('');
}

/** Shared by the engines that work on a record. */
export function engineLock(schema: string): string {
  return lockNumbers(['engine'], schema).join('');
}
