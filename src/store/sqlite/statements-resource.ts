/** Statements on resource, resource_history and resource_search. PostgreSQL's stand beside them under the same names. */

export const CURRENT_RESOURCE = 'select version, referral from resource where type = :type and id = :id';
export const RESOURCE_BY_ID = 'select * from resource where type = :type and id = :id';
export const RESOURCES_OF_REFERRAL = 'select type, id, body from resource where referral = :referral order by type, id';

/** Of each resource the last version that was there at the instant. */
export const RESOURCES_OF_REFERRAL_AT = `
select type, id, max(version) as version, body from (
  select type, id, version, last_updated, body from resource where referral = :referral
  union all
  select type, id, version, last_updated, body from resource_history where referral = :referral)
where last_updated <= :at group by type, id order by type, id`;

/** The version that is about to be replaced moves to the history. */
export const KEEP_FORMER_VERSION = `
insert into resource_history (type, id, version, referral, last_updated, body)
select type, id, version, referral, last_updated, body from resource where type = :type and id = :id`;

export const UPSERT_RESOURCE = `
insert into resource (type, id, version, referral, referrer, last_updated, body, search_entries)
values (:type, :id, :version, :referral, (select referrer from referral where id = :referral), :lastUpdated, :body, :searchEntries)
on conflict (type, id) do update set version = excluded.version, last_updated = excluded.last_updated,
  body = excluded.body, search_entries = excluded.search_entries`;

export const FORMER_ENTRIES = 'select search_entries from resource where type = :type and id = :id';
export const DELETE_SEARCH_ENTRY = `
delete from resource_search where type = :type and param = :param and value = :value and id = :id`;
export const INSERT_SEARCH_ENTRY = `
insert into resource_search (type, param, value, id, code) values (:type, :param, :value, :id, :code)
on conflict do nothing`;
