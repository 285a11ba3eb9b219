import { userInfo } from 'node:os';
import type { Message } from '../core/message.ts';
import type { Store } from '../ports.ts';

/** Whoever is shown what a message holds is written down, before it is shown. */
export async function journalLook(store: Store, { id, referral }: Message): Promise<void> {
  await store.apply({
    journal: [
      {
        at: new Date().toISOString(),
        kind: 'message.read',
        actor: `user:${userInfo().username}`,
        message: id,
        ...(referral !== undefined && { referral }),
        detail: { by: 'command' },
      },
    ],
  });
}
