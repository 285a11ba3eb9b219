import { findDoubled } from './count-doubled.ts';
import { findLost, findMissing } from './count-lost.ts';
import { countWritten, notAsSent, type Written } from './count-written.ts';
import { type Evidence, loopOf } from './evidence.ts';
import type { Fate } from './fates.ts';
import type { Person } from './people.ts';
import type { Loop } from './read-loops.ts';
import { referralNumber } from './referral-bundle.ts';

/** One person's loop, judged. */
export interface Judged {
  readonly person: Person;
  readonly loop: Loop;
  readonly verdict: 'closed' | 'explained' | 'unexplained';
}

/** The figures, counted from the record and from what the partners really hold. */
export interface Tally {
  readonly loops: number;
  readonly closed: number;
  readonly explained: number;
  readonly lost: number;
  readonly doubled: number;
  /** Read back from the record of Riverside. */
  readonly writeBack: Written;
  /** Every entry of it that is not as it was sent, with its reason. */
  readonly notAsSent: readonly string[];
  readonly judged: readonly Judged[];
  /** Why it is not as it should be; empty when it is. */
  readonly faults: readonly string[];
}

export function count(evidence: Evidence): Tally {
  const judged = evidence.people.flatMap((person): Judged[] => {
    const loop = loopOf(person, evidence);
    return loop === undefined ? [] : [{ person, loop, verdict: judge(loop, person.fate) }];
  });
  const [lost, doubled] = [findLost(evidence), findDoubled(evidence)];
  const unexplained = judged.filter(({ verdict }) => verdict === 'unexplained');
  return {
    loops: evidence.loops.length,
    closed: judged.filter(({ verdict }) => verdict === 'closed').length,
    explained: judged.filter(({ verdict }) => verdict === 'explained').length,
    lost: lost.length,
    doubled: doubled.length,
    writeBack: countWritten(evidence.loops),
    notAsSent: notAsSent(evidence.loops),
    judged,
    faults: [
      ...findMissing(evidence),
      ...lost,
      ...doubled,
      ...evidence.sent.flatMap(({ surprises }) => surprises),
      ...unexplained.map(
        ({ person, loop }) =>
          `${referralNumber(person)} (${person.fate.name}) is ${loop.described.status} as ${loop.described.state.kind}, and should be ${person.fate.ends} as ${person.fate.as}`,
      ),
    ],
  };
}

/** As it should be: every loop closed or explained, nothing lost, nothing doubled, nobody missing. */
export function isSound(tally: Tally): boolean {
  return tally.faults.length === 0 && tally.closed + tally.explained === tally.loops;
}

/**
 * Closed: the record says so, with the word that the last to speak said. Explained: open as this fate leaves it, and every
 * open promise says who owes what to whom. A loop that should have closed and has not is not explained by owing something.
 */
function judge({ described, events }: Loop, fate: Fate): Judged['verdict'] {
  if (described.state.kind !== fate.as) return 'unexplained';
  if (described.status === 'closed') return fate.ends === 'closed' ? 'closed' : 'unexplained';
  const owed =
    described.owes.length > 0 && described.owes.every(({ owedBy, owedTo, words }) => owedBy && owedTo && words);
  const isLate = described.late.length > 0 && events.some((event) => event.kind === 'no-answer');
  return fate.ends === 'explained' && owed && isLate === (fate.late === true) ? 'explained' : 'unexplained';
}
