import { openCheckpoint, signCheckpoint } from '../core/seal/checkpoint.ts';
import type { GrowingTree, KeptNode } from '../core/seal/growing-tree.ts';
import { type Hash, sameHash } from '../core/seal/hash-tree.ts';
import { publicText, type SigningKey } from '../core/seal/note-key.ts';
import { provesConsistency } from '../core/seal/verify-proof.ts';
import type { KeptCheckpoint, LogHead, LogLeaf, LogStore, UnsealedLeaf } from '../ports-log.ts';
import { proveConsistency, readTree } from './tree-reading.ts';

/** The log's tree as somebody last knew it to be right. */
export interface SealedTree {
  readonly tree: GrowingTree;
  readonly lastSeq: number;
}

/** What was seen of a log before, outside its database. */
export interface KnownHead {
  readonly size: number;
  readonly root: Hash;
}

/**
 * The record's tree is not what it was, or not what its checkpoint says: nothing is signed on top of it, because that would
 * make it look right.
 */
export class LogNotWhole extends Error {
  readonly code: 'rolled-back' | 'changed' | 'not-signed';
  /** Leaves of the tree as it is now. */
  readonly size: number;

  constructor(code: LogNotWhole['code'], size: number, what: string) {
    super(
      `${what} Nothing is sealed on top of it. \`hearback log verify\` says where it is wrong; keep what is there for whoever looks into it, and put the record back from a backup.`,
    );
    this.code = code;
    this.size = size;
  }
}

/**
 * The record's tree as it is now, found to be that of its last checkpoint, which the first of these keys has signed, and to
 * begin with what was known of it before.
 * @throws LogNotWhole
 */
export async function openTree(
  log: LogStore,
  keys: readonly SigningKey[],
  before: KnownHead | undefined,
): Promise<SealedTree> {
  const head = await log.logHead();
  const tree = await readTree(log, head.size);
  checkHead(head, tree, keys);
  if (before !== undefined) await checkBegun(log, before, tree);
  return { tree, lastSeq: head.lastSeq };
}

function checkHead({ size, checkpoint }: LogHead, tree: GrowingTree, keys: readonly SigningKey[]): void {
  if (checkpoint === undefined) {
    if (size > 0) throw new LogNotWhole('changed', size, `The log's tree has ${size} leaves and no checkpoint.`);
    return;
  }
  const opened = openCheckpoint(checkpoint.note, keys);
  if ('flaw' in opened) {
    throw new LogNotWhole(
      'not-signed',
      size,
      `The last checkpoint (of ${checkpoint.size} entries) is not signed by the log's key (${opened.flaw}). If the key is a new one, the old one hands over to it: \`hearback log key rotate\`.`,
    );
  }
  const { size: signed, root } = opened.checkpoint;
  if (signed !== size || checkpoint.size !== size || !sameHash(root, tree.root())) {
    throw new LogNotWhole('changed', size, `The log's tree of ${size} leaves is not that of its last checkpoint.`);
  }
}

async function checkBegun(log: LogStore, before: KnownHead, tree: GrowingTree): Promise<void> {
  const after = { size: tree.size, root: tree.root() };
  if (after.size < before.size) {
    throw new LogNotWhole(
      'rolled-back',
      after.size,
      `The log had ${before.size} entries under a checkpoint that was kept, and has ${after.size} now.`,
    );
  }
  const proof = before.size === 0 ? [] : await proveConsistency(log, before.size, after.size);
  if (provesConsistency(before, after, proof)) return;
  throw new LogNotWhole(
    'changed',
    after.size,
    `The first ${before.size} entries of the log are no longer those that were sealed.`,
  );
}

interface SealingParts {
  readonly log: LogStore;
  /** The log's own key first. Its name is the log's origin. */
  readonly keys: readonly SigningKey[];
  /** When the checkpoint is made, as the record writes instants. */
  readonly at: string;
  readonly limit: number;
}

export type Sealing =
  | { readonly kind: 'nothing' }
  /** Somebody else has sealed meanwhile. */
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'sealed';
      readonly entries: number;
      readonly checkpoint: KeptCheckpoint;
      readonly root: Hash;
      /** Numbers of the entries that hand the log over to another key, and that none of the keys it is sealed with has signed. */
      readonly handOversNotSigned: readonly number[];
    };

/**
 * Seals the next entries, `limit` at most: their leaves, the nodes that became complete, and a checkpoint, in one transaction.
 * `from.tree` grows only when that is on disk. Killed at any moment, either all of it is there or nothing.
 */
export async function sealNext(
  from: SealedTree,
  { log, keys, at, limit }: SealingParts,
): Promise<{
  readonly sealing: Sealing;
  readonly now: SealedTree | undefined;
}> {
  const entries = await log.unsealed(from.lastSeq, limit);
  const last = entries.at(-1);
  if (last === undefined) return { sealing: { kind: 'nothing' }, now: from };
  const ifSize = from.tree.size;
  const leaves: LogLeaf[] = [];
  const nodes: KeptNode[] = [];
  for (const { seq, hash } of entries) {
    leaves.push({ index: from.tree.size, seq, hash });
    from.tree.add(hash, (node) => nodes.push(node));
  }
  const { size } = from.tree;
  const root = from.tree.root();
  const checkpoint = { size, at, note: signCheckpoint({ origin: originOf(keys), size, root }, keys) };
  /* The tree has grown already: when this fails it is not known any more, and read anew. */
  const sealed = await log.seal({ ifSize, leaves, nodes, checkpoint });
  if (sealed === 'stale') return { sealing: { kind: 'stale' }, now: undefined };
  return {
    sealing: {
      ...{ kind: 'sealed', entries: entries.length, checkpoint, root },
      handOversNotSigned: handOversNotSigned(entries, keys),
    },
    now: { tree: from.tree, lastSeq: last.seq },
  };
}

/**
 * They are sealed as what they are, because sealing that stopped would leave all that comes after open to be changed, and the entry
 * is what shows that somebody wrote into the record. No verifier follows them.
 */
function handOversNotSigned(entries: readonly UnsealedLeaf[], keys: readonly SigningKey[]): number[] {
  const own = new Set(keys.map(publicText));
  return entries
    .filter(({ handOverBy }) => handOverBy !== undefined && !handOverBy.some((key) => own.has(key)))
    .map(({ seq }) => seq);
}

function originOf([key]: readonly SigningKey[]): string {
  if (key === undefined) throw new Error('a log is sealed with a key');
  return key.name;
}
