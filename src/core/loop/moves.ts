import type { Finding } from '../finding.ts';
import type { TaskStatus } from './states.ts';

/**
 * The moves that the Gravity SDOHCC referral Task allows (HL7 SDOH Clinical Care 3.0.0, the state diagram of the
 * ReferralManagement Task). The rules are a drawing there: no profile can see the previous version, so a validator
 * passes every forbidden move, and whoever stores Tasks has to check.
 */
type MoveFrom = TaskStatus | 'start';
type Mover = 'requester' | 'performer';

/** The moves as pairs; `*` stands for any state. */
export const MOVES: readonly (readonly [MoveFrom | '*', TaskStatus])[] = [
  ['start', 'draft'],
  ['start', 'requested'],
  ['draft', 'requested'],
  ['requested', 'accepted'],
  ['requested', 'rejected'],
  ['requested', 'cancelled'],
  ['accepted', 'in-progress'],
  ['accepted', 'on-hold'],
  ['accepted', 'cancelled'],
  ['accepted', 'completed'],
  ['accepted', 'failed'],
  ['in-progress', 'on-hold'],
  ['in-progress', 'cancelled'],
  ['in-progress', 'completed'],
  ['in-progress', 'failed'],
  ['on-hold', 'in-progress'],
  ['on-hold', 'cancelled'],
  ['on-hold', 'completed'],
  ['on-hold', 'failed'],
  ['*', 'entered-in-error'],
];

const MOVERS: Readonly<Partial<Record<TaskStatus, readonly Mover[]>>> = {
  draft: ['requester'],
  requested: ['requester'],
  'entered-in-error': ['requester'],
  accepted: ['performer'],
  rejected: ['performer'],
  'in-progress': ['performer'],
  'on-hold': ['performer'],
  failed: ['performer'],
  completed: ['performer'],
  cancelled: ['requester', 'performer'],
};

/**
 * Whether a Task may go from one status to another when this side says so; no findings when it may. Staying where it
 * is, is no move. Findings: `loop/move` (not in the diagram), `loop/mover` (the other side's to say).
 */
export function judgeMove(from: MoveFrom, to: TaskStatus, by: Mover): Finding[] {
  if (from === to) return [];
  const targets = MOVES.filter(([source]) => source === from || source === '*').map(([, target]) => target);
  const findings: Finding[] = [];
  if (!targets.includes(to)) findings.push(forbidden(from, to, targets));
  if (MOVERS[to]?.includes(by) === false) findings.push(wrongMover(to, by));
  return findings;
}

function forbidden(from: MoveFrom, to: TaskStatus, targets: readonly TaskStatus[]): Finding {
  return {
    severity: 'error',
    rule: 'loop/move',
    place: { expression: 'Task.status' },
    message: `A referral Task cannot go from ${from} to ${to} (Gravity SDOHCC, allowed moves).`,
    remedy: `From ${from} it can go to: ${targets.join(', ')}.${to === 'in-progress' ? ' Acceptance comes first.' : ''}`,
    issue: 'business-rule',
  };
}

function wrongMover(to: TaskStatus, by: Mover): Finding {
  const others = (MOVERS[to] ?? []).join(' or ');
  return {
    severity: 'error',
    rule: 'loop/mover',
    place: { expression: 'Task.status' },
    message: `The status ${to} is for the ${others} to set, not for the ${by}.`,
    remedy:
      by === 'requester'
        ? 'Ask for a cancellation instead, or leave the status to the service.'
        : 'Leave the status to the referrer.',
    issue: 'business-rule',
  };
}
