/** Statements on mapping_version. PostgreSQL's stand beside them under the same names. */

/** A digest stands for one text for ever. */
export const KEEP_MAPPING = `
insert into mapping_version (digest, name, version, kept_at, files)
values (:digest, :name, :version, :keptAt, :files)
on conflict (digest) do nothing`;

export const KEPT_MAPPINGS = 'select * from mapping_version order by kept_at, name, version';
export const KEPT_MAPPINGS_OF_NAME = 'select * from mapping_version where name = :name order by kept_at, version';
export const KEPT_MAPPING_BY_DIGEST = 'select * from mapping_version where digest = :digest';
