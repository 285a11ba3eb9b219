import type { InstrumentFile } from './instrument-shape.ts';

/** An outcome instrument as data: which questions, which answers are possible, how they make a score, and whose it is. */
export interface Instrument extends Omit<InstrumentFile, 'items' | 'scores'> {
  readonly items: readonly InstrumentItem[];
  readonly scores: readonly InstrumentScore[];
  /** Canonical url of its Questionnaire. */
  readonly url: string;
}

export interface InstrumentItem {
  readonly linkId: string;
  readonly text?: string | undefined;
  readonly about?: string | undefined;
  readonly type: 'integer' | 'decimal' | 'boolean' | 'string';
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly unit?: string | undefined;
  readonly missingValue?: number | undefined;
  readonly unusual?: readonly number[] | undefined;
  readonly code?: ScoreCode | undefined;
}

export interface InstrumentScore extends Omit<InstrumentFile['scores'][number], 'items' | 'direction' | 'code'> {
  /** Link ids of the items that it is made of; empty when it is only ever given. */
  readonly items: readonly string[];
  readonly direction: Direction;
  /** The score's code in a national system where a source gives one, else our local one. */
  readonly code: ScoreCode;
  /** False when the code is local. */
  readonly national: boolean;
}

export interface ScoreCode {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export type Direction = 'higher-better' | 'lower-better' | 'none';
