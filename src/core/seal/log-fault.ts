/** What is wrong with a log. */
export type LogFaultKind =
  /** The entry is not the one that was sealed under its index. */
  | 'entry-changed'
  /** There is a leaf, and neither its entry nor a pruning that took it. */
  | 'entry-missing'
  /** There is an entry among the sealed ones that was never sealed. */
  | 'entry-added'
  /** A leaf is missing, stands twice, or its number does not come after that of the one before. */
  | 'leaf-out-of-order'
  /** The leaves are not those that the checkpoint was signed for: one of the entries since the checkpoint before is wrong. */
  | 'tree-changed'
  /** A node that is kept above the leaves is not theirs: proofs made from it would not hold. */
  | 'node-changed'
  | 'checkpoint-malformed'
  /** Signed by none of the keys that are trusted, or with a signature that does not check. */
  | 'checkpoint-not-signed'
  /** Smaller than one before it, of a size that the log has not, or missing at the end. */
  | 'checkpoint-out-of-order'
  /** A checkpoint that was kept elsewhere is of a larger log than this. */
  | 'rolled-back'
  /** A checkpoint that was kept elsewhere is of another log of its size. */
  | 'not-as-kept'
  /** A message's bytes are not those that its entry names. */
  | 'body-changed'
  | 'body-missing'
  /** More bodies are missing than prunings have taken. */
  | 'bodies-missing'
  /** The file ends before its end, or holds something else than an export. */
  | 'file-broken';

/** The first thing that is wrong with a log, and where. */
export interface LogFault {
  readonly kind: LogFaultKind;
  /** The wrong entry's index in the tree, or the first that may be it. */
  readonly index?: number;
  /** With `index`: the last that may be it. */
  readonly lastIndex?: number;
  /** The wrong entry's number, where it is one entry. */
  readonly seq?: number;
  /** Size of the checkpoint that is wrong, or that the entries do not fit. */
  readonly checkpoint?: number;
  /** The message whose bytes are wrong. */
  readonly message?: string;
  /** Line of the file, from 1. */
  readonly line?: number;
  /** What it is, in a sentence. */
  readonly what: string;
}
