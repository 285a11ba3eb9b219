import { type Checkpoint, openCheckpoint } from '../core/seal/checkpoint.ts';
import { sameHash } from '../core/seal/hash-tree.ts';
import type { LogFault } from '../core/seal/log-fault.ts';
import type { VerifierKey } from '../core/seal/note-key.ts';

/**
 * Whether the checkpoint that proofs are under can come after those that were kept elsewhere. That it does come after them its
 * proofs do not say: the same checkpoint, or a whole export does.
 * @param kept notes; those of other keys say nothing, as long as one is of a given key
 */
export function notAfterKept(
  checkpoint: Checkpoint,
  kept: readonly string[],
  keys: readonly VerifierKey[],
): LogFault | undefined {
  const opened = kept.flatMap((note) => {
    const read = openCheckpoint(note, keys);
    return 'flaw' in read ? [] : [read.checkpoint];
  });
  if (kept.length > 0 && opened.length === 0) {
    const what = 'No checkpoint that was kept elsewhere is signed by a key that is trusted.';
    return { kind: 'checkpoint-not-signed', what };
  }
  const { size, root } = checkpoint;
  const other = opened.find((one) => one.size > size || (one.size === size && !sameHash(one.root, root)));
  if (other === undefined) return undefined;
  return {
    kind: other.size > size ? 'rolled-back' : 'not-as-kept',
    checkpoint: other.size,
    what: 'The checkpoint that was kept is not one that these proofs can follow.',
  };
}
