import type { Work } from '../../core/message.ts';
import type { About, Trace } from '../../ports.ts';
import type { Store } from '../../ports-record.ts';
import { comesFrom } from './traced-store.ts';

interface Given {
  readonly trace: Trace;
  readonly store: Pick<Store, 'message' | 'leg'>;
}

/** Does a piece of work as a step of its own, following from whatever brought it about. */
export async function tracedWork<T>(work: Work, { trace, store }: Given, run: () => Promise<T>): Promise<T> {
  // The message is read once more for it, and only where somebody traces.
  const parent = trace.spans ? await parentOf(work, store) : undefined;
  return trace.step({ name: work.kind, about: aboutOf(work), ...(parent !== undefined && { parent }) }, run);
}

function aboutOf({ kind, subject, partner, referral }: Work): About {
  const more = { ...(partner !== undefined && { partner }), ...(referral !== undefined && { referral }) };
  switch (kind) {
    case 'urgent':
    case 'onward':
      return { message: subject, ...more };
    case 'settle':
    case 'read-back':
      return { leg: subject, ...more };
    case 'digest':
    case 'deadline':
      return { referral: subject, ...more };
  }
}

async function parentOf({ kind, subject }: Work, store: Given['store']): Promise<string | undefined> {
  if (kind === 'digest' || kind === 'deadline') return undefined;
  const id = kind === 'settle' || kind === 'read-back' ? (await store.leg(subject))?.message : subject;
  const message = id === undefined ? undefined : await store.message(id);
  return message && comesFrom(message);
}
