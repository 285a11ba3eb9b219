import { type Adjacency, adjacencyOf, cycleIn } from '../../core/terminology/release/adjacency.ts';
import { codeAt, findIn } from '../../core/terminology/release/concept-index.ts';
import { IS_A } from '../../core/terminology/release/metadata.ts';
import { GrowingUint32 } from '../../core/terminology/rf2/growing-array.ts';
import type { Concepts } from './read-concepts.ts';
import { type Reading, readRows, tellUnknown } from './read-rows.ts';

/** The active Is a relationships as the parents of each concept; all relationships are counted. */
export async function readHierarchy(
  concepts: Concepts,
  reading: Reading,
): Promise<{ readonly parents: Adjacency; readonly rows: number }> {
  // Only where several files could speak of the same relationship: the latest row counts.
  const several = reading.files.filter(({ kind }) => kind === 'relationships').length > 1;
  const edges = new Edges(several);
  const rows = await readRows('relationships', reading, (placed) => {
    const [, , active, , source = '', destination = '', , type] = placed.row;
    if (type !== IS_A || (active !== '1' && !several)) return;
    const from = findIn(concepts.index, source);
    const to = findIn(concepts.index, destination);
    if (from !== undefined && to !== undefined) edges.add(placed.row, from, to);
    else if (active === '1') tellUnknown(placed, from === undefined ? 'sourceId' : 'destinationId', reading.flaws);
  });
  const parents = edges.byConcept(concepts.index.high.length);
  const looped = cycleIn(parents);
  if (looped !== undefined) {
    reading.flaws.tell({
      file: reading.files.find(({ kind }) => kind === 'relationships')?.path ?? '',
      rule: 'release/cycle',
      message: `The concept ${codeAt(concepts.index, looped)} stands above itself.`,
      remedy: 'Such a release is damaged: take it from its source again.',
    });
  }
  return { parents, rows };
}

/** Is a relationships by position of source and destination; the latest row of each counts. */
class Edges {
  readonly #from = new GrowingUint32();
  readonly #to = new GrowingUint32();
  readonly #active = new GrowingUint32();
  readonly #times = new GrowingUint32();
  readonly #known: Map<string, number> | undefined;

  constructor(several: boolean) {
    this.#known = several ? new Map() : undefined;
  }

  add([id = '', time, active]: readonly string[], from: number, to: number): void {
    const earlier = this.#known?.get(id);
    if (earlier !== undefined) {
      if (Number(time) < (this.#times.values()[earlier] ?? 0)) return;
      this.#active.values()[earlier] = 0;
    }
    this.#known?.set(id, this.#from.length);
    this.#from.push(from);
    this.#to.push(to);
    this.#active.push(active === '1' ? 1 : 0);
    this.#times.push(Number(time));
  }

  byConcept(size: number): Adjacency {
    const active = this.#active.values();
    const kept = (values: Uint32Array) => values.filter((_value, edge) => active[edge] === 1);
    return adjacencyOf(size, kept(this.#from.values()), kept(this.#to.values()));
  }
}
