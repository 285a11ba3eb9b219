import type { LogEntry } from '../core/seal/entry-bytes.ts';
import type { KeptCheckpoint, LogHead, LogLeaf, LogStore } from '../ports-log.ts';
import { pages, type Reader, readerOf } from './pages.ts';

const PAGE = 500;

/** What stands next in a log, in the order of the tree. */
export type LogStep =
  | { readonly kind: 'leaf'; readonly leaf: LogLeaf; readonly entry: LogEntry | undefined }
  | { readonly kind: 'checkpoint'; readonly checkpoint: KeptCheckpoint }
  /** An entry that has no leaf, although later ones have. */
  | { readonly kind: 'added'; readonly entry: LogEntry }
  /** There is no further leaf, although there should be so many. */
  | { readonly kind: 'missing' };

/** A log from its first leaf to the last that it had when this began, read page by page; then what is written beyond it. */
export interface Walk {
  next(): Promise<LogStep | undefined>;
  /** How many entries are written after the last leaf, each told to `seen`. Asked at the end. */
  rest(seen: (entry: LogEntry) => void): Promise<number>;
}

export function walkLog(log: LogStore, { size, lastSeq }: LogHead): Walk {
  const leaves = readerOf(pages<LogLeaf>((last) => log.logLeaves(last === undefined ? 0 : last.index + 1, PAGE)));
  const entries = readerOf(pages<LogEntry>((last) => log.logEntries(last?.seq, PAGE)));
  const checkpoints = readerOf(
    pages<KeptCheckpoint>((last) => log.checkpoints(last === undefined ? 0 : last.size + 1, PAGE)),
  );
  let walked = 0;
  return {
    async next() {
      const checkpoint = await checkpoints.peek();
      if (checkpoint !== undefined && checkpoint.size <= walked) {
        await checkpoints.take();
        return { kind: 'checkpoint', checkpoint };
      }
      if (walked === size) return addedBefore(entries, lastSeq + 1);
      const leaf = await leaves.peek();
      if (leaf === undefined) return { kind: 'missing' };
      const added = await addedBefore(entries, leaf.seq);
      if (added !== undefined) return added;
      await leaves.take();
      walked += 1;
      const here = (await entries.peek())?.seq === leaf.seq;
      return { kind: 'leaf', leaf, entry: here ? await entries.take() : undefined };
    },
    async rest(seen) {
      let rest = 0;
      for (let entry = await entries.take(); entry !== undefined; entry = await entries.take()) {
        seen(entry);
        rest += 1;
      }
      return rest;
    },
  };
}

async function addedBefore(entries: Reader<LogEntry>, seq: number): Promise<LogStep | undefined> {
  const next = await entries.peek();
  if (next === undefined || next.seq >= seq) return undefined;
  await entries.take();
  return { kind: 'added', entry: next };
}
