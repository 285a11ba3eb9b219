import type { KeptMapping } from '../../core/message.ts';
import { type Bindings, integer, json, type Row, text } from './row.ts';

export function toKeptMapping(row: Row): KeptMapping {
  return {
    name: text(row, 'name'),
    version: integer(row, 'version'),
    digest: text(row, 'digest'),
    keptAt: text(row, 'kept_at'),
    files: json<KeptMapping['files']>(row, 'files'),
  };
}

export function fromKeptMapping({ name, version, digest, keptAt, files }: KeptMapping): Bindings {
  return { name, version, digest, keptAt, files: JSON.stringify(files) };
}
