/**
 * One row for as long as the server does not break down: a crash empties an unlogged table, and so does the taking over of a
 * standby (PostgreSQL, CREATE TABLE, UNLOGGED). Numbers of transactions that were not yet on disk are given away again after
 * it, so none from before may be asked about.
 */
export const SERVER_LIFE = {
  number: 9,
  name: 'server-life',
  sql: `
create unlogged table server_life (
  one boolean primary key default true check (one),
  token uuid not null default gen_random_uuid()
);
`,
} as const;
