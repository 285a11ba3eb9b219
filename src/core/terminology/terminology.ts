/**
 * What the pure part may ask about codes. Concept maps and value sets are data (see /terminology); whoever holds
 * them, a file or a server, answers these questions.
 */

/** A code translated by a named concept map, or the written-down fact that there is no match. */
export type Translation =
  | {
      readonly kind: 'match';
      readonly system: string;
      readonly code: string;
      readonly display?: string;
      readonly equivalence: string;
    }
  /** The map says so: there is no counterpart. */
  | { readonly kind: 'unmatched'; readonly comment?: string }
  /** The map does not know the code: a person must decide. */
  | { readonly kind: 'unknown' };

export interface CodeOfSystem {
  readonly system: string;
  readonly code: string;
}

export interface MapVersion {
  readonly url: string;
  readonly version?: string;
}

export interface Terminology {
  translate(map: string, system: string, code: string): Translation;
  /** Whether a code belongs to a value set; `unknown` when the set's members are not loaded (never read as no). */
  member(valueSet: string, system: string, code: string): 'yes' | 'no' | 'unknown';
  hasMap(map: string): boolean;
  /** The canonical url and business version of a map, for receipts; undefined when the holder of the maps does not say. */
  versionOfMap?(map: string): MapVersion | undefined;
  /** The codes that a map knows, in its order, also those that it calls unmatched; undefined when the holder does not say. */
  codesOfMap?(map: string): readonly CodeOfSystem[] | undefined;
  hasValueSet(valueSet: string): boolean;
}
