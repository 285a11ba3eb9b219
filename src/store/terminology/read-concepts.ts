import { type ConceptIndex, findIn, indexOf } from '../../core/terminology/release/concept-index.ts';
import { PRIMITIVE } from '../../core/terminology/release/metadata.ts';
import { GrowingIdentifiers, GrowingUint32 } from '../../core/terminology/rf2/growing-array.ts';
import { type Reading, readRows } from './read-rows.ts';

export const ACTIVE = 1;
export const DEFINED = 2;

export interface Concepts {
  readonly index: ConceptIndex;
  /** By position: bit 0 active, bit 1 sufficiently defined. */
  readonly flags: Uint8Array;
  /** By position: yyyymmdd. */
  readonly effectiveTimes: Uint32Array;
  /** Rows by module, for a release that says nothing of its modules. */
  readonly modules: ReadonlyMap<string, number>;
}

/** All concepts, sorted; of a concept that stands in several files the latest row counts. */
export async function readConcepts(reading: Reading): Promise<Concepts> {
  const identifiers = new GrowingIdentifiers();
  const times = new GrowingUint32();
  const flags = new GrowingUint32();
  const modules = new Map<string, number>();
  await readRows('concepts', reading, ({ row: [id = '', time, active, module = '', status] }) => {
    identifiers.push(id);
    times.push(Number(time));
    flags.push((active === '1' ? ACTIVE : 0) | (status === PRIMITIVE ? 0 : DEFINED));
    modules.set(module, (modules.get(module) ?? 0) + 1);
  });
  const index = indexOf(withoutRepeats(identifiers.values()));
  const size = index.high.length;
  const concepts = { index, flags: new Uint8Array(size), effectiveTimes: new Uint32Array(size), modules };
  const latest = concepts.effectiveTimes;
  identifiers.values().forEach((identifier, row) => {
    const position = findIn(index, String(identifier)) ?? 0;
    const time = times.values()[row] ?? 0;
    if (time < (latest[position] ?? 0)) return;
    latest[position] = time;
    concepts.flags[position] = flags.values()[row] ?? 0;
  });
  return concepts;
}

function withoutRepeats(identifiers: BigUint64Array): BigUint64Array {
  const sorted = identifiers.slice().sort();
  return sorted.filter((identifier, place) => place === 0 || identifier !== sorted[place - 1]);
}
