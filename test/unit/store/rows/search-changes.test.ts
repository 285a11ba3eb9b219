import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SearchEntry } from '../../../../src/core/referral.ts';
import { searchChanges } from '../../../../src/store/rows/search-changes.ts';
import { sound } from '../../../../src/store/rows/sound-text.ts';

const entry = (param: string, value: string): SearchEntry => ({ param, value });

describe('what a new version changes of what a resource is found by', () => {
  it('is nothing where both say the same', () => {
    const index = [entry('status', 'requested'), entry('code', 'urn:a|1')];
    expect(searchChanges(index, [...index].reverse())).toEqual({ gone: [], come: [] });
  });

  it('is what only one of them says', () => {
    const former = [entry('status', 'requested'), entry('code', 'urn:a|1')];
    const next = [entry('status', 'accepted'), entry('code', 'urn:a|1')];
    expect(searchChanges(former, next)).toEqual({ gone: [former[0]], come: [next[0]] });
  });

  it('is all of a first version', () => {
    const index = [entry('status', 'requested')];
    expect(searchChanges([], index)).toEqual({ gone: [], come: index });
  });

  it('leaves in a table what the new version says, whatever the table makes of the texts', () => {
    const stored = ({ param, value }: SearchEntry) => `${param} ${sound(value)}`;
    const values = fc.constantFrom('a', 'a\0', 'a\uFFFD', 'a\uD800', 'b', '');
    const entries = fc.array(fc.record({ param: fc.constantFrom('status', 'code'), value: values }), { maxLength: 8 });
    fc.assert(
      fc.property(entries, entries, (former, next) => {
        const table = new Set(former.map(stored));
        const { gone, come } = searchChanges(former, next);
        for (const one of gone) table.delete(stored(one));
        for (const one of come) table.add(stored(one));
        expect(table).toEqual(new Set(next.map(stored)));
      }),
    );
  });
});
