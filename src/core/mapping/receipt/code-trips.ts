import type { CodeOfSystem, Terminology } from '../../terminology/terminology.ts';
import type { CompiledMapping } from '../compile.ts';
import type { InputElement } from './receipt.ts';

/**
 * What is left of a code that went out and came back.
 * - `equal`: it can be told from what was sent: the code itself was, or a word that stands for it alone
 * - `narrowed`: what was sent says less, or stands for several codes (`back`)
 * - `unmatched`: the concept map says that there is no counterpart, and why
 * - `held`: the concept map does not know it: a person is asked, and nothing is sent
 * - `lost`: nothing was sent, and nothing says so
 */
export type CodeOutcome = 'equal' | 'narrowed' | 'unmatched' | 'held' | 'lost';

export interface CodeTrip extends CodeOfSystem {
  readonly outcome: CodeOutcome;
  /** The map that it was translated with. */
  readonly map?: string;
  /** `system|code` that was sent for it. */
  readonly sent?: string;
  /** As the ConceptMap has it. */
  readonly equivalence?: string;
  /** The codes that come back for what was sent, when it is not this one alone. */
  readonly back?: readonly string[];
  /** Why there is no counterpart, as the ConceptMap has it. */
  readonly comment?: string;
}

const EXACT = new Set(['equivalent', 'equal']);

/**
 * Takes codes out by a concept map and back by its inverse. The inverse of a target is every code that the map calls
 * equivalent to it; what is only related, wider or narrower does not come back as what it was.
 */
export function codeTrips(
  map: string,
  codes: readonly CodeOfSystem[],
  terminology: Pick<Terminology, 'translate' | 'codesOfMap'>,
): CodeTrip[] {
  const inverse = inverseOf(map, codes, terminology);
  return codes.map(({ system, code }): CodeTrip => {
    const found = terminology.translate(map, system, code);
    if (found.kind === 'unknown') return { system, code, outcome: 'held', map };
    if (found.kind === 'unmatched') {
      const { comment } = found;
      return { system, code, outcome: 'unmatched', map, ...(comment !== undefined && { comment }) };
    }
    const sent = tokenOf(found);
    const back = inverse.get(sent) ?? [];
    const isAlone = EXACT.has(found.equivalence) && back.length === 1;
    const told = { system, code, map, sent, equivalence: found.equivalence };
    return isAlone ? { ...told, outcome: 'equal' } : { ...told, outcome: 'narrowed', back };
  });
}

function inverseOf(
  map: string,
  codes: readonly CodeOfSystem[],
  { translate, codesOfMap }: Pick<Terminology, 'translate' | 'codesOfMap'>,
): Map<string, string[]> {
  const all = new Map([...(codesOfMap?.(map) ?? []), ...codes].map((one) => [tokenOf(one), one]));
  const inverse = new Map<string, string[]>();
  for (const [token, { system, code }] of all) {
    const found = translate(map, system, code);
    if (found.kind !== 'match' || !EXACT.has(found.equivalence)) continue;
    inverse.set(tokenOf(found), [...(inverse.get(tokenOf(found)) ?? []), token]);
  }
  return inverse;
}

function tokenOf({ system, code }: CodeOfSystem): string {
  return `${system}|${code}`;
}

interface Journey {
  readonly mapping: Pick<CompiledMapping, 'runWithReceipt'>;
  readonly terminology: Pick<Terminology, 'translate' | 'codesOfMap'>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** An input with this code in it, and the element of it (as receipts name it) that holds the code. */
  readonly inputWith: (code: CodeOfSystem) => { readonly input: unknown; readonly element: string };
}

/** Takes codes through a whole mapping, one run each: what its receipt says became of the code, and what comes back of that. */
export function codesThroughMapping(codes: readonly CodeOfSystem[], journey: Journey): CodeTrip[] {
  const byMap = new Map<string, readonly CodeTrip[]>();
  const tripsBy = (map: string): readonly CodeTrip[] => {
    const known = byMap.get(map) ?? codeTrips(map, codes, journey.terminology);
    byMap.set(map, known);
    return known;
  };
  return codes.map((code, position) => {
    const { input, element } = journey.inputWith(code);
    const { receipt } = journey.mapping.runWithReceipt(input, journey.variables);
    const found = receipt.input.find((one) => one.element === element);
    const trips = found?.translations.flatMap(({ map }) => tripsBy(map)[position] ?? []) ?? [];
    return found === undefined ? { ...code, outcome: 'lost' } : tripOf(code, found, trips);
  });
}

function tripOf(code: CodeOfSystem, { fate }: InputElement, trips: readonly CodeTrip[]): CodeTrip {
  if (fate === 'kept' || fate === 'renamed') return { ...code, outcome: 'equal' };
  const of = (...outcomes: readonly CodeOutcome[]) => trips.find(({ outcome }) => outcomes.includes(outcome));
  if (fate === 'translated' || fate === 'narrowed') {
    return of('equal') ?? of('narrowed') ?? { ...code, outcome: 'narrowed' };
  }
  return of('unmatched', 'held') ?? { ...code, outcome: 'lost' };
}
