import type { Desk } from './desk.ts';
import type { Inbox, InboxItem } from './inbox.ts';

/** What the person at the practice does about a message, after a while. */
export interface Play {
  readonly then: 'file' | 'reject';
  readonly afterMs: number;
  readonly reason?: string;
}

export interface Player {
  play(item: InboxItem): void;
  stop(): void;
}

/** Lets the person at the desk do what is arranged, unless somebody was quicker. */
export function newPlayer(given: {
  readonly inbox: Inbox;
  readonly desk: Desk;
  readonly playFor: (item: InboxItem) => Play | undefined;
}): Player {
  const { inbox, desk, playFor } = given;
  const timers = new Set<NodeJS.Timeout>();
  return {
    play(item) {
      const next = playFor(item);
      if (next === undefined) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (inbox.items().find(({ id }) => id === item.id)?.state !== 'waiting') return;
        if (next.then === 'file') desk.file(item.id);
        else desk.reject(item.id, next);
      }, next.afterMs);
      timers.add(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
