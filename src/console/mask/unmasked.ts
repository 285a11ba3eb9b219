import type { ConsoleChanges } from '../../ports-console.ts';
import { type ConsolePath, pathTo } from '../paths.ts';
import { actorOf, type ConsoleUser } from '../session/console-user.ts';
import type { Shelf } from '../session/shelf.ts';

/** Why somebody needs to see who a patient is: the code is written down, the words are for the form. */
export const UNMASK_REASONS = {
  chasing: 'Chasing this referral with the practice or the platform',
  'patient-asked': 'The patient, or somebody for them, asks',
  incident: 'An incident or a complaint is looked into',
  'data-quality': 'A code, a name or a number has to be compared with its source',
  audit: 'Audit or inspection',
} as const;

export type UnmaskReason = keyof typeof UNMASK_REASONS;

export function isUnmaskReason(text: string): text is UnmaskReason {
  return Object.hasOwn(UNMASK_REASONS, text);
}

/** Whether a loop, or a message that belongs to none (`message:<id>`), is unmasked for this session now. */
export async function isUnmasked(referral: string, shelf: Pick<Shelf, 'get'>): Promise<boolean> {
  return (await shelf.get(keyOf(referral))) === true;
}

interface Unmasking {
  /** The loop; or the message, where it belongs to none. */
  readonly of:
    | { readonly referral: string; readonly message?: never }
    | { readonly message: string; readonly referral?: never };
  readonly reason: UnmaskReason;
  /** In the user's own words; only in the message log. */
  readonly note: string;
  readonly user: ConsoleUser;
  /** `ConsoleSession.id` */
  readonly session: string;
  readonly now: Date;
  readonly forMs: number;
}

/** Unmasks one loop for one session, and writes down who did it and why: both or neither. */
export function unmasking({ of, reason, note, user, session, now, forMs }: Unmasking): ConsoleChanges {
  const until = new Date(now.getTime() + forMs).toISOString();
  return {
    kept: [{ session, key: keyOf(of.referral ?? `message:${of.message}`), value: true, until }],
    journal: [
      {
        at: now.toISOString(),
        kind: 'patient.unmasked',
        actor: actorOf(user),
        ...of,
        detail: { purpose: reason, until, ...(note !== '' && { reason: note }) },
      },
    ],
  };
}

function keyOf(referral: string): string {
  return `unmasked:${referral}`;
}

/** What `unmaskForm` shows. `back`: the page to come back to. */
export function unmaskModel(referral: string, back: ConsolePath) {
  return {
    action: pathTo('unmask', { referral }),
    back,
    reasons: unmaskReasons(),
  };
}

/** The same for a message that belongs to no loop. */
export function messageUnmaskModel(message: string, back: ConsolePath) {
  return { action: pathTo('unmaskMessage', { message }), back, reasons: unmaskReasons() };
}

function unmaskReasons() {
  return Object.entries(UNMASK_REASONS).map(([value, text]) => ({ value, text }));
}
