import { parentPort, workerData } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { Side } from './side.ts';
import { failure, type Request, type Response } from './thread-protocol.ts';

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

  let answers: Response[] = [];
  let closing = false;
  const send = () => {
    port.postMessage(answers);
    answers = [];
    if (closing) port.close();
  };
  /* A tick runs when the promises of this turn have settled: all answers of one commit go together. */
  const reply = (response: Response) => {
    if (answers.length === 0) process.nextTick(send);
    answers.push(response);
  };

  /* Not awaited: all requests of one turn must reach the side in that turn, or nothing would be committed together. */
  const serve = (request: Request) => {
    answer(request).then(
      (value) => {
        closing ||= request.name === 'close';
        reply({ id: request.id, value });
      },
      (thrown: unknown) => reply(failure(request.id, thrown)),
    );
  };
  port.on('message', (requests: readonly Request[]) => requests.forEach(serve));
}
