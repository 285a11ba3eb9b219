import { describe, expect, it } from '@jest/globals';
import { keepsMeaning } from '../../../../src/core/terminology/equivalence.ts';
import { shippedFiles, shippedTerminology } from '../../../fixtures/terminology/shipped.ts';

interface ConceptMapFile {
  readonly resourceType: string;
  readonly id: string;
  readonly group: readonly { readonly source: string; readonly element: readonly { readonly code: string }[] }[];
}

const terminology = shippedTerminology();
const maps = shippedFiles()
  .map(({ text }): ConceptMapFile => JSON.parse(text))
  .filter(({ resourceType }) => resourceType === 'ConceptMap');

/** What becomes of a code that goes through a map and comes back. */
function thereAndBack(map: string, system: string, code: string): string {
  const there = terminology.translate(map, system, code);
  if (there.kind !== 'match') return there.kind;
  expect(there.map?.version).toMatch(/^\d/);
  const back = terminology.codes.translateBack(map, there.system, there.code);
  if (back.kind === 'match') return back.source.system === system && back.source.code === code ? 'itself' : 'another';
  return back.kind;
}

describe('every code of a shipped concept map, there and back,', () => {
  const all = maps.flatMap(({ id, group }) =>
    group.flatMap(({ source, element }) => element.map(({ code }) => ({ map: id, system: source, code }))),
  );

  it('is itself, or the map says that it was narrowed, or that it has no counterpart; none is lost in silence', () => {
    expect(all.length).toBeGreaterThan(120);
    for (const { map, system, code } of all) {
      const fate = thereAndBack(map, system, code);
      const there = terminology.translate(map, system, code);
      const whole = there.kind === 'match' && keepsMeaning(there.equivalence);
      // A code that was narrowed may come back as the one that its word stands for, or not at all: either is said.
      if (fate === 'another') expect([map, code, whole]).toEqual([map, code, false]);
      else expect([map, code, fate]).toEqual([map, code, expect.stringMatching(/^(itself|narrowed|unmatched)$/)]);
    }
  });

  it.each(['needs-to-casework', 'needs-to-springboard'])(
    '%s: itself exactly where one code alone means the same',
    (map) => {
      const fates = new Map<string, string[]>();
      for (const one of all.filter((each) => each.map === map)) {
        const fate = thereAndBack(map, one.system, one.code);
        fates.set(fate, [...(fates.get(fate) ?? []), one.code]);
      }
      const count = Object.fromEntries([...fates].map(([fate, codes]) => [fate, codes.length]));
      expect(count).toEqual(COUNTS[map]);
      expect(fates.get('itself')).toContain('160932005');
      expect(fates.get('unmatched')).toContain('864131000000100');
    },
  );
});

/** Counted by hand in the maps. */
const COUNTS: Readonly<Record<string, object>> = {
  'needs-to-casework': { itself: 7, another: 7, narrowed: 12, unmatched: 7 },
  'needs-to-springboard': { itself: 2, another: 7, narrowed: 16, unmatched: 8 },
};
