import { describe, expect, it } from '@jest/globals';
import { RFC9162 } from '@transmute/rfc9162';
import fc from 'fast-check';
import { growTree } from '../../../../src/core/seal/growing-tree.ts';
import { emptyRoot, type Hash, hashLeaf } from '../../../../src/core/seal/hash-tree.ts';
import { consistencySpans, edgeOf, inclusionSpans } from '../../../../src/core/seal/subtree.ts';
import { provesConsistency, provesInclusion } from '../../../../src/core/seal/verify-proof.ts';
import { treeOf } from './tree-of-leaves.ts';

const hex = (hash: Hash) => Buffer.from(hash).toString('hex');
const bytes = (text: string) => Buffer.from(text, 'hex');

/** The inputs and roots that implementations of Certificate Transparency (RFC 6962) are tried with. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const PUBLISHED = INPUTS.map((input) => hashLeaf(bytes(input)));

describe('the tree of RFC 6962, with its published values', () => {
  it('has the root of nothing', () => {
    expect(hex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(growTree().root())).toBe(hex(emptyRoot()));
  });

  it.each(ROOTS.map((root, index) => [index + 1, root] as const))('has the root of %d leaves', (size, root) => {
    expect(hex(treeOf(PUBLISHED.slice(0, size)).root)).toBe(root);
  });

  it('has the proof that the sixth leaf is among eight', () => {
    const tree = treeOf(PUBLISHED);
    expect(inclusionSpans(5, 8).map(tree.over).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('has the proofs that a tree began as another', () => {
    const proof = (earlier: number, later: number) =>
      consistencySpans(earlier, later)
        .map(treeOf(PUBLISHED.slice(0, later)).over)
        .map(hex);
    expect(proof(6, 8)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(proof(2, 5)).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
    expect(proof(8, 8)).toEqual([]);
  });
});

const entry = (index: number) => Buffer.from(`entry ${index}`);
const leavesTo = (size: number) => Array.from({ length: size }, (_, index) => hashLeaf(entry(index)));

describe('the tree, beside an independent implementation of RFC 9162', () => {
  const entries = Array.from({ length: 70 }, (_, index) => new Uint8Array(entry(index)));

  it('has the same roots, and proofs that the other takes', async () => {
    for (const size of [1, 2, 3, 7, 8, 9, 31, 32, 33, 64, 70]) {
      const [mine, theirs] = [treeOf(leavesTo(size)), entries.slice(0, size)];
      const root = await RFC9162.treeHead(theirs);
      expect(hex(mine.root)).toBe(hex(root));
      for (const index of [0, Math.floor(size / 2), size - 1]) {
        const proof = inclusionSpans(index, size).map(mine.over);
        const other = await RFC9162.inclusionProof(entries[index] ?? new Uint8Array(), theirs);
        expect(proof.map(hex)).toEqual(other.inclusion_path.map(hex));
      }
    }
  });

  it('has the same proofs of consistency; the other names the root that the asker holds as well', async () => {
    for (const [earlier, later] of [
      [1, 2],
      [3, 7],
      [4, 7],
      [6, 8],
      [8, 9],
      [31, 70],
      [64, 70],
    ] as const) {
      const tree = treeOf(leavesTo(later));
      const before = treeOf(leavesTo(earlier)).root;
      const proof = consistencySpans(earlier, later).map(tree.over);
      const other = await RFC9162.consistencyProof(
        { log_id: '', tree_size: earlier, leaf_index: 0, inclusion_path: [] },
        entries.slice(0, later),
      );
      const theirs = other.consistency_path.map(hex).filter((hash: string) => hash !== hex(before));
      expect(proof.map(hex)).toEqual(theirs);
    }
  });
});

const sizes = fc.integer({ min: 1, max: 700 });
const ALL = leavesTo(700);
const WHOLE = treeOf(ALL);

describe('proofs, wherever a tree is looked at', () => {
  it('a tree that goes on from its edge is the tree that grew at once', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const [before, after] = [Math.min(one, other), Math.max(one, other)];
        const tree = growTree(
          before,
          edgeOf(before).map(({ height, index }) =>
            WHOLE.over({ start: index * 2 ** height, end: (index + 1) * 2 ** height }),
          ),
        );
        for (const leaf of ALL.slice(before, after)) tree.add(leaf);
        expect(hex(tree.root())).toBe(hex(WHOLE.over({ start: 0, end: after })));
      }),
      { numRuns: 50 },
    );
  });

  it('prove every leaf, and no other one, and nothing when a hash of them is changed', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, at, bit) => {
        const index = at % size;
        const root = WHOLE.over({ start: 0, end: size });
        const proof = inclusionSpans(index, size).map(WHOLE.over);
        const leaf = ALL[index] ?? emptyRoot();
        expect(provesInclusion({ index, size, leaf, root, proof })).toBe(true);
        expect(provesInclusion({ index, size, leaf: hashLeaf(bytes('ff')), root, proof })).toBe(false);
        if (size > 1) expect(provesInclusion({ index: (index + 1) % size, size, leaf, root, proof })).toBe(false);
        expect(provesInclusion({ index, size, leaf, root, proof: [...proof, root] })).toBe(false);
        if (proof.length > 0) {
          expect(provesInclusion({ index, size, leaf, root, proof: flipped(proof, bit) })).toBe(false);
          expect(provesInclusion({ index, size, leaf, root, proof: proof.slice(1) })).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('prove that a tree began as another, and never of one that did not', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), (one, other, bit) => {
        const [earlier, later] = [Math.min(one, other), Math.max(one, other)];
        const [before, after] = [earlier, later].map((size) => ({ size, root: WHOLE.over({ start: 0, end: size }) }));
        if (before === undefined || after === undefined) throw new Error('two sizes were given');
        const proof = consistencySpans(earlier, later).map(WHOLE.over);
        expect(provesConsistency(before, after, proof)).toBe(true);
        const forged = treeOf([...ALL.slice(0, earlier - 1), hashLeaf(bytes('ff'))]).root;
        expect(provesConsistency({ size: earlier, root: forged }, after, proof)).toBe(false);
        if (earlier < later) expect(provesConsistency(after, before, proof)).toBe(false);
        if (proof.length > 0) expect(provesConsistency(before, after, flipped(proof, bit))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a node over every 256 leaves, and over every 256 of those', () => {
    const small = WHOLE.kept.map(({ level, index }) => [level, index]);
    expect(small).toEqual([
      [1, 0],
      [1, 1],
    ]);
    const levels = new Set<number>();
    const tree = growTree();
    for (let index = 0; index < 65_536; index += 1) tree.add(ALL[0] ?? emptyRoot(), ({ level }) => levels.add(level));
    expect([...levels]).toEqual([1, 2]);
  });
});

/** One bit of one of the hashes is another. */
function flipped(proof: readonly Hash[], bit: number): Hash[] {
  const at = bit % proof.length;
  return proof.map((hash, index) => (index === at ? hash.map((byte, place) => (place === 0 ? byte ^ 1 : byte)) : hash));
}
