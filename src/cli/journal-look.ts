import { userInfo } from 'node:os';
import type { Message } from '../core/message.ts';
import type { JournalEntry } from '../ports-changes.ts';
import type { Store } from '../ports-record.ts';

/** Something of the record that somebody at a terminal is about to be shown. */
export interface Look {
  /** `message.read`, `loop.read`, `certificate.read`, `log.searched`, … */
  readonly kind: string;
  /** The command that shows it. */
  readonly command: string;
  readonly referral?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: JournalEntry['detail'];
}

/** Whoever is shown what the record holds about somebody is written down, before it is shown. Rejects where that cannot be. */
export async function journalLooks(store: Pick<Store, 'apply'>, looks: readonly Look[]): Promise<void> {
  const at = new Date().toISOString();
  const actor = commandUser();
  const journal = looks.map(({ kind, command, referral, message, detail }): JournalEntry => {
    const about = { ...(referral !== undefined && { referral }), ...(message !== undefined && { message }) };
    return { at, kind, actor, ...about, detail: { command, ...detail } };
  });
  if (journal.length > 0) await store.apply({ journal });
}

/** A message's content is about to be shown. */
export function journalLook(
  store: Pick<Store, 'apply'>,
  { id: message, referral }: Message,
  command: string,
  detail: JournalEntry['detail'] = {},
): Promise<void> {
  return journalLooks(store, [{ kind: 'message.read', command, referral, message, detail }]);
}

/** Who is at the terminal, as the system knows them: `user:<name>`. */
export function commandUser(): string {
  return `user:${userInfo().username}`;
}
