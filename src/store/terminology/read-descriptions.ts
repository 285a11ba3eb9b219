import { findIn } from '../../core/terminology/release/concept-index.ts';
import { foldTerm } from '../../core/terminology/release/fold-term.ts';
import { FULLY_SPECIFIED_NAME, SYNONYM } from '../../core/terminology/release/metadata.ts';
import type { Concepts } from './read-concepts.ts';
import type { Preference } from './read-languages.ts';
import { type Reading, readRows, tellUnknown } from './read-rows.ts';
import type { ReleaseFile } from './release-file.ts';

export const KIND = { name: 0, synonym: 1, definition: 2 } as const;

export interface Terms {
  /** By position: the row of the fully specified name; 0 when there is none. */
  readonly nameRows: Uint32Array;
  /** By position: the term to show, if there is one. */
  readonly displays: readonly (string | undefined)[];
  /** All description rows of the files. */
  readonly rows: number;
  /** The active ones, which are kept. */
  readonly kept: number;
}

/** Writes the active descriptions, and chooses for each concept its name and the term to show. */
export async function readDescriptions(
  concepts: Concepts,
  preferenceOf: Preference,
  reading: Reading,
  file: ReleaseFile,
): Promise<Terms> {
  const size = concepts.index.high.length;
  const names = new Choice(size);
  const shown = new Choice(size);
  const displays: (string | undefined)[] = new Array(size).fill(undefined);
  let kept = 0;
  const rows = await readRows('descriptions', reading, (placed) => {
    const [id = '', , active, , code = '', language = '', type, term = ''] = placed.row;
    if (active !== '1') return;
    const concept = findIn(concepts.index, code);
    if (concept === undefined) {
      tellUnknown(placed, 'conceptId', reading.flaws);
      return;
    }
    kept += 1;
    const kind = type === FULLY_SPECIFIED_NAME ? KIND.name : type === SYNONYM ? KIND.synonym : KIND.definition;
    const rank = preferenceOf(id);
    file.addDescription({ row: kept, concept, kind, rank, language, term, folded: foldTerm(term) });
    if (kind === KIND.name) names.offer(concept, kept, rank);
    // A name is shown only where no synonym is.
    if (kind !== KIND.definition) {
      const better = shown.offer(concept, kept, kind === KIND.synonym ? rank + 1 : 0);
      if (better) displays[concept] = term;
    }
  });
  file.endDescriptions();
  return { nameRows: names.rows, displays, rows, kept };
}

/** For each concept the row with the highest rank; the first of several. */
class Choice {
  readonly rows: Uint32Array;
  readonly #ranks: Int8Array;

  constructor(size: number) {
    this.rows = new Uint32Array(size);
    this.#ranks = new Int8Array(size).fill(-1);
  }

  offer(concept: number, row: number, rank: number): boolean {
    if (rank <= (this.#ranks[concept] ?? 0)) return false;
    this.#ranks[concept] = rank;
    this.rows[concept] = row;
    return true;
  }
}
