import { parentPort, workerData } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { Side } from './side.ts';
import { failure, type Request } from './thread-protocol.ts';

/** Runs one side of the store in this thread: answers requests until it is told to close, and then ends. */
export function serveThread(open: (file: string, now: string) => Side): void {
  const port = parentPort;
  const file: unknown = workerData?.file;
  if (port === null || typeof file !== 'string') throw new StoreError('misuse', 'this file is the entry of a thread');
  let side: Side | undefined;

  const answer = async (request: Request): Promise<unknown> => {
    if (request.name === 'open') {
      side = open(file, request.now);
      return undefined;
    }
    if (side === undefined) throw new StoreError('closed', 'the record is not open');
    if (request.name === 'close') return side.close();
    return side.call(request.name, request.now, request.asked);
  };

  /* Not awaited: all requests of one turn must reach the side in that turn, or nothing would be committed together. */
  port.on('message', (request: Request) => {
    answer(request).then(
      (value) => {
        port.postMessage({ id: request.id, value });
        if (request.name === 'close') port.close();
      },
      (thrown: unknown) => port.postMessage(failure(request.id, thrown)),
    );
  });
}
