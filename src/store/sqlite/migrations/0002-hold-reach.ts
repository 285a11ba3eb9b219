/** Which referrals a hold stands in the way of, asked from the hold's side. */
export const HOLD_REACH = {
  number: 2,
  name: 'hold-reach',
  sql: 'create index hold_referral_by_hold on hold_referral (hold, referral);',
} as const;
