import { Worker } from 'node:worker_threads';
import type { Finding } from '../core/finding.ts';
import type { Receipt } from '../core/mapping/receipt/receipt.ts';
import type { UnmappedCode } from '../core/mapping/run-state.ts';
import type { LibraryDirectories } from './read-library.ts';

export interface MappingTry {
  readonly directories: LibraryDirectories;
  readonly name: string;
  readonly text: string;
}

/** What came of trying a mapping on a text. */
export type TriedMapping =
  | {
      readonly kind: 'run';
      readonly version: number;
      readonly digest: string;
      readonly receipt: Receipt;
      readonly unmapped: readonly UnmappedCode[];
      readonly findings: readonly Finding[];
      /** What would be sent, or taken in; none where an error stands in the way. */
      readonly result: readonly { readonly contentType: string; readonly text: string }[];
    }
  | { readonly kind: 'unreadable' | 'no-mapping'; readonly findings: readonly Finding[] }
  | { readonly kind: 'too-long' | 'failed' };

interface Limits {
  /** For reading the mapping and the terminology, and for the run itself. Milliseconds. */
  readonly readMs?: number;
  readonly runMs?: number;
}

/** Tries a mapping, as its files are now, in a thread of its own that is ended when it takes too long. Nothing is kept. */
export function tryMapping(given: MappingTry, { readMs = 60_000, runMs = 5_000 }: Limits = {}): Promise<TriedMapping> {
  return new Promise((resolve) => {
    const worker = startThread(given);
    const end = (tried: TriedMapping): void => {
      clearTimeout(timer);
      resolve(tried);
      void worker.terminate();
    };
    let timer = setTimeout(() => end({ kind: 'too-long' }), readMs);
    worker.on('message', (told: 'ready' | TriedMapping) => {
      if (told !== 'ready') return end(told);
      clearTimeout(timer);
      timer = setTimeout(() => end({ kind: 'too-long' }), runMs);
    });
    worker.on('error', () => end({ kind: 'failed' }));
    worker.on('exit', () => end({ kind: 'failed' }));
  });
}

const MEMORY = { maxOldGenerationSizeMb: 512 };

/** Compiled, the entry is a .js file; run from source it needs the TypeScript loader first. */
function startThread(given: MappingTry): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    const entry = new URL('./try-mapping-thread.js', import.meta.url);
    return new Worker(entry, { workerData: given, resourceLimits: MEMORY });
  }
  const start = new URL('../store/sqlite/thread-from-source.mjs', import.meta.url);
  const entry = new URL('./try-mapping-thread.ts', import.meta.url).href;
  return new Worker(start, { workerData: { ...given, entry }, execArgv: [], resourceLimits: MEMORY });
}
