import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { faultFrames } from '../../core/fault-frames.ts';
import type { Answer } from '../../core/message.ts';
import { problemDocument } from '../../core/problem-document.ts';
import { AWAY_SECONDS, awayCode } from '../../core/record-away.ts';
import type { Log } from '../../ports.ts';
import { writeAnswer } from './problem.ts';

/** The last but one in the chain: no adapter knows the path. */
export const notFound: RequestHandler = (_request, response) => {
  writeAnswer(response, problemDocument(404, 'Nothing is served under this path.'));
};

/**
 * The last in the chain: the record is away, or it is a fault of our own. The caller gets an id and nothing else; the log gets the
 * same id, the kind of fault and where in the code, but not its message, which may repeat what a message held.
 */
export function faultHandler(log: Log): ErrorRequestHandler {
  return (fault: unknown, _request, response, _next) => {
    const status = callersFault(fault);
    const answer =
      status === undefined ? ourFault(fault, log) : problemDocument(status, 'The request could not be read.');
    // Handing it on would let Express print the stack to the console.
    if (response.headersSent) response.destroy();
    else writeAnswer(response, answer);
  };
}

function ourFault(fault: unknown, log: Log): Answer {
  const error = randomUUID();
  const code = awayCode(fault);
  log.error('http.fault', {
    error,
    ...(code !== undefined && { code }),
    fault: fault instanceof Error ? fault.name : typeof fault,
    frames: faultFrames(fault),
  });
  if (code === undefined) {
    return problemDocument(500, 'A fault of ours. Quote the error id when you report it.', { more: { error } });
  }
  const away = problemDocument(503, AWAY);
  return { ...away, headers: { ...away.headers, 'retry-after': String(AWAY_SECONDS) } };
}

const AWAY = 'Nothing can be recorded at the moment. Send the same again, under the same id, when Retry-After is over.';

/** The status of an error that Express raises for a malformed request (a path that does not decode). */
function callersFault(fault: unknown): number | undefined {
  if (!(fault instanceof Error) || !('status' in fault)) return undefined;
  const { status } = fault;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
