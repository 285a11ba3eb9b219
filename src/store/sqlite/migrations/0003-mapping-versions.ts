/**
 * Which mapping read or made what, its text for as long as the record is kept, and which message of a set a leg is.
 * A dossier is read as it was at an instant from the versions of its resources.
 */
export const MAPPING_VERSIONS = {
  number: 3,
  name: 'mapping-versions',
  sql: `
create table mapping_version (
  digest text primary key,
  name text not null,
  version integer not null,
  kept_at text not null,
  files text not null                    -- JSON list of {file, text}: the mapping first, then what it is made of besides
) strict;
create index mapping_version_by_name on mapping_version (name, version);

alter table message add column mapping text;  -- JSON: name, version and digest of what read it last
alter table leg add column part text;         -- JSON: set, number, of, key
alter table work add column mapping text;     -- digest of the version that is to read the message, when somebody chose one
create index resource_history_by_referral on resource_history (referral, type, id, version);
`,
} as const;
