import type { CodeBook } from './code-book.ts';
import type { MapStamp } from './map-stamp.ts';

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
      /** How the target relates to the code: ConceptMapEquivalence of R4. Other than `equal` and `equivalent` it is narrowed. */
      readonly equivalence: string;
      /** The map that says so, by canonical url and version; a partner's own when it decided. */
      readonly map?: MapStamp;
    }
  /** The map says so: there is no counterpart. */
  | {
      readonly kind: 'unmatched';
      readonly comment?: string;
      readonly map?: MapStamp;
    }
  /** The map does not know the code: a person must decide. */
  | { readonly kind: 'unknown' };

export interface Terminology {
  /** @param partner whose own decisions about this map (terminology/partners/<partner>) come before the map's */
  translate(map: string, system: string, code: string, partner?: string): Translation;
  /** Whether a code belongs to a value set; `unknown` when the set's members are not loaded (never read as no). */
  member(valueSet: string, system: string, code: string): 'yes' | 'no' | 'unknown';
  hasMap(map: string): boolean;
  hasValueSet(valueSet: string): boolean;
  /** What is known of single codes, and the rules for choosing among several. */
  readonly codes: CodeBook;
}
