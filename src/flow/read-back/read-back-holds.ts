import type { Finding } from '../../core/finding.ts';
import type { EntryReading } from '../../core/loop/read-back/reading.ts';
import type { Hold, Leg } from '../../core/message.ts';
import type { Ids, RecordRead } from '../../ports.ts';
import { shownCode } from '../translation/shown-code.ts';

interface Given {
  readonly ids: Ids;
}

export function readBackHoldKey({ id }: Pick<Leg, 'id'>): string {
  return `read|${id}`;
}

/** The record does not hold what was written as it was sent: a person looks. */
export function notKeptHold(leg: Leg, entries: readonly EntryReading[], now: string, given: Given): Hold {
  return hold(leg, { findings: entries.flatMap(findingsOf), now }, given);
}

/** The record could not be read at all. */
export function unreadableHold(
  leg: Leg,
  { findings }: Extract<RecordRead, { kind: 'permanent' }>,
  now: string,
  given: Given,
): Hold {
  return hold(leg, { findings, now }, given);
}

/** The loop was promised a read-back, and nothing reads this partner's record any more. */
export function noReader(leg: Leg, now: string, given: Given): Hold {
  const finding: Finding = {
    severity: 'error',
    rule: 'read-back/no-reader',
    place: {},
    message: `The configuration does not say how the record of "${leg.partner}" is read back.`,
    remedy: 'Give its outlet `readBack` again and retry the hold; or abandon it, and the loop closes without.',
  };
  return hold(leg, { findings: [finding], now }, given);
}

function hold(leg: Leg, { findings, now }: { findings: readonly Finding[]; now: string }, { ids }: Given): Hold {
  return {
    id: ids.next(),
    kind: 'not-kept',
    key: readBackHoldKey(leg),
    partner: leg.partner,
    referral: leg.referral,
    findings,
    openedAt: now,
  };
}

const REMEDY =
  'Look at the record with the practice and have it mended there, then retry the hold: it is read again. Or abandon the hold: the loop closes, labelled with what is lost.';

function findingsOf({ type, is, elements, lostCodes }: EntryReading): Finding[] {
  if (is === 'not-found') {
    return [
      {
        severity: 'error',
        rule: 'read-back/not-found',
        place: { expression: type },
        message: 'The record does not hold what it said it had taken.',
        remedy: REMEDY,
        issue: 'not-found',
      },
    ];
  }
  return elements
    .filter((one) => one.is === 'lost')
    .map(({ element, why = '' }) => {
      const codes = lostCodes.map(({ system, code }) => `${shownCode(system, code)} of ${system}`).join(', ');
      const which = element === 'code' && codes !== '' ? ` (${codes})` : '';
      return {
        severity: 'error',
        rule: `read-back/${element}-lost`,
        place: { expression: `${type}.${element}` },
        message: `The record does not hold the ${element} as it was sent${which}: ${why}.`,
        remedy: REMEDY,
        issue: 'business-rule',
      };
    });
}
