import type { LogEntry } from '../core/seal/entry-bytes.ts';
import { EXPORT_FORMAT, type ExportedEntry, type ExportLine } from '../core/seal/export-lines.ts';
import { publicText, type VerifierKey } from '../core/seal/note-key.ts';
import type { LogLeaf, LogStore } from '../ports-log.ts';
import type { JournalQuery } from '../ports-queries.ts';
import type { Store } from '../ports-record.ts';
import { provesBytes } from './body-digests.ts';
import { pages } from './pages.ts';
import { proveInclusion } from './tree-reading.ts';
import { walkLog } from './walk-log.ts';

interface ExportOptions {
  readonly log: LogStore & Pick<Store, 'journal'>;
  /** Public keys of the log, so far as they are known. */
  readonly keys: readonly VerifierKey[];
  /** UTC instant. */
  readonly at: string;
  /** Only these entries, each with its proof; all when nothing is said. */
  readonly part?: Pick<JournalQuery, 'referral' | 'since' | 'until'>;
  /** True: with the bytes of their messages, which are personal data. */
  readonly bodies?: boolean;
}

/** There is nothing to be exported. */
export class NothingSealed extends Error {
  constructor() {
    super('Nothing of the log is sealed yet: the engine seals about a second after it has written something.');
  }
}

/**
 * The log as lines, so far as it is sealed when this begins. One line is in memory at a time, and a page of what comes next.
 * A record that is not whole is exported as it is: whoever verifies the export finds it.
 * @throws NothingSealed
 */
export async function* exportLog(options: ExportOptions): AsyncGenerator<ExportLine> {
  const { log, keys, at, part } = options;
  const head = await log.logHead();
  if (head.checkpoint === undefined) throw new NothingSealed();
  const { note, size } = head.checkpoint;
  const { entriesThrough: prunedThrough } = await log.prunings();
  const partOf = part && Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
  yield {
    ...{ type: 'header', format: EXPORT_FORMAT, at, size, keys: keys.map(publicText) },
    ...(prunedThrough > 0 && { prunedThrough }),
    ...(partOf !== undefined && { part: { of: partOf, checkpoint: note } }),
  };
  let entries = 0;
  for await (const line of part === undefined ? wholeLines(options) : partLines(options, part, size)) {
    if (line.type === 'entry') entries += 1;
    yield line;
  }
  yield { type: 'end', entries };
}

async function* wholeLines({ log, bodies }: ExportOptions): AsyncGenerator<ExportLine> {
  const walk = walkLog(log, await log.logHead());
  for (let step = await walk.next(); step !== undefined; step = await walk.next()) {
    if (step.kind === 'checkpoint') yield { type: 'checkpoint', ...step.checkpoint };
    if (step.kind === 'leaf')
      yield { ...entryLine(step.leaf, step.entry), ...(await bytesOf(log, step.entry, bodies)) };
  }
}

const PAGE = 200;

async function* partLines(
  { log, bodies }: ExportOptions,
  part: NonNullable<ExportOptions['part']>,
  size: number,
): AsyncGenerator<ExportLine> {
  const asked = pages((last: { readonly seq: number } | undefined) =>
    log.journal({ ...part, afterSeq: last?.seq ?? 0, limit: PAGE }),
  );
  for await (const page of asked) {
    for (const { seq } of page) {
      const leaf = await log.logLeafOf(seq);
      if (leaf === undefined || leaf.index >= size) return;
      const [entry] = await log.logEntries(seq - 1, 1);
      const proof = await proveInclusion(log, leaf.index, size);
      yield { ...entryLine(leaf, entry), proof, ...(await bytesOf(log, entry, bodies)) };
    }
  }
}

function entryLine({ index, seq, hash }: LogLeaf, entry: LogEntry | undefined): ExportedEntry {
  return { ...{ type: 'entry', index, seq, leaf: hash }, ...(entry !== undefined && { entry }) };
}

async function bytesOf(
  log: LogStore,
  entry: LogEntry | undefined,
  bodies = false,
): Promise<Pick<ExportedEntry, 'body' | 'answer'>> {
  if (!bodies || entry?.message === undefined || !provesBytes(entry)) return {};
  const [kept] = await log.keptBodies([entry.message]);
  return { ...(kept?.body && { body: kept.body }), ...(kept?.answer && { answer: kept.answer }) };
}
