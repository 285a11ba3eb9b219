/**
 * How many bytes of messages all connections of a listener may hold at once: those that are coming in and those that wait. Without
 * it the slowest senders decide how much memory the process needs.
 */
export class MemoryBudget {
  readonly #most: number;
  readonly #held = new Map<object, number>();
  #total = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether this holder may now hold so many bytes in all; its earlier share stays when it may not. */
  hold(holder: object, bytes: number): boolean {
    const former = this.#held.get(holder) ?? 0;
    const total = this.#total - former + bytes;
    if (bytes > former && total > this.#most) return false;
    this.#total = total;
    if (bytes === 0) this.#held.delete(holder);
    else this.#held.set(holder, bytes);
    return true;
  }
}
