import { z } from 'zod';
import { duration } from './values.ts';

/** How long a referral may stay silent in a state, where that differs from `progress`. */
const statesSection = z.strictObject({
  accepted: duration(
    'P6W',
    'Accepted, nothing begun. Default: people in Southwark often waited six weeks for any answer.',
  ),
  waiting: duration(
    'P34W',
    'On a waiting list. Default: waits of six to eight months for befriending in the Bexley pilot.',
  ),
  scheduled: duration('P4W', 'An appointment is made. Default: our choice.'),
  'did-not-attend': duration('P14D', 'An appointment was missed. Default: our choice.'),
  'could-not-contact': duration('P14D', 'The person was not reached. Default: our choice.'),
  'in-progress': duration('P12W', 'Support is under way. Default: six weeks to three months is typical in Southwark.'),
  'onward-referred': duration(
    'P12W',
    'Passed on to somebody else. Default: our choice, as long as support usually takes.',
  ),
  escalated: duration('P2D', 'Given back to a clinician or to safeguarding. Default: our choice.'),
});

export const deadlinesSection = z.strictObject({
  deliver: duration('PT1H', 'Hearback must have delivered the referral to the platform. Default: our choice.'),
  decide: duration(
    'P14D',
    'The platform must accept or refuse. Default: Joy declines by itself after two weeks without an answer; Hearback only reports it.',
  ),
  progress: duration(
    'P12W',
    'The platform must say how it goes on. Default: three months, the upper end of what is typical in Southwark. `states` says it per state.',
  ),
  outcome: duration(
    'P12W',
    'The platform must say how it ended, counted from its acceptance. Default: three months, as above.',
  ),
  'answer-cancel': duration('P7D', 'The platform must confirm or refuse a cancellation. Default: our choice.'),
  'tell-gp': duration(
    'P1D',
    'The GP system must have acknowledged what was written back, or have read it. Default: Gravity requires polling at least daily.',
  ),
  'resolve-hold': duration('P2D', 'A person must have resolved a hold. Default: our choice.'),
  states: statesSection
    .prefault({})
    .describe('How long a referral may stay in a state before the platform must say something new.'),
});
