import { checkPruning } from './check-pruning.ts';
import { openCheckpoint, readCheckpoint } from './checkpoint.ts';
import { entryLeaf, type LogEntry } from './entry-bytes.ts';
import { growTree, type KeptNode } from './growing-tree.ts';
import { type Hash, sameHash } from './hash-tree.ts';
import { newKeyTrust } from './key-trust.ts';
import type { LogFault } from './log-fault.ts';
import { publicText, type VerifierKey } from './note-key.ts';

/** What a whole log comes to. */
export interface WholeLog {
  readonly entries: number;
  readonly pruned: number;
  /** Messages of which the bytes were pruned. */
  readonly prunedBodies: number;
  readonly checkpoints: number;
  readonly root: Hash;
  /** Public keys that were not given, have signed, and are believed because an entry of the log hands over to or from them. */
  readonly followedKeys?: readonly string[];
  /** Numbers of the entries that hand the log over to another key and that no trusted key has signed: they are not followed. */
  readonly handOversNotSigned?: readonly number[];
}

interface Trusted {
  readonly keys: readonly VerifierKey[];
  /** Keys that the log names itself, to be found trustworthy or not. */
  readonly candidates?: readonly VerifierKey[];
  /** The log's name; any that the keys bear when left out. */
  readonly origin?: string;
  /** Number of the last entry that is said to be pruned; 0 when none. An entry of the log has to bear it out. */
  readonly prunedThrough?: number;
  /** So many bodies are said to be pruned, all of messages from before an instant. An entry of the log has to bear it out. */
  readonly prunedBodies?: { readonly count: number; readonly before: string };
  /** Checkpoints kept elsewhere. */
  readonly kept?: readonly string[];
}

interface CheckedLeaf {
  readonly index: number;
  readonly seq: number;
  readonly hash: Hash;
  /** Undefined when it is not there. */
  readonly entry: LogEntry | undefined;
}

/**
 * Checks a log from its first leaf to its last, holding no more of it than the right edge of the tree. Each step gives the
 * first thing that is wrong, or nothing; after a fault no further step means anything.
 */
export interface LogCheck {
  readonly size: number;
  /** The nodes that became complete since they were last taken, to be compared with those that are kept. */
  takeNodes(): readonly KeptNode[];
  leaf(leaf: CheckedLeaf): LogFault | undefined;
  /** The bytes of an entry's message are not there. */
  bodyMissing(index: number, entry: LogEntry): LogFault | undefined;
  /** An entry that is not sealed yet: what it says of prunings counts, because they may be younger than the last checkpoint. */
  unsealed(entry: LogEntry): void;
  /** A checkpoint of the log, of as many leaves as there were so far. */
  checkpoint(size: number, note: string): LogFault | undefined;
  end(): LogFault | WholeLog;
}

export function checkLog(trusted: Trusted): LogCheck {
  const { prunedThrough = 0, origin } = trusted;
  const tree = growTree();
  const nodes: KeptNode[] = [];
  const trust = newKeyTrust(trusted.keys, trusted.candidates ?? []);
  const pruning = checkPruning(trusted);
  const kept = keptBySize(trusted.kept ?? [], trust.keys);
  let [lastSeq, lastCheckpoint, lastKept, checkpoints, pruned] = [0, 0, 0, 0, 0];

  const entryOf = ({ index, seq, hash, entry }: CheckedLeaf): LogFault | undefined => {
    if (entry === undefined) {
      pruned += 1;
      if (seq <= prunedThrough) return undefined;
      return { kind: 'entry-missing', index, seq, what: 'The entry is not there, and no pruning has taken it.' };
    }
    if (entry.seq !== seq || !sameHash(entryLeaf(entry), hash)) {
      return { kind: 'entry-changed', index, seq, what: 'The entry is not the one that was sealed.' };
    }
    trust.entry(index, entry);
    pruning.entry(entry);
    return undefined;
  };
  const keptAt = (size: number): LogFault | undefined => {
    const roots = kept.roots.get(size) ?? [];
    kept.roots.delete(size);
    if (roots.every((root) => sameHash(root, tree.root()))) {
      if (roots.length > 0) lastKept = size;
      return undefined;
    }
    return {
      kind: 'not-as-kept',
      checkpoint: size,
      index: lastKept,
      lastIndex: size - 1,
      what: 'A checkpoint that was kept elsewhere is of other entries than these.',
    };
  };

  return {
    get size() {
      return tree.size;
    },
    takeNodes: () => nodes.splice(0),
    leaf(leaf) {
      const { index, seq, hash } = leaf;
      /* After the log's own checkpoint of this size has had its say. */
      const before = keptAt(tree.size);
      if (before !== undefined) return before;
      if (index !== tree.size) {
        const what = index > tree.size ? 'A leaf of the tree is missing.' : 'A leaf of the tree stands here twice.';
        return { kind: 'leaf-out-of-order', index: tree.size, what };
      }
      if (seq <= lastSeq) {
        return {
          kind: 'leaf-out-of-order',
          index,
          seq,
          what: 'Its number does not come after that of the leaf before.',
        };
      }
      lastSeq = seq;
      const fault = entryOf(leaf);
      tree.add(hash, (node) => nodes.push(node));
      return fault;
    },
    bodyMissing: (index, entry) => pruning.bodyMissing(index, entry),
    unsealed: (entry) => pruning.entry(entry),
    checkpoint(size, note) {
      const opened = openCheckpoint(note, trust.keys);
      if ('flaw' in opened) return notSigned(size, opened.flaw);
      const { checkpoint, by } = opened;
      if (origin !== undefined && checkpoint.origin !== origin) return notSigned(size, 'other-log');
      if (checkpoint.size !== size || size !== tree.size || size <= lastCheckpoint) {
        const what = 'The checkpoint is not of the size that it stands for here.';
        return { kind: 'checkpoint-out-of-order', checkpoint: size, what };
      }
      if (!sameHash(checkpoint.root, tree.root())) return treeChanged(lastCheckpoint, size);
      trust.signed(size, by);
      checkpoints += 1;
      lastCheckpoint = size;
      return undefined;
    },
    end() {
      const last = keptAt(tree.size);
      if (last !== undefined) return last;
      const [missing] = [...kept.roots.keys()].sort((one, other) => other - one);
      if (kept.fault !== undefined) return kept.fault;
      if (missing !== undefined) return rolledBack(missing, tree.size);
      if (tree.size !== lastCheckpoint) {
        const what = 'The last entries are under no checkpoint.';
        return { kind: 'checkpoint-out-of-order', index: lastCheckpoint, lastIndex: tree.size - 1, what };
      }
      const doubtful = trust.firstDoubtful();
      const notFollowed = trust.notSigned();
      if (doubtful !== undefined) {
        const fault = notSigned(doubtful, 'unknown-key');
        const [entry] = notFollowed;
        return entry === undefined ? fault : { ...fault, what: `${fault.what} ${notHandedOver(entry)}` };
      }
      const unproven = pruning.end(pruned);
      if (unproven !== undefined) return unproven;
      const followed = trust.followed().map(publicText);
      return {
        ...{ entries: tree.size, pruned, prunedBodies: pruning.missing(), checkpoints, root: tree.root() },
        ...(followed.length > 0 && { followedKeys: followed }),
        ...(notFollowed.length > 0 && { handOversNotSigned: notFollowed }),
      };
    },
  };
}

export function isFault(result: LogFault | WholeLog): result is LogFault {
  return 'kind' in result;
}

function notSigned(size: number, flaw: string): LogFault {
  if (flaw === 'malformed') {
    return { kind: 'checkpoint-malformed', checkpoint: size, what: 'This is not the form of a checkpoint.' };
  }
  const whats: Readonly<Record<string, string>> = {
    'unknown-key': 'None of the keys that are trusted has signed the checkpoint.',
    'bad-signature': 'A signature of the checkpoint does not belong to what it says.',
    'other-log': 'The checkpoint is of another log.',
  };
  return { kind: 'checkpoint-not-signed', checkpoint: size, what: whats[flaw] ?? flaw };
}

function notHandedOver(seq: number): string {
  return `Entry ${seq} hands over to another key, and none that is trusted has signed that: ask, by a way that is not the engine's, whether it was meant, and give the key if it was.`;
}

function treeChanged(before: number, size: number): LogFault {
  return {
    kind: 'tree-changed',
    checkpoint: size,
    index: before,
    lastIndex: size - 1,
    what: 'The entries are not those that the checkpoint was signed for.',
  };
}

function rolledBack(kept: number, size: number): LogFault {
  return {
    kind: 'rolled-back',
    checkpoint: kept,
    index: size,
    lastIndex: kept - 1,
    what: `A checkpoint that was kept elsewhere has ${kept} entries, and the log has ${size}.`,
  };
}

interface Kept {
  readonly roots: Map<number, Hash[]>;
  readonly fault?: LogFault;
}

/** What was kept counts only when one of the keys has signed it: else anybody could make a log look rolled back. */
function keptBySize(notes: readonly string[], keys: readonly VerifierKey[]): Kept {
  const roots = new Map<number, Hash[]>();
  for (const note of notes) {
    const opened = openCheckpoint(note, keys);
    if ('flaw' in opened) {
      const size = readCheckpoint(note)?.size;
      return {
        roots,
        fault: {
          ...notSigned(size ?? 0, opened.flaw),
          what: 'A checkpoint that was kept elsewhere is not signed by a key that is trusted.',
        },
      };
    }
    const { size, root } = opened.checkpoint;
    if (size > 0) roots.set(size, [...(roots.get(size) ?? []), root]);
  }
  return { roots };
}
