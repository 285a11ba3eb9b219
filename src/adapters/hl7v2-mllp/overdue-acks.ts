import type { HeardAck } from './partner-connection.ts';

/** As many as are remembered; the oldest are forgotten first. */
const MOST = 1_000;

/**
 * The acknowledgements that did not come in time. When one comes after all, it is kept until its message is asked for again:
 * then the answer is known, and nothing need be sent a second time. Lives as long as the outlet; not on disk, because the
 * question whether a message arrived stands in the record until somebody answers it.
 */
export class OverdueAcks {
  /** Control ids whose time is up; with the acknowledgement once it is there. */
  readonly #known = new Map<string, HeardAck | undefined>();

  add(controlId: string): void {
    this.#known.delete(controlId);
    this.#known.set(controlId, undefined);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  /** False when this is not the acknowledgement of a message that is overdue. */
  arrived(ack: HeardAck): boolean {
    if (!this.#known.has(ack.answers)) return false;
    this.#known.set(ack.answers, ack);
    return true;
  }

  /** The acknowledgement that came late, once; the next question for it means sending. */
  take(controlId: string): HeardAck | undefined {
    const ack = this.#known.get(controlId);
    if (ack !== undefined) this.#known.delete(controlId);
    return ack;
  }
}
