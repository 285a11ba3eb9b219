/** Decisions that wait for a second person: nobody confirms their own, whatever program writes here. */
export const PROPOSALS = {
  number: 10,
  name: 'proposals',
  sql: `
create table console_proposal (
  subject text primary key,
  version integer not null,
  state text not null check (state in ('open', 'confirmed', 'withdrawn')),
  decision text not null,                 -- JSON
  proposed_by text not null,
  proposed_at text not null,
  decided_by text,
  decided_at text,
  check (state <> 'confirmed' or (decided_by is not null and decided_by <> proposed_by))
) strict, without rowid;
create index console_proposal_open on console_proposal (proposed_at, subject) where state = 'open';
`,
} as const;
