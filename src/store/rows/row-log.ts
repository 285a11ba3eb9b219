import { LOG_PRUNED } from '../../core/seal/check-pruning.ts';
import { entryLeaf, type LogEntry } from '../../core/seal/entry-bytes.ts';
import type { KeptNode } from '../../core/seal/growing-tree.ts';
import { readHandOver } from '../../core/seal/hand-over.ts';
import { publicText } from '../../core/seal/note-key.ts';
import type { JournalEntry } from '../../ports-changes.ts';
import type {
  KeptBodies,
  KeptCheckpoint,
  LogHead,
  LogLeaf,
  MessagePlace,
  PrunableBodies,
  PrunableEntries,
  Pruning,
  Prunings,
  UnsealedLeaf,
} from '../../ports-log.ts';
import { type Bindings, bytes, flag, integer, json, optionalText, type Row, text, withoutAbsent } from './row.ts';

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

/** The leaf that an entry is to become. */
export function toUnsealed(row: Row): UnsealedLeaf {
  const entry = toLogEntry(row);
  const handOver = readHandOver(entry);
  return {
    ...{ seq: entry.seq, hash: entryLeaf(entry) },
    ...(handOver !== undefined && { handOverBy: handOver.by.map(publicText) }),
  };
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

export function toPrunings(rows: readonly Row[]): Prunings {
  const of = (what: string) => rows.find((row) => row['what'] === what);
  const [bodies, entries] = [of('bodies'), of('entries')];
  return {
    entriesThrough: entries === undefined ? 0 : integer(entries, 'through'),
    entries: entries === undefined ? 0 : integer(entries, 'total'),
    bodies: bodies === undefined ? 0 : integer(bodies, 'total'),
    ...(bodies !== undefined && { bodiesBefore: text(bodies, 'before_at') }),
  };
}

/** @param rows of the next messages: id, at, whether the bytes are there (`kept`), and whether something needs them (`needed`) */
export function toPrunableBodies(rows: readonly Row[], limit: number): PrunableBodies {
  const placeOf = (row: Row): MessagePlace => ({ at: text(row, 'at'), id: text(row, 'id') });
  const kept = rows.filter((row) => flag(row, 'kept'));
  const firstKept = kept.find((row) => flag(row, 'needed'));
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    messages: kept.filter((row) => !flag(row, 'needed')).map((row) => text(row, 'id')),
    ...(firstKept !== undefined && { firstKept: placeOf(firstKept) }),
    ...(last !== undefined && { next: placeOf(last) }),
  };
}

/** @param rows of the oldest entries: seq, referral, whether it is old enough and sealed (`old`), and whether something open needs it (`needed`) */
export function toPrunableEntries(rows: readonly Row[]): PrunableEntries {
  const stop = rows.findIndex((row) => !flag(row, 'old') || flag(row, 'needed'));
  const last = rows[(stop < 0 ? rows.length : stop) - 1];
  const blocker = stop < 0 ? undefined : rows[stop];
  const heldBy = blocker !== undefined && flag(blocker, 'old') ? optionalText(blocker, 'referral') : undefined;
  return { through: last === undefined ? 0 : integer(last, 'seq'), ...(heldBy !== undefined && { heldBy }) };
}

/** The row of a pruning, and the entry that says so. */
export function fromPruning(
  pruning: Pruning,
  { pruned, total }: { readonly pruned: number; readonly total: number },
): { readonly row: Bindings; readonly entry: JournalEntry } {
  const { at, before, what } = pruning;
  const through = what === 'entries' ? pruning.through : null;
  const detail = { what, rows: pruned, before, total, ...(through !== null && { through }) };
  return {
    row: { at, what, beforeAt: before, through, pruned, total },
    entry: { at, kind: LOG_PRUNED, actor: 'hearback', detail },
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
