import type { Partners } from './partners.ts';
import type { RecordPlaces } from './record-place.ts';

/** What every part of the benchmark is given. */
export interface LoopBench {
  readonly say: (line: string) => void;
  readonly isQuick: boolean;
  /** Loops under way at once. */
  readonly inFlight: number;
  /** The bundled command. */
  readonly entry: string;
  /** Where it may write. */
  readonly directory: string;
  readonly places: RecordPlaces;
  readonly partners: Partners;
  /** How to end what was started, should something fail. */
  readonly undo: (() => Promise<unknown>)[];
}
