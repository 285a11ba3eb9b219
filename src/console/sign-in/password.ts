import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** In characters (NIST SP 800-63B-4, 3.1.1.2, asks for at least 8, better 15; no rules about kinds of characters). */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

/** Why a password cannot be taken, as a sentence; undefined when it can. */
export function passwordFlaw(password: string, name: string): string | undefined {
  const { length } = [...password];
  if (length < SHORTEST_PASSWORD) return `The password has fewer than ${SHORTEST_PASSWORD} characters.`;
  if (length > LONGEST_PASSWORD) return `The password has more than ${LONGEST_PASSWORD} characters.`;
  if (new Set(password).size < 5) return 'The password consists of too few different characters.';
  if (password.toLowerCase().includes(name.toLowerCase())) return 'The password contains the name of the account.';
  return undefined;
}

/** Argon2id at the cost that OWASP names (19 MiB, two passes, one lane), as a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(prepared(password), COST);
}

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The same password typed on another keyboard has other code points (NIST SP 800-63B-4, 3.1.1.2). */
function prepared(password: string): string {
  return password.normalize('NFKC');
}

export interface PasswordCheck {
  /** `kept` is undefined where there is no such account: the same work is done, and the answer is no. */
  isRight(password: string, kept: string | undefined): Promise<boolean>;
  /** Whether another check may be begun: each takes memory and a processor, and anybody may ask for one. */
  readonly isBusy: boolean;
}

const MOST_AT_ONCE = 8;

export async function openPasswordCheck(): Promise<PasswordCheck> {
  const nobodys = await hashPassword(randomBytes(32).toString('base64url'));
  let running = 0;
  return {
    async isRight(password, kept) {
      running += 1;
      try {
        // A longer one was never taken; hashing it would be work for nothing.
        const isRight = await verify(kept ?? nobodys, prepared(password.slice(0, 2 * LONGEST_PASSWORD)));
        return isRight && kept !== undefined;
      } finally {
        running -= 1;
      }
    },
    get isBusy() {
      return running >= MOST_AT_ONCE;
    },
  };
}
