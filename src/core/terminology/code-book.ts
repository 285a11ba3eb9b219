import { type CodingChoice, NO_CODING_CHOICE } from './coding-choice.ts';
import type { MapStamp } from './map-stamp.ts';

/** A code that a concept map takes to the one asked about. */
export interface Source {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  /** How this code relates to the one asked about. */
  readonly equivalence: string;
}

/** The way back through a concept map. */
export type BackTranslation =
  /** Exactly one code means the same. */
  | { readonly kind: 'match'; readonly source: Source; readonly map: MapStamp }
  /** Several codes come to this one, or none that means the same: which was meant cannot be told. */
  | { readonly kind: 'narrowed'; readonly sources: readonly Source[]; readonly map: MapStamp }
  | { readonly kind: 'unknown' };

/** What is known of single codes without a release, and the rules for choosing among them. */
export interface CodeBook {
  /** Displays of a code as code systems, supplements and designations give them; empty when none does. */
  displays(system: string, code: string): readonly string[];
  knows(system: string, code: string): boolean;
  /** SNOMED CT concepts that are known, in ascending order. */
  readonly concepts: readonly string[];
  readonly choice: CodingChoice;
  /** The codes that a map takes to this one; a partner's own decisions count first. */
  translateBack(map: string, system: string, code: string, partner?: string): BackTranslation;
}

/** Of a terminology that knows no code by itself and has no rules. */
export const NO_CODES: CodeBook = {
  displays: () => [],
  knows: () => false,
  concepts: [],
  choice: NO_CODING_CHOICE,
  translateBack: () => ({ kind: 'unknown' }),
};
