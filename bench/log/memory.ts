const EVERY_MS = 100;

/** Watches the resident memory of this process: what it comes to in the first and the last third of the work, in MB. */
export function measureMemory(): { end(): { firstMb: number; lastMb: number; maxMb: number } } {
  const seen: number[] = [];
  const look = () => seen.push(process.memoryUsage.rss() / 2 ** 20);
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      look();
      const third = Math.max(1, Math.floor(seen.length / 3));
      const most = (values: readonly number[]) => Math.round(Math.max(...values));
      return { firstMb: most(seen.slice(0, third)), lastMb: most(seen.slice(-third)), maxMb: most(seen) };
    },
  };
}
