/** Wires what the console's pages ask of the engine: the road's own code, on the parts in use. */
import type { Lineage, LoopDesk, MessageDesk, OutcomeDesk } from './console/engine-desk.ts';
import type { Message } from './core/message.ts';
import { lineageOf } from './flow/desk/lineage.ts';
import { certifyLoop, describeLoopNow } from './flow/desk/loop-now.ts';
import { readOutcomeFacts } from './flow/desk/outcome-facts.ts';
import { NotRecorded } from './flow/desk/recorded-run.ts';
import type { RoadParts } from './flow/road-parts.ts';
import { stampOf } from './flow/translation/mapping-stamp.ts';

export type DeskParts = Pick<
  RoadParts,
  'store' | 'partners' | 'terminology' | 'instruments' | 'reportMappings' | 'keptMapping' | 'reportMappingOf'
>;

/** @param current the road's parts as they are now: mappings and terminology are replaced while it runs */
export function openDesk(current: () => DeskParts): LoopDesk & MessageDesk & OutcomeDesk {
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
    lineage: (message) => lineage(message, current()),
  };
}

async function lineage(message: Message, parts: DeskParts): Promise<Lineage> {
  try {
    const { recorded, mapping, input, run } = await lineageOf(message, parts);
    const { result, receipt, unmapped } = run;
    const { stamp } = recorded;
    return {
      kind: 'run',
      run: {
        mapping: stampOf(mapping),
        ...(stamp !== undefined && { isSameVersion: stamp.digest === mapping.digest }),
        ...{ from: mapping.from, to: mapping.to, input, result, receipt },
        unmapped: unmapped.length,
      },
    };
  } catch (fault) {
    if (fault instanceof NotRecorded) return { kind: 'none', why: fault.message };
    throw fault;
  }
}
