/** One equation: unknowns with their coefficients. What it comes to does not matter for which way the unknowns can move. */
export type Equation = ReadonlyMap<string, number>;

/** How much each unknown moves; those that are left out stay. */
export type Direction = ReadonlyMap<string, number>;

/** A prime whose products still fit into a number exactly. Small whole coefficients behave in its field as they do in fractions. */
const PRIME = 67_108_859;

/**
 * Directions in which unknowns can move together without any equation noticing: one for each unknown that the others do not
 * determine (a basis of the null space). An unknown that stands in none of them has one value only.
 */
export function freeDirections(unknowns: Iterable<string>, equations: readonly Equation[]): Direction[] {
  const reduced = reduce(equations);
  const free = new Map([...unknowns].filter((id) => !reduced.has(id)).map((id) => [id, new Map([[id, 1]])]));
  for (const [pivot, row] of reduced)
    for (const [id, factor] of row) if (id !== pivot) free.get(id)?.set(pivot, signed(PRIME - factor));
  return [...free.values()];
}

/** Reduced row echelon form, each row by its pivot, whose coefficient is one. */
function reduce(equations: readonly Equation[]): Map<string, Map<string, number>> {
  const reduced = new Map<string, Map<string, number>>();
  /** In which rows an unknown stands, so that few are looked at. */
  const rowsWith = new Map<string, Set<Map<string, number>>>();
  const add = (row: Map<string, number>, other: ReadonlyMap<string, number>, times: number): void => {
    for (const [id, factor] of other) {
      const sum = modulo((row.get(id) ?? 0) + factor * times);
      if (sum === 0) {
        row.delete(id);
        rowsWith.get(id)?.delete(row);
      } else {
        row.set(id, sum);
        note(id, row);
      }
    }
  };
  const note = (id: string, row: Map<string, number>): void => {
    const rows = rowsWith.get(id);
    if (rows === undefined) rowsWith.set(id, new Set([row]));
    else rows.add(row);
  };
  for (const equation of equations) {
    const row = new Map([...equation].map(([id, factor]) => [id, modulo(factor)]));
    for (const id of [...row.keys()]) {
      const known = reduced.get(id);
      const factor = row.get(id);
      if (known !== undefined && factor !== undefined) add(row, known, PRIME - factor);
    }
    const [first] = row;
    if (first === undefined) continue;
    const [pivot, factor] = first;
    const times = inverse(factor);
    for (const [id, other] of row) {
      row.set(id, modulo(other * times));
      note(id, row);
    }
    for (const other of [...(rowsWith.get(pivot) ?? [])])
      if (other !== row) add(other, row, PRIME - (other.get(pivot) ?? 0));
    reduced.set(pivot, row);
  }
  return reduced;
}

/** Fractions and large numbers come out large: whoever looks for a small step passes over them. */
function signed(value: number): number {
  const rest = modulo(value);
  return rest > PRIME / 2 ? rest - PRIME : rest;
}

function modulo(value: number): number {
  return ((value % PRIME) + PRIME) % PRIME;
}

/** By Fermat: a to the power of p - 2. */
function inverse(value: number): number {
  let result = 1;
  let base = value;
  for (let left = PRIME - 2; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = modulo(result * base);
    base = modulo(base * base);
  }
  return result;
}
