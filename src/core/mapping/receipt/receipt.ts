import type { MappingStamp } from '../../message.ts';

/** What became of one element of the input, the best of it first: that is what counts when it went to several places. */
export const FATES = ['kept', 'renamed', 'translated', 'narrowed', 'decided', 'dropped'] as const;

/**
 * - `kept`: the same value under the same name
 * - `renamed`: the same value under another name; also in another notation from which it can be read back (`toString()`, a
 *   whole date as `ukDate()`)
 * - `translated`: by a concept map that calls the two codes equivalent
 * - `narrowed`: a part of it, something less precise (a concept map says wider, narrower, inexact, related), or joined with others
 * - `decided`: looked at in a condition, and nothing else
 * - `dropped`: nothing of it is in the result
 */
export type Fate = (typeof FATES)[number];

/** The part of a template that is responsible: in the mapping's file or in a fragment's. */
export interface Rule {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The expression with its delimiters, or the constant, as the file has it. */
  readonly written: string;
}

/** A code that a concept map was asked about. */
export interface TranslatedCode {
  readonly map: string;
  readonly url?: string;
  readonly version?: string;
  /** `system|code`. A word that the map does not know is not repeated: it could be anything. */
  readonly from?: string;
  readonly to?: string;
  /** As the ConceptMap has it (R4 ConceptMapEquivalence); `unmatched`, or `unknown` where the map has no such code. */
  readonly equivalence: string;
}

/** One place of the result that an input element went to. */
export interface Use {
  /** JSON Pointer into the result. */
  readonly pointer: string;
  readonly fate: Exclude<Fate, 'decided' | 'dropped'>;
  readonly rule: Rule;
}

/** One element of the input that has a value. */
export interface InputElement {
  /** FHIRPath in FHIR (`Bundle.entry[0].resource.name[0].family`), a JSON Pointer elsewhere. */
  readonly element: string;
  readonly fate: Fate;
  readonly to: readonly Use[];
  /** Of what went nowhere: the part that looked at it, if any did. */
  readonly rule?: Rule;
  readonly translations: readonly TranslatedCode[];
}

/** One element of the result. */
export interface ResultElement {
  /** JSON Pointer. */
  readonly pointer: string;
  /** Where in the input it comes from; nothing when it was invented: a constant, `%now`, an id that the engine gave. */
  readonly from: readonly string[];
  readonly rule: Rule;
}

/** How many input elements had each fate, and how many elements of the result came from no input. */
export type ReceiptTotals = Readonly<Record<Fate | 'invented', number>>;

/**
 * What one run did with every element of its input. Places, rules, codes and the template's own text; never a value of a
 * message other than a code that a concept map knows.
 */
export interface Receipt {
  readonly mapping: MappingStamp;
  readonly input: readonly InputElement[];
  readonly result: readonly ResultElement[];
  readonly totals: ReceiptTotals;
}
