/** Wires replays from the console: the same plan, differences and steps as `hearback replay`. */
import type { ReplayDesk, ReplayShown } from './console/engine-desk.ts';
import { NothingToSend, previewReplay, type ReplayPreview, replayAsShown } from './flow/desk/preview-replay.ts';
import { NotRecorded } from './flow/desk/recorded-run.ts';
import type { RoadParts } from './flow/road-parts.ts';
import { stampOf } from './flow/translation/mapping-stamp.ts';

interface ReplayDeskGiven {
  /** The road's parts as they are now. */
  readonly current: () => RoadParts;
  /** Work was queued: somebody should look. */
  readonly wake: () => void;
}

export function openReplayDesk({ current, wake }: ReplayDeskGiven): ReplayDesk {
  return {
    async preview(message, mapping) {
      try {
        return shown(await previewReplay(message, mapping, current()));
      } catch (fault) {
        if (fault instanceof NotRecorded) return { plan: { kind: 'impossible', why: fault.message } };
        throw fault;
      }
    },
    async replay({ message, mapping, seen, reason }, by) {
      try {
        const preview = await previewReplay(message, mapping, current());
        if (preview.plan.kind === 'impossible') return { kind: 'refused', why: preview.plan.why };
        if (preview.version?.mapping.digest !== seen) return { kind: 'changed' };
        await replayAsShown({ message, by, reason }, preview, current());
      } catch (fault) {
        if (fault instanceof NotRecorded || fault instanceof NothingToSend)
          return { kind: 'refused', why: fault.message };
        throw fault;
      }
      wake();
      return { kind: 'done' };
    },
  };
}

function shown({ plan, version }: ReplayPreview): ReplayShown {
  const made = version && { mapping: stampOf(version.mapping), differences: version.differences };
  if (plan.kind === 'impossible') return { plan, ...(made && { version: made }) };
  if (plan.kind === 'onward') return { plan: { kind: 'onward' }, ...(made && { version: made }) };
  const { id: leg, partner, purpose } = plan.leg;
  return { plan: { kind: 'deliver', leg, partner, purpose }, ...(made && { version: made }) };
}
