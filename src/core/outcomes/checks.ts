import type { Finding, IssueType } from '../finding.ts';
import type { Instrument } from './instrument.ts';

/** What can be wrong with answers and scores. */
export type Check =
  | 'item-range'
  | 'item-not-whole'
  | 'item-type'
  | 'item-duplicate'
  | 'item-unknown'
  | 'item-unusual'
  | 'items-missing'
  | 'items-filled'
  | 'total-differs'
  | 'total-unverified'
  | 'score-range'
  | 'score-not-whole'
  | 'metric-under-raw-code'
  | 'score-kind-unsaid';

interface CheckRow {
  /** `hold`: the report waits for a person. `tell`: it is taken, and the log says so. */
  readonly verdict: 'hold' | 'tell';
  readonly issue: IssueType;
  readonly message: string;
  readonly remedy: string;
}

const ASK =
  'Ask the platform, have it sent again or mend the mapping and retry the hold; abandon it if it is worth nothing.';

/** Every check with what it does unless an instrument says otherwise. No message repeats an answer. */
export const CHECKS: Readonly<Record<Check, CheckRow>> = {
  'item-range': {
    verdict: 'hold',
    issue: 'value',
    message: 'The answer is outside the range of this item: it is rejected, not clipped.',
    remedy: ASK,
  },
  'item-not-whole': {
    verdict: 'hold',
    issue: 'value',
    message: 'The answer has decimals, and this item takes whole numbers.',
    remedy: ASK,
  },
  'item-type': {
    verdict: 'hold',
    issue: 'value',
    message: 'The answer is not of the kind that this item takes.',
    remedy: ASK,
  },
  'item-duplicate': {
    verdict: 'hold',
    issue: 'duplicate',
    message: 'This item is answered more than once.',
    remedy: ASK,
  },
  'item-unknown': {
    verdict: 'hold',
    issue: 'not-found',
    message: 'The instrument has no item of this linkId.',
    remedy: ASK,
  },
  'item-unusual': {
    verdict: 'tell',
    issue: 'value',
    message: 'The answer is possible in this variant only, and may mean that nothing was answered.',
    remedy: 'Ask the platform what it means by it.',
  },
  'items-missing': {
    verdict: 'tell',
    issue: 'required',
    message: 'Items that this score needs are not answered: no score is made of the others.',
    remedy: 'Ask the platform for the whole instrument.',
  },
  'items-filled': {
    verdict: 'tell',
    issue: 'informational',
    message: 'Missing items were filled with the mean of those answered, as the rule of this instrument has it.',
    remedy: 'Nothing need be done; the score says so in its note.',
  },
  'total-differs': {
    verdict: 'hold',
    issue: 'conflict',
    message: 'The score that was stated is not what the items come to.',
    remedy: ASK,
  },
  'total-unverified': {
    verdict: 'hold',
    issue: 'conflict',
    message: 'A score was stated over items of which no score can be made.',
    remedy: ASK,
  },
  'score-range': {
    verdict: 'hold',
    issue: 'value',
    message: 'The score is outside the range of this instrument: it is rejected, not clipped.',
    remedy: ASK,
  },
  'score-not-whole': {
    verdict: 'hold',
    issue: 'value',
    message: 'The score has more decimals than this instrument makes.',
    remedy: ASK,
  },
  'metric-under-raw-code': {
    verdict: 'hold',
    issue: 'code-invalid',
    message: 'A score with decimals stands under the code of the raw total: the metric (Rasch) score is another score.',
    remedy: 'Have the mapping send the metric score as text or under the local code, or the raw total.',
  },
  'score-kind-unsaid': {
    verdict: 'tell',
    issue: 'informational',
    message: 'A score with decimals came without a code: it is taken for the metric score, and kept as text.',
    remedy: 'Have the mapping say which score it is.',
  },
};

/** A finding of one check on one instrument; an error when it holds the report. */
export function checkFinding(check: Check, instrument: Pick<Instrument, 'checks'>, expression: string): Finding {
  const { verdict, issue, message, remedy } = CHECKS[check];
  const severity = (instrument.checks[check] ?? verdict) === 'hold' ? 'error' : 'warning';
  return { severity, rule: `outcome/${check}`, place: { expression }, message, remedy, issue };
}
