import type { LoopDescription } from '../../../core/loop/shown/describe-loop.ts';
import { stateRow } from '../../../core/loop/states.ts';
import type { Referral } from '../../../core/referral.ts';
import { pathTo } from '../../paths.ts';
import type { ConsoleUser } from '../../session/console-user.ts';
import { withInstantsInWords } from '../../words.ts';
import { otherPlatforms } from './their-part.ts';

export interface ListedLoop {
  readonly referral: Referral;
  readonly described: LoopDescription;
}

/** The rows of the list of loops. Ids, names of partners, states and times: nothing about the patient, nor of another platform. */
export function viewLoops(
  found: readonly ListedLoop[],
  names: Readonly<Record<string, string>>,
  user: Pick<ConsoleUser, 'partners'>,
) {
  const name = (id: string) => names[id] ?? id;
  return found.map(({ referral, described }) => {
    const others = otherPlatforms(user, referral);
    return {
      id: referral.id,
      href: pathTo('loop', { referral: referral.id }),
      practice: name(referral.referrer),
      platforms: referral.platforms.filter((one) => !others.has(one)).map(name),
      state: stateRow(described.state.kind).display,
      isOpen: referral.status === 'open',
      openedAt: referral.openedAt,
      late: described.late
        .filter(({ owedBy, owedTo }) => !others.has(owedBy) && !others.has(owedTo))
        .map(({ words }) => withInstantsInWords(words)),
      holds: described.holds.filter(({ resolvedAt }) => resolvedAt === undefined).length,
    };
  });
}
