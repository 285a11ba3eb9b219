import type { Referral } from '../../../core/referral.ts';
import type { ConsoleUser } from '../../session/console-user.ts';

type Limits = Pick<ConsoleUser, 'partners' | 'roles'>;

/**
 * Whether an account may see who the patient of a loop is, once it is unmasked. A platform was told what its mapping tells it, and no
 * more: an account that is limited to platforms sees that in their messages, and not the practice's dossier.
 */
export function maySeePatient(
  { partners }: Pick<Limits, 'partners'>,
  { referrer }: Pick<Referral, 'referrer'>,
): boolean {
  return partners === undefined || partners.includes(referrer);
}

/** Whether an account may open messages from and to a partner: what one partner was told or said is not for another's. */
export function maySeeMessagesOf({ partners, roles }: Limits, partner: string): boolean {
  const reads = roles.includes('auditor') || roles.includes('engineer');
  return reads && (partners === undefined || partners.includes(partner));
}

/** Holds are one question for many referrals of several partners. */
export function maySeeHolds({ partners, roles }: Limits): boolean {
  return partners === undefined && (roles.includes('auditor') || roles.includes('engineer'));
}
