/** A message about a patient sets off work for each referral of theirs. */
export const WORK_REFERRAL = {
  number: 4,
  name: 'work-referral',
  sql: 'alter table work add column referral text;  -- where the message alone does not say which',
} as const;
