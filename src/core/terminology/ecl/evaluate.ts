import type { ConceptGraph } from '../release/concept-graph.ts';
import { type Ecl, EclError } from './expression.ts';

/** One byte a concept, by position: 1 for those that belong. */
export type ConceptFlags = Uint8Array;

/** Concepts visited for one expression; more would keep everybody else waiting for seconds. */
const MOST_LOOKS = 50_000_000;
/** Passing over concepts in their order costs a part of what visiting them along relationships does. */
const PASS = 1 / 4;

/**
 * The active concepts that satisfy an expression. A concept or reference set that the release does not hold is an error:
 * an empty answer would read as "no", where nothing is known.
 * @throws EclError `ecl/unknown-concept`, `ecl/unknown-refset`, `ecl/too-costly`
 */
export function evaluateEcl(expression: Ecl, graph: ConceptGraph, mostLooks = MOST_LOOKS): ConceptFlags {
  return new Evaluation(graph, mostLooks).flagsOf(expression);
}

class Evaluation {
  readonly #graph: ConceptGraph;
  #left: number;

  constructor(graph: ConceptGraph, mostLooks: number) {
    this.#graph = graph;
    this.#left = mostLooks;
  }

  flagsOf(expression: Ecl): ConceptFlags {
    const graph = this.#graph;
    this.#look(graph.size * PASS);
    switch (expression.kind) {
      case 'any':
        return activeOf(new Uint8Array(graph.size).fill(1), graph);
      case 'concept':
        return activeOf(flagged([positionOf(expression.code, expression.at, graph)], graph), graph);
      case 'members':
        return this.#membersOf(expression.of);
      case 'reach':
        return this.#reached(expression.reach, this.flagsOf(expression.of));
      case 'minus':
        return this.#combine([expression.of, expression.without], (one, other) => one & (other ^ 1));
      case 'and':
        return this.#combine(expression.of, (one, other) => one & other);
      case 'or':
        return this.#either(expression.of);
    }
  }

  /** One part after the other: however many there are, two are held. */
  #combine([first, ...rest]: readonly Ecl[], rule: (one: number, other: number) => number): ConceptFlags {
    const result = first === undefined ? new Uint8Array(this.#graph.size) : this.flagsOf(first);
    for (const part of rest) {
      const other = this.flagsOf(part);
      for (let position = 0; position < result.length; position += 1) {
        result[position] = rule(result[position] ?? 0, other[position] ?? 0);
      }
    }
    return result;
  }

  /** A long list of single concepts costs no look at all the others for each. */
  #either(parts: readonly Ecl[]): ConceptFlags {
    const graph = this.#graph;
    const single = parts.flatMap((part) => (part.kind === 'concept' ? [positionOf(part.code, part.at, graph)] : []));
    const others = parts.filter(({ kind }) => kind !== 'concept');
    const result = activeOf(flagged(single, graph), graph);
    for (const part of others) {
      const other = this.flagsOf(part);
      for (let position = 0; position < result.length; position += 1) {
        if (other[position] === 1) result[position] = 1;
      }
    }
    return result;
  }

  #membersOf(of: Ecl): ConceptFlags {
    const graph = this.#graph;
    const flags = new Uint8Array(graph.size);
    for (const { code, at } of this.#refsetsNamed(of)) {
      const members = graph.refset(code);
      if (members === undefined) {
        const remedy = 'Import a release that holds its members.';
        throw new EclError('ecl/unknown-refset', at, 'The release holds no members of this reference set.', remedy);
      }
      this.#look(members.length);
      for (const member of members) flags[member] = 1;
    }
    return activeOf(flags, graph);
  }

  /** A reference set named outright must be there; of a set of concepts those that are reference sets count. */
  #refsetsNamed(of: Ecl): readonly { readonly code: string; readonly at: number }[] {
    if (of.kind === 'concept') return [of];
    const graph = this.#graph;
    const among = this.flagsOf(of);
    return graph
      .refsetCodes()
      .filter((code) => among[graph.find(code) ?? -1] === 1)
      .map((code) => ({ code, at: 0 }));
  }

  #reached(reach: Extract<Ecl, { kind: 'reach' }>['reach'], from: ConceptFlags): ConceptFlags {
    const graph = this.#graph;
    const next = reach.startsWith('<') ? graph.children : graph.parents;
    const result = new Uint8Array(graph.size);
    const far = !reach.endsWith('!');
    const queue = positionsIn(from);
    while (queue.length > 0) {
      const position = queue.pop() ?? 0;
      const around = next(position);
      this.#look(1 + around.length);
      for (const other of around) {
        // Each is visited once, however many ways lead to it.
        if (result[other] === 1) continue;
        result[other] = 1;
        if (far) queue.push(other);
      }
    }
    if (reach.startsWith('<<') || reach.startsWith('>>'))
      for (const position of positionsIn(from)) result[position] = 1;
    return activeOf(result, graph);
  }

  #look(concepts: number): void {
    this.#left -= concepts;
    if (this.#left >= 0) return;
    const remedy = 'Ask with fewer operators, or in several expressions.';
    throw new EclError('ecl/too-costly', 0, 'The expression asks to look at too many concepts.', remedy);
  }
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
