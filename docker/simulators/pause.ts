/** Waits. Nobody is kept running by waiting: whoever is to outlast it holds something open. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
