import { type Command, InvalidArgumentError } from 'commander';
import { HOLD_KINDS, type Hold } from '../core/message.ts';
import type { Store } from '../ports-record.ts';

/** Which open holds are meant: all conditions that are given together. */
export interface HoldsChoice {
  readonly kind?: Hold['kind'];
  readonly partner?: string;
  readonly referral?: string;
}

/** Adds the options by which open holds are chosen. */
export function withHoldsChoice(command: Command): Command {
  return command
    .option('--kind <kind>', `only holds of this kind: ${Object.keys(HOLD_KINDS).join(', ')}`, readKind)
    .option('--partner <id>', 'only holds about this partner')
    .option('--referral <id>', 'only holds that this referral waits for');
}

function readKind(text: string): string {
  if (Object.hasOwn(HOLD_KINDS, text)) return text;
  throw new InvalidArgumentError(`There are the kinds ${Object.keys(HOLD_KINDS).join(', ')}.`);
}

/** The open holds that are meant, the oldest first. */
export async function chosenHolds(
  { kind, partner, referral }: HoldsChoice,
  store: Pick<Store, 'holds'>,
): Promise<Hold[]> {
  const open = await store.holds({ open: true, ...(referral !== undefined && { referral }) });
  return open.filter(
    (hold) => (kind === undefined || hold.kind === kind) && (partner === undefined || hold.partner === partner),
  );
}

export function isChoice({ kind, partner, referral }: HoldsChoice): boolean {
  return kind !== undefined || partner !== undefined || referral !== undefined;
}
