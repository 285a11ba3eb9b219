/** Statements on mapping_version. SQLite's stand beside them; the one that writes takes any number of rows (`:rows`). */

const MAPPING = 'digest, name, version, kept_at, files';

/** A digest stands for one text for ever. In order, so that two processes never wait for each other. */
export const KEEP_MAPPINGS = `
insert into mapping_version (${MAPPING})
select ${MAPPING} from json_populate_recordset(null::mapping_version, :rows) order by digest
on conflict (digest) do nothing`;

export const KEPT_MAPPINGS = 'select * from mapping_version order by kept_at, name, version';
export const KEPT_MAPPINGS_OF_NAME = 'select * from mapping_version where name = :name order by kept_at, version';
export const KEPT_MAPPING_BY_DIGEST = 'select * from mapping_version where digest = :digest';
