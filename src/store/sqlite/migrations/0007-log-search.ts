/**
 * The message log is searched by who, what and whom, and shown in order of time: each index lies in that order, so that a page
 * is read from where it begins, however much there is.
 */
export const LOG_SEARCH = {
  number: 7,
  name: 'log-search',
  sql: `
drop index journal_by_kind;
drop index journal_by_actor;
drop index journal_by_partner;
drop index journal_by_referral;
create index journal_by_kind on journal (kind, at);
create index journal_by_actor on journal (actor, at);
create index journal_by_partner on journal (partner, at) where partner is not null;
create index journal_by_referral on journal (referral, at) where referral is not null;
create index journal_by_message on journal (message) where message is not null;
`,
} as const;
