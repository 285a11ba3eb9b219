import { SNOMED_SYSTEM } from '../../referral.ts';
import { tokenOf } from '../concept-map.ts';
import { evaluateEcl, positionsIn } from '../ecl/evaluate.ts';
import { parseEcl } from '../ecl/parse.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';

export interface ListedMember {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** The members of a value set: those listed one by one, and SNOMED CT concepts of the loaded release by position. */
export interface MemberSet {
  readonly listed: ReadonlyMap<string, ListedMember>;
  readonly flags?: Uint8Array;
  /** Why there may be members that are not here; then nothing may be concluded from a code's absence. */
  readonly gaps: readonly string[];
}

export const NO_MEMBERS: MemberSet = { listed: new Map(), gaps: [] };

export function listedSet(members: readonly ListedMember[]): MemberSet {
  return { listed: new Map(members.map((one) => [tokenOf(one.system, one.code), one])), gaps: [] };
}

/** The concepts of an expression. @throws EclError */
export function expressionSet(expression: string, release: SnomedRelease): MemberSet {
  return { listed: new Map(), flags: evaluateEcl(parseEcl(expression), release), gaps: [] };
}

export function holds(set: MemberSet, system: string, code: string, release: SnomedRelease | undefined): boolean {
  if (set.listed.has(tokenOf(system, code))) return true;
  if (system !== SNOMED_SYSTEM || set.flags === undefined) return false;
  return set.flags[release?.find(code) ?? -1] === 1;
}

export function union(sets: readonly MemberSet[]): MemberSet {
  const flagged = sets.flatMap(({ flags }) => flags ?? []);
  const flags = flagged.length === 0 ? undefined : either(flagged);
  return {
    listed: new Map(sets.flatMap(({ listed }) => [...listed])),
    ...(flags !== undefined && { flags }),
    gaps: sets.flatMap(({ gaps }) => gaps),
  };
}

/** `keep` says of the other set's members whether they stay (intersection) or go (exclusion). */
export function sifted(set: MemberSet, by: MemberSet, keep: boolean, release: SnomedRelease | undefined): MemberSet {
  const listed = [...set.listed].filter(([, { system, code }]) => holds(by, system, code, release) === keep);
  const flags = set.flags?.slice();
  if (flags !== undefined) {
    for (const position of positionsIn(flags)) {
      const code = release?.codeOf(position) ?? '';
      if (holds(by, SNOMED_SYSTEM, code, release) !== keep) flags[position] = 0;
    }
  }
  return { listed: new Map(listed), ...(flags !== undefined && { flags }), gaps: [...set.gaps, ...by.gaps] };
}

function either(all: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(all[0]?.length ?? 0);
  for (const flags of all)
    for (let at = 0; at < result.length; at += 1) result[at] = (result[at] ?? 0) | (flags[at] ?? 0);
  return result;
}
