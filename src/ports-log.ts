/**
 * The doors of the sealed log, on one page: what the sealer, the verifier and whoever makes a proof ask of a record. The road
 * knows nothing of them: it writes entries, and they are sealed behind its back.
 */
import type { LogEntry } from './core/seal/entry-bytes.ts';
import type { KeptNode } from './core/seal/growing-tree.ts';
import type { Hash } from './core/seal/hash-tree.ts';

/** An entry's place in the tree. What was hashed may have been pruned since; the hash stays. */
export interface LogLeaf {
  /** From 0, without gaps. */
  readonly index: number;
  /** The entry's number. Grows with the index, with gaps. */
  readonly seq: number;
  readonly hash: Hash;
}

/** An entry that is to become a leaf. */
export interface UnsealedLeaf extends Omit<LogLeaf, 'index'> {
  /** Public keys that have signed what it says, where it hands the log over to another key. */
  readonly handOverBy?: readonly string[];
}

/** A signed checkpoint (https://c2sp.org/tlog-checkpoint) and when it was made. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly at: string;
  readonly note: string;
}

/** How far the log is sealed. */
export interface LogHead {
  /** Leaves of the tree: 0 when nothing is sealed. */
  readonly size: number;
  /** The last sealed entry; 0 when none. */
  readonly lastSeq: number;
  readonly checkpoint?: KeptCheckpoint;
}

/** What one sealing adds to the record. */
export interface Seal {
  /** The tree's size that all of this was made for. */
  readonly ifSize: number;
  /** In order; the first has the index `ifSize`. */
  readonly leaves: readonly LogLeaf[];
  readonly nodes: readonly KeptNode[];
  readonly checkpoint: KeptCheckpoint;
}

/** The bytes of a message as they are in the record; pruned ones are absent. */
export interface KeptBodies {
  readonly message: string;
  readonly at: string;
  readonly body?: Uint8Array;
  /** SHA-256 of the body as the record names it. */
  readonly digest: string;
  readonly answer?: Uint8Array;
}

/** What prunings came to. */
export interface Prunings {
  /** Number of the last pruned entry; 0 when none. */
  readonly entriesThrough: number;
  readonly entries: number;
  readonly bodies: number;
  /** No body of a message since then was pruned. */
  readonly bodiesBefore?: string;
}

/** A message's place in the order of time. */
export interface MessagePlace {
  readonly at: string;
  readonly id: string;
}

export interface PrunableBodies {
  readonly messages: readonly string[];
  /** The first of those looked at that keeps its bytes for now. */
  readonly firstKept?: MessagePlace;
  /** Where to go on; absent at the end. */
  readonly next?: MessagePlace;
}

export interface PrunableEntries {
  /** Number of the last; 0 when there is none. */
  readonly through: number;
  /** The referral of an entry that is old enough and must stay, with all that come after it. */
  readonly heldBy?: string;
}

export type Pruning = {
  /** When, UTC. */
  readonly at: string;
  readonly before: string;
} & (
  | { readonly what: 'bodies'; readonly messages: readonly string[] }
  | { readonly what: 'entries'; readonly through: number }
);

export interface LogStore {
  logHead(): Promise<LogHead>;
  /**
   * The leaves of the entries after `seq` that can no longer be preceded by another, in order: what is still under way in
   * another transaction, and all after it, is left for the next time.
   */
  unsealed(seq: number, limit: number): Promise<readonly UnsealedLeaf[]>;
  /** Adds to the tree, in one transaction flushed to disk; `stale` and nothing when the tree has another size by now. */
  seal(seal: Seal): Promise<'sealed' | 'stale'>;
  /** From an index on, in order. */
  logLeaves(index: number, limit: number): Promise<readonly LogLeaf[]>;
  logLeafOf(seq: number): Promise<LogLeaf | undefined>;
  /** Kept nodes of a level (from 1), from an index on, in order. */
  logNodes(level: number, index: number, limit: number): Promise<readonly Hash[]>;
  /** Those of at least this size, the smallest first. */
  checkpoints(size: number, limit: number): Promise<readonly KeptCheckpoint[]>;
  /** What the table of entries holds after a number, sealed or not, in order of number; from its very first row when none is given. */
  logEntries(seq: number | undefined, limit: number): Promise<readonly LogEntry[]>;
  /** What was pruned so far. */
  prunings(): Promise<Prunings>;
  /**
   * The next messages from before an instant, in order of time, after a place: those of which the bytes are still there and nothing needs them
   * any more (no open loop, hold, delivery or waiting work).
   */
  bodiesToPrune(before: string, after: MessagePlace | undefined, limit: number): Promise<PrunableBodies>;
  /** The oldest entries from before an instant that are sealed and of which nothing open speaks, as many as stand there in a row. */
  entriesToPrune(before: string, limit: number): Promise<PrunableEntries>;
  /** Takes them, in one transaction with the entry that says so. Gives how many rows it took: what is needed again by now stays. */
  prune(pruning: Pruning): Promise<number>;
  /** Of those messages that are there. */
  keptBodies(messages: readonly string[]): Promise<readonly KeptBodies[]>;
}
