import { createHash } from 'node:crypto';

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array;

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** RFC 9162 §2.1.1: the bytes before it keep a leaf from being taken for a node. */
export function hashLeaf(entry: Uint8Array): Hash {
  return createHash('sha256').update(LEAF).update(entry).digest();
}

/** RFC 9162 §2.1.1. */
export function hashNode(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The root of a tree without leaves. */
export function emptyRoot(): Hash {
  return createHash('sha256').digest();
}

export function sameHash(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0;
}
