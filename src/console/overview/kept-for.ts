import type { Clock } from '../../ports.ts';

/** More than the accounts that are limited in different ways; then the oldest is let go. */
const MOST = 50;

/**
 * Reads once for all who ask within a time: what costs as much as everything that is open must not be read again with each reload of a page.
 * A failure is not kept.
 */
export function keptFor<Query, Answer>(
  ms: number,
  clock: Clock,
  read: (query: Query) => Promise<Answer>,
): (key: string, query: Query) => Promise<Answer> {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<Answer> }>();
  return (key, query) => {
    const now = clock.now().getTime();
    const known = kept.get(key);
    if (known !== undefined && now >= known.at && now - known.at < ms) return known.answer;
    const answer = read(query);
    kept.delete(key);
    kept.set(key, { at: now, answer });
    answer.catch(() => {
      if (kept.get(key)?.answer === answer) kept.delete(key);
    });
    for (const [oldest] of kept) {
      if (kept.size <= MOST) break;
      kept.delete(oldest);
    }
    return answer;
  };
}
