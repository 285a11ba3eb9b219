import type { Referral } from '../../core/referral.ts';
import type { Standing } from '../../ports-console.ts';

/** Who is signed in. */
export interface ConsoleUser extends Standing {
  readonly name: string;
}

/** As the message log names them. */
export function actorOf({ name }: Pick<ConsoleUser, 'name'>): string {
  return `user:${name}`;
}

/** Whether a loop is this user's to see: one of their partners takes part in it. What is not is answered as if it were not there. */
export function maySee(
  { partners }: Pick<ConsoleUser, 'partners'>,
  { referrer, platforms }: Pick<Referral, 'referrer' | 'platforms'>,
): boolean {
  return partners === undefined || [referrer, ...platforms].some((one) => partners.includes(one));
}
