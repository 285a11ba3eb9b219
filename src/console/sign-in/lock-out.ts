import { createHash } from 'node:crypto';
import type { SignInAttempts } from '../../ports-console.ts';

/** How many failures are free, by what they are counted for. Many people may stand behind one address. */
const FREE = { name: 5, address: 20 } as const;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

export type CountedFor = keyof typeof FREE;

/**
 * Under what attempts for a name are counted: one of a million numbers, for names that exist as for those that do not, so that
 * neither can be told from the other, and so that nothing is kept of a password that was typed in the wrong field.
 */
export function nameKey(name: string): string {
  return `name:${createHash('sha256').update(name).digest('hex').slice(0, 5)}`;
}

/** Of an IPv6 address the network: whoever has one has all of its addresses. */
export function addressKey(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return `address:${address.replace('::ffff:', '')}`;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail?.split(':').filter((group) => group !== '') ?? [];
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return `address:${[...groups, ...zeros, ...rest].slice(0, 4).join(':')}::/64`;
}

/** Milliseconds until the next attempt is let through; 0 when it is now. */
export function waitOf(attempts: SignInAttempts | undefined, now: Date): number {
  if (attempts?.lockedUntil === undefined) return 0;
  return Math.max(0, Date.parse(attempts.lockedUntil) - now.getTime());
}

/**
 * One attempt more. It is counted before the password is looked at, as if it had failed: a hundred attempts at once must
 * not all be let through because none has failed yet.
 */
export function countAttempt(
  attempts: SignInAttempts | undefined,
  { key, of, now }: { readonly key: string; readonly of: CountedFor; readonly now: Date },
): SignInAttempts {
  const isForgotten = attempts === undefined || attempts.forgetAt <= now.toISOString();
  const failures = (isForgotten ? 0 : attempts.failures) + 1;
  const over = failures - FREE[of];
  const wait = over < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** over, LONGEST_WAIT_MS);
  return {
    key,
    version: (attempts?.version ?? 0) + 1,
    failures,
    ...(wait > 0 && { lockedUntil: new Date(now.getTime() + wait).toISOString() }),
    forgetAt: new Date(now.getTime() + FORGOTTEN_AFTER_MS).toISOString(),
  };
}

/**
 * It was the right password after all: for the name everything is forgiven, for the address only this attempt. Else whoever has one account could
 * go on trying others for ever.
 */
export function forgiveAttempt(attempts: SignInAttempts, of: CountedFor): SignInAttempts {
  const failures = of === 'name' ? 0 : Math.max(0, attempts.failures - 1);
  const { lockedUntil, ...rest } = attempts;
  const keepsLock = failures >= FREE[of] && lockedUntil !== undefined;
  return { ...rest, version: attempts.version + 1, failures, ...(keepsLock && { lockedUntil }) };
}
