/** Every text is compared and ordered byte by byte, as the other stores do, whatever the language of the database. */
const TEXT = 'text collate "C"';

/** Decisions that wait for a second person: nobody confirms their own, whatever program writes here. */
export const PROPOSALS = {
  number: 8,
  name: 'proposals',
  sql: `
create table console_proposal (
  subject ${TEXT} primary key,
  version integer not null,
  state ${TEXT} not null check (state in ('open', 'confirmed', 'withdrawn')),
  decision ${TEXT} not null,                 -- JSON
  proposed_by ${TEXT} not null,
  proposed_at ${TEXT} not null,
  decided_by ${TEXT},
  decided_at ${TEXT},
  check (state <> 'confirmed' or (decided_by is not null and decided_by <> proposed_by))
);
create index console_proposal_open on console_proposal (proposed_at, subject) where state = 'open';
`,
} as const;
