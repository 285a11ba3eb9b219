import type { ValueSet, ValueSetExpansion, ValueSetExpansionContains } from 'fhir/r4.js';
import { SNOMED_SYSTEM } from '../../referral.ts';
import { positionsIn } from '../ecl/evaluate.ts';
import { searchWords, termHasWords } from '../release/fold-term.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';
import type { Given } from './given.ts';
import type { ListedMember, MemberSet } from './member-set.ts';
import { OperationFault } from './operation.ts';

/** Most members of one answer; a larger set is read page by page. */
const MOST = 20_000;

/** Most different words of a filter: the index is asked for each of them. */
const MOST_WORDS = 20;

type Member = ListedMember | number;

/**
 * A page of a value set's members: those listed, then the release's concepts in the order of their identifiers; with a
 * filter, those with a term of which each word of the filter begins a word.
 * @param at an instant, for the expansion's timestamp
 */
export function expansionOf(
  url: string,
  set: MemberSet,
  given: Given,
  { release, at }: { readonly release: SnomedRelease | undefined; readonly at: string },
): ValueSet {
  const all = membersOf(set, given, release);
  const offset = given.number('offset') ?? 0;
  const count = given.number('count');
  if ((count ?? all.length - offset) > MOST) throw tooMany(all.length);
  const page = all.slice(offset, count === undefined ? undefined : offset + count);
  const expansion: ValueSetExpansion = {
    timestamp: at,
    total: all.length,
    offset,
    parameter: [
      ...(release === undefined ? [] : [{ name: 'version', valueUri: `${SNOMED_SYSTEM}|${release.version}` }]),
      ...(set.gaps.length === 0
        ? []
        : [{ name: 'warning', valueString: `Not all members are known. ${set.gaps.join(' ')}` }]),
    ],
    contains: containsOf(page, given.flag('includeDesignations'), release),
  };
  return { resourceType: 'ValueSet', url, status: 'active', expansion };
}

function membersOf(set: MemberSet, given: Given, release: SnomedRelease | undefined): Member[] {
  const words = [...new Set(searchWords(given.text('filter') ?? ''))];
  if (words.length > MOST_WORDS) throw tooManyWords();
  const flags = set.flags;
  const activeOnly = given.flag('activeOnly');
  const listed = [...set.listed.values()].filter(({ system, code, display }) => {
    const position = system === SNOMED_SYSTEM ? release?.find(code) : undefined;
    if (position !== undefined && flags?.[position] === 1) return false;
    if (activeOnly && position !== undefined && release?.isActive(position) === false) return false;
    return words.length === 0 || termHasWords(display ?? '', words);
  });
  if (flags === undefined || release === undefined) return listed;
  return [...listed, ...(words.length === 0 ? positionsIn(flags) : release.search(words, flags))];
}

function containsOf(
  page: readonly Member[],
  designations: boolean,
  release: SnomedRelease | undefined,
): ValueSetExpansionContains[] {
  const positions = page.filter((member) => typeof member === 'number');
  const displays = release?.displays(positions) ?? [];
  const first = page.length - positions.length;
  return page.map((member, place) => {
    if (typeof member !== 'number') return listedEntry(member, release);
    const display = displays[place - first];
    return {
      system: SNOMED_SYSTEM,
      code: release?.codeOf(member) ?? '',
      ...(display !== undefined && { display }),
      ...(designations && {
        designation: release?.designations(member).map(({ term, language }) => ({ language, value: term })) ?? [],
      }),
    };
  });
}

function listedEntry(
  { system, code, display }: ListedMember,
  release: SnomedRelease | undefined,
): ValueSetExpansionContains {
  const position = system === SNOMED_SYSTEM ? release?.find(code) : undefined;
  const inactive = position !== undefined && release?.isActive(position) === false;
  return { system, code, ...(display !== undefined && { display }), ...(inactive && { inactive }) };
}

function tooMany(size: number): OperationFault {
  return new OperationFault(422, {
    rule: 'terminology/too-costly',
    at: 'count',
    message: `The value set has ${size} members, more than ${MOST} in one answer.`,
    remedy: 'Read it page by page with count and offset, or narrow it with filter.',
    issue: 'too-costly',
  });
}

function tooManyWords(): OperationFault {
  return new OperationFault(422, {
    rule: 'terminology/too-costly',
    at: 'filter',
    message: `The filter has more than ${MOST_WORDS} words.`,
    remedy: 'Search with fewer words: each narrows the answer.',
    issue: 'too-costly',
  });
}
