import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { namedId } from '../../../../src/core/loop/named-id.ts';

describe('a named id', () => {
  it('is a UUID version 5 and a function of its parts', () => {
    expect(namedId('entry', 'a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(namedId('entry', 'a')).toBe(namedId('entry', 'a'));
    // Fixed for ever: records already written are found by it.
    expect(namedId('entry', 'a')).toBe('bbaa684b-b51a-54dd-86f1-eafaba2dd062');
  });

  it('is what the standard library of names makes of it', () => {
    const namespace = v5('https://hearback.example/fhir', v5.URL);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer())), (parts) => {
        expect(namedId(...parts)).toBe(v5(JSON.stringify(parts), namespace));
      }),
    );
  });

  it('differs wherever the parts differ, also in where one ends', () => {
    const ids = [
      namedId('a', 'b'),
      namedId('a,b'),
      namedId('ab'),
      namedId('a', 'b', 0),
      namedId('a', 'b', 1),
      namedId('a', 'b', '1'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
