import type { InstrumentScore } from './instrument.ts';
import { roundTo } from './numbers.ts';

/** What became of somebody between two scores of one instrument. */
export interface Change {
  readonly from: number;
  readonly to: number;
  /** `to` less `from`. */
  readonly by: number;
  /** `changed`: the instrument does not say which way is better. */
  readonly way: 'better' | 'worse' | 'same' | 'changed';
  /** Absent when no source gives a meaningful change for this score. */
  readonly meaningful?: { readonly is: boolean; readonly from: number; readonly source: string };
}

/** Compares two scores; whether the change means anything is the source's word, never ours. */
export function changeOf(score: Pick<InstrumentScore, 'direction' | 'meaningful'>, from: number, to: number): Change {
  const by = roundTo(to - from, 6);
  const [threshold] = score.meaningful;
  return {
    from,
    to,
    by,
    way: wayOf(by, score.direction),
    ...(threshold && {
      meaningful: { is: Math.abs(by) >= threshold.change, from: threshold.change, source: threshold.source },
    }),
  };
}

function wayOf(by: number, direction: InstrumentScore['direction']): Change['way'] {
  if (by === 0) return 'same';
  if (direction === 'none') return 'changed';
  return by > 0 === (direction === 'higher-better') ? 'better' : 'worse';
}

/** Worse by as much as a source calls meaningful. */
export function isDeteriorated({ way, meaningful }: Change): boolean {
  return way === 'worse' && meaningful?.is === true;
}
