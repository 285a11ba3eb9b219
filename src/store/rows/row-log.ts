import type { LogEntry } from '../../core/seal/entry-bytes.ts';
import type { KeptNode } from '../../core/seal/growing-tree.ts';
import type { KeptBodies, KeptCheckpoint, LogHead, LogLeaf } from '../../ports-log.ts';
import { type Bindings, bytes, integer, json, optionalText, type Row, text, withoutAbsent } from './row.ts';

/** The entry with all that is hashed of it: every column of its row, and nothing beside. */
export function toLogEntry(row: Row): LogEntry {
  return withoutAbsent({
    seq: integer(row, 'seq'),
    at: text(row, 'at'),
    kind: text(row, 'kind'),
    actor: text(row, 'actor'),
    partner: optionalText(row, 'partner'),
    referral: optionalText(row, 'referral'),
    message: optionalText(row, 'message'),
    detail: json<LogEntry['detail']>(row, 'detail'),
  });
}

export function toLeaf(row: Row): LogLeaf {
  return { index: integer(row, 'position'), seq: integer(row, 'seq'), hash: bytes(row, 'hash') };
}

export function fromLeaf({ index, seq, hash }: LogLeaf): Bindings {
  return { position: index, seq, hash };
}

export function fromNode({ level, index, hash }: KeptNode): Bindings {
  return { level, position: index, hash };
}

export function toCheckpoint(row: Row): KeptCheckpoint {
  return { size: integer(row, 'size'), at: text(row, 'at'), note: text(row, 'note') };
}

export function fromCheckpoint({ size, at, note }: KeptCheckpoint): Bindings {
  return { size, at, note };
}

/** @param last the last leaf and the last checkpoint, each when there is one */
export function toHead(last: { readonly leaf: Row | undefined; readonly checkpoint: Row | undefined }): LogHead {
  const leaf = last.leaf && toLeaf(last.leaf);
  return {
    size: leaf === undefined ? 0 : leaf.index + 1,
    lastSeq: leaf?.seq ?? 0,
    ...(last.checkpoint !== undefined && { checkpoint: toCheckpoint(last.checkpoint) }),
  };
}

export function toBodies(row: Row): KeptBodies {
  return withoutAbsent({
    message: text(row, 'id'),
    at: text(row, 'at'),
    digest: text(row, 'digest'),
    body: row['body'] === null ? undefined : bytes(row, 'body'),
    answer: row['answer_body'] === null ? undefined : bytes(row, 'answer_body'),
  });
}
