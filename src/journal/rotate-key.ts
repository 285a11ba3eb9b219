import { KEY_ROTATED, signHandOver } from '../core/seal/hand-over.ts';
import { publicText, type SigningKey } from '../core/seal/note-key.ts';
import type { LogStore } from '../ports-log.ts';
import type { Store } from '../ports-record.ts';
import { openTree, type SealedTree, sealNext } from './seal-log.ts';
import { readTree } from './tree-reading.ts';

interface Rotation {
  readonly record: LogStore & Pick<Store, 'apply'>;
  /** Undefined when it is lost. */
  readonly old: SigningKey | undefined;
  readonly next: SigningKey;
  readonly at: string;
  readonly actor: string;
}

const AT_ONCE = 1_000;

/**
 * Hands a log over from one key to the next: an entry names both and is signed by both, and so is a checkpoint over it. So whoever
 * trusts the old key is led to the new one by the old one itself, and the engine may go on with either until it is told.
 *
 * Without the old key there is nobody to hand over: the log goes on under the new one, the entry says so, and whoever verifies
 * with the old key alone is stopped there.
 *
 * @throws LogNotWhole when the log is not one that the old key has signed; Error when the new key bears another name
 */
export async function rotateKey({ record, old, next, at, actor }: Rotation): Promise<void> {
  const from = old === undefined ? await unsignedTree(record) : await openTree(record, [old], undefined);
  if (old !== undefined && old.name !== next.name) {
    throw new Error(`The new key is of the log ${next.name}, and the old one of ${old.name}: a log keeps its name.`);
  }
  const detail = old === undefined ? { to: publicText(next) } : signHandOver({ from: old, to: next, at });
  await record.apply({ journal: [{ at, kind: old === undefined ? 'log.key-replaced' : KEY_ROTATED, actor, detail }] });
  const keys = old === undefined ? [next] : [old, next];
  for (let tree: SealedTree | undefined = from; tree !== undefined; ) {
    const { sealing, now } = await sealNext(tree, { log: record, keys, at, limit: AT_ONCE });
    if (sealing.kind === 'stale') throw new Error('Somebody else has just sealed the log: try again.');
    tree = sealing.kind === 'sealed' ? now : undefined;
  }
}

async function unsignedTree(log: LogStore): Promise<SealedTree> {
  const { size, lastSeq } = await log.logHead();
  return { tree: await readTree(log, size), lastSeq };
}
