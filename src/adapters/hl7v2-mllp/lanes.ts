/**
 * One at a time for each key, in the order of asking; different keys at once. Kept in this process: what two engines must not
 * do at once the record prevents (an outdated decision is decided again).
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when those before it in its lane have ended, well or not. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    const ended = mine.catch(() => {});
    this.#last.set(key, ended);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
