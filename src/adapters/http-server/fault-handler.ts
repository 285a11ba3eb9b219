import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { faultFrames } from '../../core/fault-frames.ts';
import { problemDocument } from '../../core/problem-document.ts';
import type { Log } from '../../ports.ts';
import { writeAnswer } from './problem.ts';

/** The last but one in the chain: no adapter knows the path. */
export const notFound: RequestHandler = (_request, response) => {
  writeAnswer(response, problemDocument(404, 'Nothing is served under this path.'));
};

/**
 * The last in the chain: a fault of our own. The caller gets an id and nothing else; the log gets the same id, the kind of
 * fault and where in the code, but not its message, which may repeat what a message held.
 */
export function faultHandler(log: Log): ErrorRequestHandler {
  return (fault: unknown, _request, response, _next) => {
    const status = callersFault(fault);
    if (status === undefined) {
      const error = randomUUID();
      log.error('http.fault', {
        error,
        fault: fault instanceof Error ? fault.name : typeof fault,
        frames: faultFrames(fault),
      });
      if (response.headersSent) response.destroy();
      else
        writeAnswer(
          response,
          problemDocument(500, 'A fault of ours. Quote the error id when you report it.', { more: { error } }),
        );
      return;
    }
    // Handing it on would let Express print the stack to the console.
    if (response.headersSent) response.destroy();
    else writeAnswer(response, problemDocument(status, 'The request could not be read.'));
  };
}

/** The status of an error that Express raises for a malformed request (a path that does not decode). */
function callersFault(fault: unknown): number | undefined {
  if (!(fault instanceof Error) || !('status' in fault)) return undefined;
  const { status } = fault;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
