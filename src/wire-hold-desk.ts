/** Wires what people decide about holds from the console: the same steps as `hearback holds resolve`. */

import { WrongUse } from './cli/exit-code.ts';
import { codeDecided, hasTaken, heldCode, writeDecision } from './cli/holds-decide.ts';
import type { Setup } from './cli/read-setup.ts';
import type { HoldDecided, HoldDecision, HoldDesk } from './console/engine-desk.ts';
import type { Hold } from './core/message.ts';
import { NotDecided, resolveHold } from './flow/desk/person-decides.ts';
import type { RoadParts } from './flow/road-parts.ts';
import { faultCode } from './flow/watch/fault-code.ts';

interface HoldDeskGiven {
  readonly setup: Setup;
  /** The road's parts as they are now. */
  readonly current: () => RoadParts;
  /** Work was put back: somebody should look. */
  readonly wake: () => void;
}

export function openHoldDesk(given: HoldDeskGiven): HoldDesk {
  return {
    question: (hold) => heldCode(hold, given.setup.config),
    async decide(hold, decision, by) {
      try {
        return await decided(hold, { decision, by }, given);
      } catch (fault) {
        if (fault instanceof WrongUse || fault instanceof NotDecided) return { kind: 'refused', why: fault.message };
        if (faultCode(fault) === 'hold-not-open') return { kind: 'resolved-already' };
        throw fault;
      }
    },
  };
}

async function decided(
  hold: Hold,
  { decision, by }: { readonly decision: HoldDecision; readonly by: string },
  { setup, current, wake }: HoldDeskGiven,
): Promise<HoldDecided> {
  const { choice, mapTo, equivalence, reason } = decision;
  if (choice === 'map' || choice === 'no-match') {
    const { store, clock } = current();
    const at = clock.now().toISOString();
    const to = choice === 'map' ? { mapTo: mapTo ?? '', equivalence: equivalence ?? '' } : {};
    writeDecision(hold, { ...to, reason, by, at }, setup.config);
    await store.apply({ journal: [codeDecided(hold, { ...to, reason, by, at })] });
    if (!(await hasTaken(at, store))) return { kind: 'written' };
  }
  // Only now: what is retried must meet what was just written.
  const waiting = await resolveHold({ hold, by, reason, then: choice === 'abandon' ? 'abandon' : 'retry' }, current());
  wake();
  return { kind: 'resolved', waiting };
}
