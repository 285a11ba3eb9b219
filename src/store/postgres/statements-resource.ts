/**
 * Statements on resource, resource_history and resource_search. SQLite's stand beside them; those that write take any number of
 * rows (`:rows`), each resource once.
 */

export const CURRENT_RESOURCES = `
select r.type, r.id, r.version, r.referral, r.search_entries
from json_populate_recordset(null::resource, :rows) w join resource r on r.type = w.type and r.id = w.id`;
export const RESOURCE_BY_ID = 'select * from resource where type = :type and id = :id';
export const RESOURCES_OF_REFERRAL = 'select type, id, body from resource where referral = :referral order by type, id';

/** Of each resource the last version that was there at the instant. */
export const RESOURCES_OF_REFERRAL_AT = `
select distinct on (type, id) type, id, version, body from (
  select type, id, version, last_updated, body from resource where referral = :referral
  union all
  select type, id, version, last_updated, body from resource_history where referral = :referral) versions
where last_updated <= :at order by type, id, version desc`;

/** The versions that are about to be replaced move to the history. */
export const KEEP_FORMER_VERSIONS = `
insert into resource_history (type, id, version, referral, last_updated, body)
select r.type, r.id, r.version, r.referral, r.last_updated, r.body
from json_populate_recordset(null::resource, :rows) w join resource r on r.type = w.type and r.id = w.id`;

export const INSERT_RESOURCES = `
insert into resource (type, id, version, referral, referrer, last_updated, body, search_entries)
select w.type, w.id, w.version, w.referral, (select referrer from referral f where f.id = w.referral), w.last_updated, w.body,
  w.search_entries
from json_populate_recordset(null::resource, :rows) w`;

export const REPLACE_RESOURCES = `
update resource r set version = w.version, last_updated = w.last_updated, body = w.body, search_entries = w.search_entries
from json_populate_recordset(null::resource, :rows) w where r.type = w.type and r.id = w.id`;

export const DELETE_SEARCH_ENTRIES = `
delete from resource_search s using json_populate_recordset(null::resource_search, :rows) w
where s.type = w.type and s.id = w.id and s.param = w.param and s.value = w.value`;
export const INSERT_SEARCH_ENTRIES = `
insert into resource_search (type, param, value, id, code)
select type, param, value, id, code from json_populate_recordset(null::resource_search, :rows)
on conflict do nothing`;
