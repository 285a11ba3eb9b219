/**
 * Rows of a list that is too long to hold, a page at a time, each page asked for after the last row of the one before.
 * @param next the page after a row; after nothing, the first
 */
export async function* pages<T>(next: (last: T | undefined) => Promise<readonly T[]>): AsyncGenerator<readonly T[]> {
  for (let last: T | undefined; ; ) {
    const page = await next(last);
    last = page.at(-1);
    if (last === undefined) return;
    yield page;
  }
}

/** The same, one by one, with a look at the next. */
export interface Reader<T> {
  /** Undefined at the end. */
  peek(): Promise<T | undefined>;
  take(): Promise<T | undefined>;
}

export function readerOf<T>(found: AsyncGenerator<readonly T[]>): Reader<T> {
  let page: readonly T[] = [];
  let at = 0;
  let isOver = false;
  const peek = async (): Promise<T | undefined> => {
    while (at >= page.length && !isOver) {
      const next = await found.next();
      isOver = next.done === true;
      page = next.done === true ? [] : next.value;
      at = 0;
    }
    return page[at];
  };
  return {
    peek,
    async take() {
      const one = await peek();
      at += 1;
      return one;
    },
  };
}
