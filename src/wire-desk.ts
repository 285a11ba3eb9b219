/** Wires what the console's pages ask of the engine: the road's own code, on the parts in use. */
import type { LoopDesk, OutcomeDesk } from './console/engine-desk.ts';
import { certifyLoop, describeLoopNow } from './flow/loop-now.ts';
import { readOutcomeFacts } from './flow/outcome-facts.ts';
import type { RoadParts } from './flow/road-parts.ts';

export type DeskParts = Pick<RoadParts, 'store' | 'partners' | 'terminology' | 'instruments'>;

/** @param current the road's parts as they are now: mappings and terminology are replaced while it runs */
export function openDesk(current: () => DeskParts): LoopDesk & OutcomeDesk {
  return {
    describe(referral, now) {
      const { store, partners } = current();
      const names = Object.fromEntries([...partners].map(([id, { organisation }]) => [id, organisation.name]));
      return describeLoopNow(referral, store, { now, names });
    },
    certify: (referral) => certifyLoop(referral, current().store),
    readOutcomes: (period, onProgress) => {
      const { store, instruments } = current();
      return readOutcomeFacts(store, { ...period, instruments, onProgress });
    },
    displayOf: (system, code) => current().terminology.codes.displays(system, code)[0],
  };
}
