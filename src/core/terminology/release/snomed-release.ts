import type { ConceptGraph } from './concept-graph.ts';

/** A term of a concept, as the release has it. */
export interface Designation {
  readonly use: 'name' | 'synonym' | 'definition';
  readonly term: string;
  readonly language: string;
  readonly preferred: boolean;
}

/** What a historical association reference set says of an inactive concept. */
export interface HistoricalAssociation {
  readonly refset: string;
  readonly target: string;
}

/**
 * One edition of SNOMED CT, loaded. Everything answers at once and from the same release, whatever is imported meanwhile.
 * `src/store/terminology` holds it in a file; the pure part knows this only.
 */
export interface SnomedRelease extends ConceptGraph {
  readonly edition: string;
  /** `http://snomed.info/sct/{module}/version/{date}` */
  readonly version: string;
  codeOf(position: number): string;
  isDefined(position: number): boolean;
  /** yyyymmdd */
  effectiveTime(position: number): string;
  /** The term to show: the synonym that the most national language reference set prefers; the name where there is none. */
  display(position: number): string | undefined;
  /** The terms to show of many concepts, in their order. */
  displays(positions: readonly number[]): readonly (string | undefined)[];
  /** The fully specified name. */
  name(position: number): string | undefined;
  designations(position: number): readonly Designation[];
  /** What replaces an inactive concept, and why it is inactive (value of an attribute value reference set). */
  associations(position: number): readonly HistoricalAssociation[];
  inactivationReasons(position: number): readonly string[];
  /** Codes of another system for a concept, and concepts for such a code, by the reference set of a simple map. Case counts. */
  mapTargets(refset: string, position: number): readonly string[];
  mapSources(refset: string, target: string): readonly number[];
  hasMap(refset: string): boolean;
  /** Those of the flagged concepts that have a term of which each word of the search begins a word. */
  search(words: readonly string[], among: Uint8Array): readonly number[];
  close(): void;
}
