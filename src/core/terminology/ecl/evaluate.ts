import type { ConceptGraph } from '../release/concept-graph.ts';
import { type Ecl, EclError } from './expression.ts';

/** One byte a concept, by position: 1 for those that belong. */
export type ConceptFlags = Uint8Array;

/**
 * The active concepts that satisfy an expression. A concept or reference set that the release does not hold is an error:
 * an empty answer would read as "no", where nothing is known.
 * @throws EclError `ecl/unknown-concept`, `ecl/unknown-refset`
 */
export function evaluateEcl(expression: Ecl, graph: ConceptGraph): ConceptFlags {
  switch (expression.kind) {
    case 'any':
      return activeOf(new Uint8Array(graph.size).fill(1), graph);
    case 'concept':
      return activeOf(flagged([positionOf(expression.code, expression.at, graph)], graph), graph);
    case 'members':
      return membersOf(expression.of, graph);
    case 'reach':
      return reached(expression.reach, evaluateEcl(expression.of, graph), graph);
    case 'minus':
      return combine([expression.of, expression.without], graph, (one, other) => one & (other ^ 1));
    case 'and':
      return combine(expression.of, graph, (one, other) => one & other);
    case 'or':
      return combine(expression.of, graph, (one, other) => one | other);
  }
}

function combine(
  parts: readonly Ecl[],
  graph: ConceptGraph,
  rule: (one: number, other: number) => number,
): ConceptFlags {
  const [first = new Uint8Array(graph.size), ...rest] = parts.map((part) => evaluateEcl(part, graph));
  for (const other of rest) {
    for (let position = 0; position < first.length; position += 1) {
      first[position] = rule(first[position] ?? 0, other[position] ?? 0);
    }
  }
  return first;
}

function membersOf(of: Ecl, graph: ConceptGraph): ConceptFlags {
  const flags = new Uint8Array(graph.size);
  for (const { code, at } of refsetsNamed(of, graph)) {
    const members = graph.refset(code);
    if (members === undefined) {
      const remedy = 'Import a release that holds its members.';
      throw new EclError('ecl/unknown-refset', at, 'The release holds no members of this reference set.', remedy);
    }
    for (const member of members) flags[member] = 1;
  }
  return activeOf(flags, graph);
}

/** A reference set named outright must be there; of a set of concepts those that are reference sets count. */
function refsetsNamed(of: Ecl, graph: ConceptGraph): readonly { readonly code: string; readonly at: number }[] {
  if (of.kind === 'concept') return [of];
  const among = evaluateEcl(of, graph);
  return graph
    .refsetCodes()
    .filter((code) => among[graph.find(code) ?? -1] === 1)
    .map((code) => ({ code, at: 0 }));
}

function reached(
  reach: Extract<Ecl, { kind: 'reach' }>['reach'],
  from: ConceptFlags,
  graph: ConceptGraph,
): ConceptFlags {
  const next = reach.startsWith('<') ? graph.children : graph.parents;
  const result = new Uint8Array(graph.size);
  const far = !reach.endsWith('!');
  const queue = positionsIn(from);
  while (queue.length > 0) {
    const position = queue.pop() ?? 0;
    for (const other of next(position)) {
      // Each is visited once, however many ways lead to it.
      if (result[other] === 1) continue;
      result[other] = 1;
      if (far) queue.push(other);
    }
  }
  if (reach.startsWith('<<') || reach.startsWith('>>')) for (const position of positionsIn(from)) result[position] = 1;
  return activeOf(result, graph);
}

/** The positions of the concepts that belong, in order. */
export function positionsIn(flags: ConceptFlags): number[] {
  const positions: number[] = [];
  for (let position = flags.indexOf(1); position >= 0; position = flags.indexOf(1, position + 1))
    positions.push(position);
  return positions;
}

function flagged(positions: readonly number[], graph: ConceptGraph): ConceptFlags {
  const flags = new Uint8Array(graph.size);
  for (const position of positions) flags[position] = 1;
  return flags;
}

/** The expression's substrate is the active concepts. */
function activeOf(flags: ConceptFlags, graph: ConceptGraph): ConceptFlags {
  for (let position = 0; position < flags.length; position += 1) {
    if (flags[position] === 1 && !graph.isActive(position)) flags[position] = 0;
  }
  return flags;
}

function positionOf(code: string, at: number, graph: ConceptGraph): number {
  const position = graph.find(code);
  if (position !== undefined) return position;
  const remedy = 'Check the identifier, or import the edition that has it.';
  throw new EclError('ecl/unknown-concept', at, 'The release does not hold this concept.', remedy);
}
