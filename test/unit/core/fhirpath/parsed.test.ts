import { describe, expect, it } from '@jest/globals';
import fhirpath from 'fhirpath';
import { parsedTree } from '../../../../src/core/fhirpath/parsed.ts';

describe('the tree of an expression', () => {
  const text = 'Bundle.entry.resource.ofType(Task).where(partOf.empty()).status';

  it('is the one that the package parses', () => {
    expect(parsedTree(text)).toEqual(fhirpath.parse(text));
  });

  it('is made once, and nobody can write into it', () => {
    const tree = parsedTree(text);
    expect(parsedTree(text)).toBe(tree);
    expect(() => Object.assign(tree, { type: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(tree.children?.[0] ?? {}, { text: 'other' })).toThrow(TypeError);
  });

  it('is refused each time when the expression is none', () => {
    for (let time = 0; time < 2; time += 1) expect(() => parsedTree('a b')).toThrow();
  });
});
