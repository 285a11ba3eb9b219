import type { Hold } from '../../../core/message.ts';
import type { HeldCode, HoldChoice } from '../../engine-desk.ts';

/** What each kind of hold asks, for somebody who has not read the code. */
export const HOLD_KINDS: Readonly<Record<Hold['kind'], string>> = {
  'unmapped-code': 'Nobody has decided what a code means',
  'no-route': 'No route fits this referral',
  'ambiguous-delivery': 'A delivery may have arrived, and nobody knows',
  'refused-delivery': 'A partner refused a delivery',
  'failed-check': 'A check failed',
  'unknown-referral': 'A report names no referral that is known',
  'not-kept': 'A record does not hold what was written to it',
};

export interface OfferedChoice {
  readonly value: HoldChoice;
  readonly text: string;
  readonly hint: string;
}

/** The choices that a hold leaves, each with what it does: the same that `hearback holds resolve` offers. */
export function choicesFor({ kind }: Pick<Hold, 'kind'>, question: HeldCode | undefined): OfferedChoice[] {
  const isShown = question?.code !== undefined;
  const coded: readonly OfferedChoice[] = isShown
    ? [
        {
          value: 'map',
          text: 'It means this code',
          hint: 'Written into the concept map of this partner; then what waits is tried again.',
        },
        {
          value: 'no-match',
          text: 'It has no counterpart',
          hint: 'Written into the concept map of this partner; what waits goes on without the code.',
        },
      ]
    : [];
  const { retry, abandon } = { ...USUAL, ...OTHERWISE[kind] };
  return [
    ...coded,
    { value: 'retry', ...retry },
    // Abandoning it would end referrals for a code.
    ...(question?.about === 'sender' ? [] : [{ value: 'abandon' as const, ...abandon }]),
  ];
}

interface Words {
  readonly text: string;
  readonly hint: string;
}

const USUAL: { readonly retry: Words; readonly abandon: Words } = {
  retry: { text: 'Try again', hint: 'What is wrong has been mended elsewhere: what waits goes on, in order.' },
  abandon: {
    text: 'Give it up',
    hint: 'What waits is dropped, and the ledger keeps your reason. Nobody is told by itself.',
  },
};

const OTHERWISE: Partial<Readonly<Record<Hold['kind'], Partial<typeof USUAL>>>> = {
  'ambiguous-delivery': {
    retry: { text: 'Send it again', hint: 'The partner has said that it did not arrive. If it did, it arrives twice.' },
    abandon: {
      text: 'Do not send it again',
      hint: 'The partner has said that it arrived. Its answer, if one comes, is still taken.',
    },
  },
  'refused-delivery': {
    retry: { text: 'Send it again', hint: 'The partner has mended what it refused it for.' },
    abandon: {
      text: 'Give the delivery up',
      hint: 'It is not sent any more, and what was promised is released with your reason.',
    },
  },
  'not-kept': {
    retry: { text: 'Look at the record again', hint: 'Somebody has mended the record.' },
    abandon: { text: 'Take the record as it is', hint: 'The loop may close, and says what of it was lost.' },
  },
};

/** Longest reason that is taken down. */
export const LONGEST_REASON = 500;
