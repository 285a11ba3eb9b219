import type { Finding, IssueType } from '../../core/finding.ts';
import { WORD_HELD } from '../../core/loop/promises/word-hold.ts';
import type { Hold } from '../../core/message.ts';
import type { RoadParts } from '../road-parts.ts';

interface Asked {
  readonly partner: string;
  /** What makes it this question and no other. */
  readonly about: string;
  readonly referral?: string;
  readonly now: string;
}

/** A question to a person about what a platform said. */
type Question = (asked: Asked, given: Pick<RoadParts, 'ids'>) => Hold;

function question(kind: Hold['kind'], words: Words): Question {
  return ({ partner, about, referral, now }, { ids }) => ({
    id: ids.next(),
    kind,
    key: `${WORD_HELD}${partner}|${words.rule}|${about}`,
    partner,
    ...(referral !== undefined && { referral }),
    openedAt: now,
    findings: [{ severity: 'error', place: {}, ...words, message: `"${partner}" ${words.message}` } satisfies Finding],
  });
}

interface Words {
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
  readonly issue: IssueType;
}

export const unknownReferral = question('unknown-referral', {
  rule: 'report/unknown-referral',
  message: 'reports on a referral that was not sent to it.',
  remedy: 'Ask the partner for the reference it was given; abandon the report, or retry when the reference is known.',
  issue: 'not-found',
});

export const identityMismatch = question('failed-check', {
  rule: 'report/identity-mismatch',
  message: 'names different referrals in one report, by our reference and by its own. Nothing of it was recorded.',
  remedy: 'Ask the partner whom it is about; abandon the report and have it sent again with the right references.',
  issue: 'conflict',
});

export const otherPatient = question('failed-check', {
  rule: 'report/other-patient',
  message: 'names a referral of one patient and the NHS number of another. Nothing of it was recorded.',
  remedy: 'Ask the partner whom it is about; abandon the report and have it sent again with the right ones.',
  issue: 'conflict',
});

export const timeBeforeOpening = question('failed-check', {
  rule: 'report/time',
  message: 'reports something that happened before it was referred.',
  remedy: 'Have the mapping or the clock mended and retry, or abandon the report and have it sent again.',
  issue: 'value',
});

/** The report is recorded and stands in nobody's way; a person must find out which end is the true one. */
export const contradictsEnd = question('failed-check', {
  rule: 'report/contradicts-end',
  message: 'says that the referral ended in two ways. Both stand in the record, and the earlier one counts.',
  remedy: 'Ask the partner which is right, tell the practice if it is the later, then resolve the hold.',
  issue: 'conflict',
});

export const referenceInUse = question('failed-check', {
  rule: 'delivery/reference-in-use',
  message: 'answered with a reference of its own that names another referral. It was not taken for this one.',
  remedy: 'Ask the partner under which reference it keeps this referral, then resolve the hold.',
  issue: 'conflict',
});
