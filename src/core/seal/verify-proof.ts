import { emptyRoot, type Hash, hashNode, sameHash } from './hash-tree.ts';

interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}

/** Whether a leaf is in a tree: RFC 9162 §2.1.3.2. */
export function provesInclusion({ index, size, leaf, root, proof }: Inclusion): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  const climb = { fn: index, sn: size - 1 };
  let hash = leaf;
  for (const sibling of proof) {
    if (climb.sn === 0) return false;
    if (isRight(climb)) {
      hash = hashNode(sibling, hash);
      skipLone(climb);
    } else {
      hash = hashNode(hash, sibling);
    }
    up(climb);
  }
  return climb.sn === 0 && sameHash(hash, root);
}

interface Head {
  readonly size: number;
  readonly root: Hash;
}

/** Whether the later tree begins with all that is in the earlier one: RFC 9162 §2.1.4.2. */
export function provesConsistency(earlier: Head, later: Head, proof: readonly Hash[]): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && sameHash(earlier.root, later.root);
  if (earlier.size === 0) return proof.length === 0 && sameHash(earlier.root, emptyRoot());
  const [first, ...rest] = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  const climb = { fn: earlier.size - 1, sn: later.size - 1 };
  while (climb.fn % 2 === 1) up(climb);
  let [before, after] = [first, first];
  for (const hash of rest) {
    if (climb.sn === 0) return false;
    if (isRight(climb)) {
      before = hashNode(hash, before);
      after = hashNode(hash, after);
      skipLone(climb);
    } else {
      after = hashNode(after, hash);
    }
    up(climb);
  }
  return climb.sn === 0 && sameHash(before, earlier.root) && sameHash(after, later.root);
}

/** The node's number, and that of the last one, on the level reached. */
interface Climb {
  fn: number;
  sn: number;
}

function isRight({ fn, sn }: Climb): boolean {
  return fn % 2 === 1 || fn === sn;
}

/** A last node without a sibling goes up as it is. */
function skipLone(climb: Climb): void {
  while (climb.fn % 2 === 0 && climb.fn !== 0) up(climb);
}

function up(climb: Climb): void {
  climb.fn = Math.floor(climb.fn / 2);
  climb.sn = Math.floor(climb.sn / 2);
}

function isPowerOfTwo(number: number): boolean {
  let left = number;
  while (left % 2 === 0) left /= 2;
  return left === 1;
}
