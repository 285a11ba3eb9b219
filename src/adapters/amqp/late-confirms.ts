import type { Published } from './publisher.ts';

/** As many as are remembered; the oldest are forgotten first. */
const MOST = 1_000;

/**
 * Confirmations that came after nobody waited for them any more. A broker that is short of memory holds back what we sent and
 * takes it in later: then the answer is known when somebody asks again, and nothing is sent a second time. Lives as long as the
 * outlet; not on disk, because the question whether a message arrived stands in the record until somebody answers it.
 */
export class LateConfirms {
  readonly #known = new Set<string>();

  /** What became of a message after all. Only a confirmation answers anything. */
  arrived(id: string, published: Published): void {
    if (published.kind !== 'confirmed') return;
    this.#known.add(id);
    const [oldest] = this.#known;
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  /** True, once, when the message was confirmed meanwhile; the next question for it means sending. */
  take(id: string): boolean {
    return this.#known.delete(id);
  }
}
