import type { Fated } from '../fixtures/crash/crowd.ts';
import type { Evidence, Loop } from '../fixtures/crash/evidence.ts';
import { findDisordered } from '../fixtures/crash/find-disordered.ts';
import { findDoubled } from '../fixtures/crash/find-doubled.ts';
import { findLost } from '../fixtures/crash/find-lost.ts';

/** What is wrong after a run, each as a sentence. */
export interface Verdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly outOfOrder: readonly string[];
  readonly stuck: readonly string[];
  readonly logFaults: readonly string[];
}

interface Case {
  readonly evidence: Evidence;
  readonly people: readonly Fated[];
  /** How many referrals the record has more than before the run, and how many were acknowledged. */
  readonly newReferrals: number;
  readonly acknowledged: number;
  /** What was acknowledged as something that the record does not have. */
  readonly unknown: readonly string[];
  /** Messages that were said once more and were answered otherwise than the first time. */
  readonly answeredOtherwise: readonly string[];
  /** What had not come to its end when the patience was over. */
  readonly stuck: readonly string[];
  readonly logFaults: readonly string[];
}

/**
 * Judges a run by what the partners hold and what the record says. A loop that is stuck is counted as that alone: what has not
 * happened yet is not lost. What was acknowledged and is not in the record at all is lost whatever else is stuck.
 */
export function judge(given: Case): Verdict {
  const { evidence, people, newReferrals, acknowledged, unknown, answeredOtherwise, stuck, logFaults } = given;
  const closed = evidence.loops.filter(({ referral }) => referral.status === 'closed');
  const told = closed.flatMap((loop) => differences(loop, people));
  const surplus = newReferrals - acknowledged;
  const settled = { ...evidence, referred: [], ...(stuck.length > 0 && { loops: closed }) };
  return {
    lost: [...(stuck.length > 0 ? [] : findLost(settled)), ...unknown, ...ofKind(told, 'lost')],
    doubled: [
      ...findDoubled(settled),
      ...ofKind(told, 'doubled'),
      ...answeredOtherwise,
      ...(surplus > 0 ? [`the record has ${surplus} referrals that nobody was told of`] : []),
    ],
    outOfOrder: [...findDisordered(settled), ...ofKind(told, 'outOfOrder')],
    stuck,
    logFaults,
  };
}

interface Difference {
  readonly kind: 'lost' | 'doubled' | 'outOfOrder';
  readonly said: string;
}

function ofKind(differences: readonly Difference[], kind: Difference['kind']): string[] {
  return differences.filter((one) => one.kind === kind).map(({ said }) => said);
}

/** The events of a loop, held against what was to happen. */
export function differences(
  { nhsNumber, events, referral }: Pick<Loop, 'nhsNumber' | 'events' | 'referral'>,
  people: readonly Fated[],
): Difference[] {
  const wanted = people.find((one) => one.nhsNumber === nhsNumber)?.events ?? [];
  const found = events.map(({ kind }) => kind);
  if (wanted.join() === found.join()) return [];
  const say = (kind: Difference['kind'], what: string): Difference => ({
    kind,
    said: `${referral.id} ${what}: ${found.join(' ')} instead of ${wanted.join(' ')}`,
  });
  const missing = without(wanted, found);
  const surplus = without(found, wanted);
  return [
    ...(missing.length > 0 ? [say('lost', 'lacks an event')] : []),
    ...(surplus.length > 0 ? [say('doubled', 'has an event too many')] : []),
    ...(missing.length + surplus.length === 0 ? [say('outOfOrder', 'has its events in another order')] : []),
  ];
}

/** What is in the first and has no counterpart in the second. */
function without<T>(these: readonly T[], those: readonly T[]): T[] {
  const left = [...those];
  return these.filter((one) => {
    const at = left.indexOf(one);
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}
