import { Worker } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { Side } from './side.ts';
import { errorOf, type Request, type Response } from './thread-protocol.ts';

interface ThreadSide extends Side {
  /** Opens the file in the thread; rejects with what is wrong with it. */
  open(now: string): Promise<void>;
  /** Ends the thread at once, whatever it is doing. */
  end(): Promise<void>;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** Starts a thread and speaks to it, once a turn. When the thread dies everything under way is rejected, and everything after it. */
export function startThread(entry: URL, file: string): ThreadSide {
  const worker = startWorker(entry, file);
  const pending = new Map<number, Pending>();
  let ended: StoreError | undefined;
  let lastId = 0;

  let unsent: Request[] = [];

  const end = (error: StoreError) => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('message', (responses: readonly Response[]) => {
    for (const response of responses) {
      const asker = pending.get(response.id);
      pending.delete(response.id);
      if ('error' in response) asker?.reject(errorOf(response.error));
      else asker?.resolve(response.value);
    }
  });
  worker.on('error', (error) => end(new StoreError('closed', `the record's thread died: ${error.message}`)));
  worker.on('exit', () => end(new StoreError('closed', 'the record is closed')));

  const send = () => {
    const requests = unsent;
    unsent = [];
    if (post(worker, requests)) return;
    /* One of them cannot be sent: the others must not suffer for it. */
    for (const request of requests) {
      if (post(worker, [request])) continue;
      pending.get(request.id)?.reject(new StoreError('misuse', `what ${request.name} was given cannot go to a thread`));
      pending.delete(request.id);
    }
  };

  const call = (name: string, now: string, asked: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      lastId += 1;
      if (unsent.length === 0) setImmediate(send);
      unsent.push({ id: lastId, name, now, asked });
      pending.set(lastId, { resolve, reject });
    });

  return {
    open: async (now) => {
      await call('open', now, []);
    },
    call,
    end: async () => {
      await worker.terminate();
    },
    close: async () => {
      const gone = new Promise((resolve) => worker.once('exit', resolve));
      await call('close', '', []);
      await gone;
    },
  };
}

/** False when something in it is of a kind that threads cannot give to each other. */
function post(worker: Worker, requests: readonly Request[]): boolean {
  try {
    worker.postMessage(requests);
    return true;
  } catch {
    return false;
  }
}

/** Compiled, the entry is a .js file; run from source it needs the TypeScript loader first. */
function startWorker(entry: URL, file: string): Worker {
  if (import.meta.url.endsWith('.ts')) {
    const start = new URL('./thread-from-source.mjs', import.meta.url);
    return new Worker(start, { workerData: { file, entry: entry.href }, execArgv: [] });
  }
  return new Worker(new URL(entry.href.replace(/[.]ts$/, '.js')), { workerData: { file } });
}
