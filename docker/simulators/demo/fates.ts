import type { EventKind } from '../../../src/core/loop/event.ts';
import type { Step } from '../platform/playbook.ts';

/** How one person's referral goes, and what must be true of its loop in the end. */
export interface Fate {
  readonly name: string;
  readonly count: number;
  /** `closed`: every promise kept. `explained`: still open, and the record says who owes what. */
  readonly ends: 'closed' | 'explained';
  /** The word for the referral in the end. */
  readonly as: EventKind;
  /** True when something is owed too late in the end. */
  readonly late?: boolean;
  readonly need: 'money' | 'company' | 'caring';
  /** True when the person lives where no service goes. */
  readonly farAway?: boolean;
  readonly casework?: readonly Step[];
  readonly springboard?: readonly Step[];
  /** The platforms report out of order and repeat themselves. */
  readonly chatty?: boolean;
  /** Casework is out of order when this one is sent. */
  readonly whileDown?: boolean;
  /** The GP cancels once the referral is so far. */
  readonly cancelledWhen?: 'received' | 'in-progress';
  /** The GP sends the same message again, and then another one under the same id. */
  readonly sentTwice?: boolean;
}

const START: readonly Step[] = [
  { afterMs: 150, status: 'accepted' },
  { afterMs: 250, status: 'active', note: 'First meeting held.', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
];
const HELPED: Step = {
  afterMs: 300,
  status: 'closed-completed',
  note: 'Joined a walking group.',
  after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] },
};
const FORM_HELPED: readonly Step[] = [
  { afterMs: 150, status: 'Eligible' },
  { afterMs: 1_200, status: 'Got help', before: { total: 20 }, after: { total: 25 } },
];

/** Forty people, and what befalls them. The words of each platform are its own. */
export const FATES: readonly Fate[] = [
  {
    name: 'completed with scores',
    count: 8,
    ends: 'closed',
    as: 'completed',
    need: 'money',
    casework: [...START, HELPED],
  },
  { name: 'got help (form)', count: 5, ends: 'closed', as: 'completed', need: 'company', springboard: FORM_HELPED },
  {
    name: 'declined by the person',
    count: 3,
    ends: 'closed',
    as: 'declined',
    need: 'money',
    casework: [{ afterMs: 200, status: 'declined-by-client', reason: 'Does not want help now.' }],
  },
  {
    name: 'could not be contacted',
    count: 3,
    ends: 'closed',
    as: 'could-not-contact',
    need: 'company',
    springboard: [{ afterMs: 200, status: "Couldn't contact", reason: 'Three attempts by telephone.' }],
  },
  {
    name: 'did not attend, then helped',
    count: 3,
    ends: 'closed',
    as: 'completed',
    need: 'money',
    casework: [
      { afterMs: 150, status: 'accepted' },
      { afterMs: 150, status: 'appointment-booked' },
      { afterMs: 200, status: 'did-not-attend' },
      { afterMs: 200, status: 'active' },
      { afterMs: 200, status: 'closed-completed' },
    ],
  },
  {
    name: 'on a waiting list',
    count: 3,
    ends: 'explained',
    as: 'waiting',
    need: 'money',
    casework: [{ afterMs: 200, status: 'waiting-list', reason: 'No befriender is free.', note: 'About six months.' }],
  },
  {
    name: 'cancelled by the GP in the middle',
    count: 2,
    ends: 'closed',
    as: 'cancelled',
    need: 'money',
    casework: START,
    cancelledWhen: 'in-progress',
  },
  {
    name: 'cancelled by the GP at once',
    count: 1,
    ends: 'closed',
    as: 'cancelled',
    need: 'money',
    casework: [{ afterMs: 100, status: 'new' }],
    cancelledWhen: 'received',
  },
  {
    name: 'platform down, then back',
    count: 3,
    ends: 'closed',
    as: 'completed',
    need: 'money',
    casework: [...START, HELPED],
    whileDown: true,
  },
  {
    name: 'sent twice by the GP',
    count: 2,
    ends: 'closed',
    as: 'signposted',
    need: 'money',
    casework: [...START, { afterMs: 200, status: 'closed-signposted' }],
    sentTwice: true,
  },
  {
    name: 'chatty platform',
    count: 2,
    ends: 'closed',
    as: 'completed',
    need: 'money',
    casework: [...START, { afterMs: 150, status: 'assessment' }, HELPED],
    chatty: true,
  },
  { name: 'silent platform', count: 2, ends: 'explained', as: 'requested', late: true, need: 'money', casework: [] },
  {
    name: 'two platforms',
    count: 2,
    ends: 'closed',
    as: 'completed',
    need: 'caring',
    casework: [...START, HELPED],
    springboard: [{ afterMs: 1_500, status: 'Not eligible', reason: 'Lives outside the area.' }],
  },
  { name: 'nothing fits', count: 1, ends: 'explained', as: 'unmet-need', need: 'money', farAway: true },
];
