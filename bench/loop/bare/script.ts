import type { Value } from './tables.ts';

/**
 * What one loop does to the record and sends, as an engine did it: the same commits and the same calls, to be done again for
 * another person. A text in it is in pieces, between which stand what names the loop.
 */
export interface Script {
  /** What happens because of each message that comes in, in their order. */
  readonly segments: readonly Segment[];
}

export interface Segment {
  /** Before the answer. */
  readonly receive: readonly Change[];
  readonly answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Text };
  /** After it, in this order. */
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'write'; readonly changes: readonly Change[] }
  | { readonly kind: 'send'; readonly to: 'gp' | 'platform'; readonly contentType: string; readonly body: Text };

/** One row of one commit. */
export interface Change {
  readonly table: string;
  readonly kind: 'insert' | 'update' | 'delete';
  /** What finds the row; nothing of one that is inserted. */
  readonly key: Readonly<Record<string, Cell>>;
  /** What is written: a whole row, or what changed of it; nothing of one that is deleted. */
  readonly set: Readonly<Record<string, Cell>>;
}

/** A text with places: a string as it stands, a number for a name of the loop (`Names`). */
export type Text = readonly (string | number)[];
export type Cell = number | null | { readonly text: Text } | { readonly bytes: Text };

/** The names of a loop, by their places in the script: the NHS number first. */
export type Names = readonly string[];

export const NHS_NUMBER_PLACE = 0;

/** Takes texts of one loop apart at everything that names it: its NHS number, and every UUID. */
export interface Dismantler {
  text(value: string): Text;
  cell(value: Value): Cell;
  /** How many names there are so far. */
  readonly names: number;
}

const NAME = /(\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|999\d{7}(?!\d))/;

export function newDismantler(nhsNumber: string): Dismantler {
  const places = new Map([[nhsNumber, NHS_NUMBER_PLACE]]);
  const placeOf = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, places.size);
    return places.size - 1;
  };
  const text = (value: string): Text =>
    value
      .split(NAME)
      .map((piece, index) => (index % 2 === 1 ? placeOf(piece) : piece))
      .filter((piece) => piece !== '');
  return {
    text,
    cell(value) {
      if (value === null) return null;
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
      return typeof value === 'string' ? { text: text(value) } : { bytes: text(value.toString()) };
    },
    get names() {
      return places.size;
    },
  };
}

/** The text of another loop. */
export function written(text: Text, names: Names): string {
  let whole = '';
  for (const piece of text) whole += typeof piece === 'number' ? names[piece] : piece;
  return whole;
}

export function valueFor(cell: Cell, names: Names): Value {
  if (cell === null || typeof cell === 'number') return cell;
  return 'text' in cell ? written(cell.text, names) : Buffer.from(written(cell.bytes, names));
}
