/**
 * One at a time for each key, in the order of asking; different keys at once; and what asks to be alone when everything
 * before it has ended, and before everything after it. Kept in this process: what two engines must not do at once the
 * record prevents (an outdated decision is decided again).
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();
  /** What has been asked for and has not ended, in any lane. */
  readonly #under = new Set<Promise<unknown>>();
  /** The last that asked to be alone, as long as it has not ended. */
  #wall: Promise<unknown> | undefined;

  /** Runs the task when those before it in its lane have ended, well or not. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = [this.#last.get(key), this.#wall].filter((one) => one !== undefined);
    return this.#after(before, task, (ended) => {
      this.#last.set(key, ended);
      return () => {
        if (this.#last.get(key) === ended) this.#last.delete(key);
      };
    });
  }

  /** Runs the task when all that was asked for before it has ended, in whichever lane, and lets nothing begin before it has. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    return this.#after([...this.#under], task, (ended) => {
      this.#wall = ended;
      return () => {
        if (this.#wall === ended) this.#wall = undefined;
      };
    });
  }

  async #after<T>(
    before: readonly Promise<unknown>[],
    task: () => Promise<T>,
    enter: (ended: Promise<unknown>) => () => void,
  ): Promise<T> {
    const mine = Promise.all(before).then(task);
    const ended = mine.catch(() => {});
    const leave = enter(ended);
    this.#under.add(ended);
    try {
      return await mine;
    } finally {
      leave();
      this.#under.delete(ended);
    }
  }
}
