import type { EventKind } from '../loop/event.ts';
import { stateRow } from '../loop/states.ts';

/** How far a referral has come, each stage behind the one before. A referral that ended early stays where it was. */
export const STAGES = ['referred', 'sent', 'accepted', 'started', 'helped', 'told'] as const;
export type Stage = (typeof STAGES)[number];

interface Progress {
  /** Partner ids of the platforms that it was sent to. */
  readonly platforms: readonly string[];
  /** Of the loop: closed when every promise is kept, the GP's record among them. */
  readonly status: 'open' | 'closed';
  /** What it is now. */
  readonly state: EventKind;
  /** Everything that was ever said of it. */
  readonly said: ReadonlySet<EventKind>;
}

const STARTED: ReadonlySet<EventKind> = new Set(['in-progress', 'onward-referred', 'outcome-recorded']);
const HELPED: ReadonlySet<string> = new Set<EventKind>(['completed', 'signposted']);

/** Whether a state is an end at which the person was helped. */
export function isHelp(state: string): boolean {
  return HELPED.has(state);
}

/** The furthest stage. A later word could not have been said without the earlier ones, so it counts for them too. */
export function stageOf({ platforms, status, state, said }: Progress): Stage {
  if (isHelp(state)) return status === 'closed' ? 'told' : 'helped';
  if ([...said].some((kind) => STARTED.has(kind))) return 'started';
  if ([...said].some((kind) => kind === 'accepted' || stateRow(kind).impliesAcceptance)) return 'accepted';
  return platforms.length > 0 ? 'sent' : 'referred';
}
