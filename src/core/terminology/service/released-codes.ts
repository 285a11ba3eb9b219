import { SNOMED_SYSTEM } from '../../referral.ts';
import type { CodeBook } from '../code-book.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';

/** What the files know of single codes, with every concept and every term of the loaded release. */
export function withRelease(codes: CodeBook, release: SnomedRelease | undefined): CodeBook {
  if (release === undefined) return codes;
  const find = (system: string, code: string) => (system === SNOMED_SYSTEM ? release.find(code) : undefined);
  return {
    ...codes,
    knows: (system, code) => codes.knows(system, code) || find(system, code) !== undefined,
    displays(system, code) {
      const position = find(system, code);
      const terms = position === undefined ? [] : release.designations(position).map(({ term }) => term);
      return [...new Set([...codes.displays(system, code), ...terms])];
    },
  };
}
