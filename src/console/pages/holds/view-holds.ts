import type { Hold, Work } from '../../../core/message.ts';
import type { Store } from '../../../ports-record.ts';
import { subjectKey } from '../../four-eyes/proposals.ts';
import { pathTo } from '../../paths.ts';
import { HOLD_KINDS } from './hold-words.ts';

type Names = Readonly<Record<string, string>>;

export interface HoldInTheWay {
  readonly hold: Hold;
  readonly waiting: readonly Work[];
  readonly referrals: readonly string[];
}

/**
 * The rows of the list of holds, the oldest first.
 * @param proposed what waits for a second person (four-eyes/proposals.ts)
 */
export function viewHolds(holds: readonly HoldInTheWay[], names: Names, proposed: ReadonlySet<string>) {
  return [...holds]
    .sort((a, b) => (a.hold.openedAt < b.hold.openedAt ? -1 : a.hold.openedAt > b.hold.openedAt ? 1 : 0))
    .map(({ hold, waiting, referrals }) => ({
      href: pathTo('hold', { hold: hold.id }),
      what: HOLD_KINDS[hold.kind],
      partner: partnerOf(hold, names),
      openedAt: hold.openedAt,
      isProposed: proposed.has(subjectKey({ hold: hold.id })),
      rules: [...new Set(hold.findings.map(({ rule }) => rule))],
      waiting: waiting.length,
      loops: new Set([...referrals, ...(hold.referral === undefined ? [] : [hold.referral])]).size,
    }));
}

/** One hold: what is wrong, what to do, and all that stands behind it. Findings repeat no value of a message. */
export function viewHold({ hold, waiting, referrals }: HoldInTheWay, messages: readonly string[], names: Names) {
  const loops = [...new Set([...(hold.referral === undefined ? [] : [hold.referral]), ...referrals])];
  return {
    id: hold.id,
    what: HOLD_KINDS[hold.kind],
    partner: partnerOf(hold, names),
    openedAt: hold.openedAt,
    findings: hold.findings.map(({ severity, rule, message, remedy, place }) => ({
      ...{ severity, rule, message, remedy },
      place: [place.file, place.line, place.expression].filter((part) => part !== undefined).join(' '),
    })),
    loops: loops.map((referral) => ({ id: referral, href: pathTo('loop', { referral }) })),
    messages: messages.map((message) => ({ id: message, href: pathTo('message', { message }) })),
    waiting: waiting.length,
    ...(hold.resolvedAt !== undefined && {
      resolved: { at: hold.resolvedAt, by: hold.resolvedBy ?? 'nobody named', reason: hold.resolution ?? '' },
    }),
  };
}

/** The message that a piece of work is about, when it is about one. */
export async function messageOfWork(
  { kind, subject }: Pick<Work, 'kind' | 'subject'>,
  store: Pick<Store, 'leg'>,
): Promise<string | undefined> {
  if (kind === 'urgent' || kind === 'onward') return subject;
  return kind === 'settle' || kind === 'read-back' ? (await store.leg(subject))?.message : undefined;
}

function partnerOf({ partner }: Hold, names: Names): string {
  return partner === undefined ? '' : (names[partner] ?? partner);
}
