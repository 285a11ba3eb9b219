import { freeDirections } from './free-directions.ts';

/**
 * Figures that are printed together and add up. Which of them must not be printed so that none below a limit can be found,
 * neither where it stands nor by adding and subtracting the others?
 *
 * Counts below the limit are hidden (primary suppression), and others with them until nothing small follows from what is printed
 * (secondary suppression). Zero is printed, unless it has to hide another.
 */
export interface Publication {
  readonly counts: ReadonlyMap<string, number>;
  /** How figures add up; each part counts others than the other parts. */
  readonly sums: readonly Sum[];
  /** Figures that nobody prints and that follow from others: who is in the whole and not in the part. They may be small too. */
  readonly unprinted: ReadonlySet<string>;
}

export interface Sum {
  readonly whole: string;
  readonly parts: readonly string[];
}

/** Figures of which it is decided already whether they are printed: true where they are hidden. */
export type Decided = ReadonlyMap<string, boolean>;

/** Ids of the figures that are not to be printed, `unprinted` among them. */
export function hiddenFigures(publication: Publication, under: number, decided: Decided = new Map()): Set<string> {
  const { counts, sums, unprinted } = publication;
  const hidden = new Set(unprinted);
  for (const [id, count] of counts) if (decided.get(id) ?? isSmall(count, under)) hidden.add(id);
  const ids = new Set(sums.flatMap(({ whole, parts }) => [whole, ...parts]));
  for (;;) {
    const telling = tellingSums(publication, hidden, under);
    if (telling.length === 0) return hidden;
    const canHide = (id: string) => !hidden.has(id) && !decided.has(id);
    const near = telling.flatMap((own) => companions(rings(own, sums, hidden), counts, canHide));
    // Nothing near is left to hide: then whatever is.
    const next = near.length > 0 ? near : [...ids].filter(canHide);
    if (next.length === 0) return hidden;
    for (const id of next) hidden.add(id);
  }
}

function isSmall(count: number, under: number): boolean {
  return count > 0 && count < under;
}

/** For each thing that is too small and can be computed, the sums that it stands in. */
function tellingSums(publication: Publication, hidden: ReadonlySet<string>, under: number): Sum[][] {
  const { counts, sums } = publication;
  const countOf = (id: string) => counts.get(id) ?? 0;
  const isTelling = ({ whole, parts }: Sum): boolean => {
    const rest = parts.filter((id) => hidden.has(id)).reduce((all, id) => all + countOf(id), 0);
    // What the hidden parts of a printed whole come to can be computed: together they must not be few either.
    return !hidden.has(whole) && isSmall(rest, under) && parts.some((id) => !hidden.has(id) && countOf(id) > 0);
  };
  const rests = sums.filter(isTelling).map((sum) => [sum]);
  if (rests.length > 0) return rests;
  const found = computable(publication, hidden).filter((id) => isSmall(countOf(id), under));
  return found.map((id) => sums.filter(({ whole, parts }) => whole === id || parts.includes(id)));
}

/** Sums, then those that share a hidden figure with them, and so on: what gives a figure away may stand some sums off. */
function* rings(own: readonly Sum[], sums: readonly Sum[], hidden: ReadonlySet<string>): Generator<readonly Sum[]> {
  const seen = new Set(own);
  const reached = new Set<string>();
  for (let ring = own; ring.length > 0; ) {
    yield ring;
    for (const { whole, parts } of ring) for (const id of [whole, ...parts]) if (hidden.has(id)) reached.add(id);
    ring = sums.filter((sum) => !seen.has(sum) && [sum.whole, ...sum.parts].some((id) => reached.has(id)));
    for (const sum of ring) seen.add(sum);
  }
}

/**
 * The smallest printed part of the nearest sums that have one; else the smallest whole: a total is worth more to a reader than a
 * part. Zero hides least.
 */
function companions(
  from: Iterable<readonly Sum[]>,
  counts: Publication['counts'],
  canHide: (id: string) => boolean,
): string[] {
  const near = [...from];
  const smallest = (idsOf: (sum: Sum) => readonly string[], least: number): string | undefined => {
    for (const ring of near) {
      const found = ring
        .flatMap(idsOf)
        .filter((id) => canHide(id) && (counts.get(id) ?? 0) >= least)
        .sort((one, other) => (counts.get(one) ?? 0) - (counts.get(other) ?? 0));
      if (found[0] !== undefined) return found[0];
    }
    return undefined;
  };
  const partsOf = ({ parts }: Sum) => parts;
  const wholeOf = ({ whole }: Sum) => [whole];
  const next = smallest(partsOf, 1) ?? smallest(wholeOf, 1) ?? smallest(partsOf, 0) ?? smallest(wholeOf, 0);
  return next === undefined ? [] : [next];
}

/** Hidden figures that the sums leave one value for, also those that are nothing because what they are part of is nothing. */
function computable({ counts, sums }: Publication, hidden: ReadonlySet<string>): string[] {
  const known = new Set<string>();
  const left = (ids: readonly string[]) => ids.filter((id) => hidden.has(id) && !known.has(id));
  for (let before = -1; before < known.size; ) {
    before = known.size;
    for (const { whole, parts } of sums) {
      const own = left(parts);
      const isNothing = left([whole]).length === 0 && own.every((id) => (counts.get(id) ?? 0) === 0);
      if (isNothing) for (const id of own) known.add(id);
    }
  }
  const equations = sums.map(({ whole, parts }) => {
    const own = left(parts).map((id) => [id, -1] as const);
    return new Map([...left([whole]).map((id) => [id, 1] as const), ...own]);
  });
  const unknown = left([...hidden]);
  const moving = new Set(freeDirections(unknown, equations).flatMap((direction) => [...direction.keys()]));
  return unknown.filter((id) => !moving.has(id));
}
