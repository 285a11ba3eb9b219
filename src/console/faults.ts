import type { ErrorRequestHandler, Request, Response } from 'express';
import { faultFrames } from '../core/fault-frames.ts';
import { type Answering, sendAnswer } from './answer.ts';
import type { ConsoleParts } from './console-parts.ts';
import type { PageAnswer } from './page.ts';
import { refusalPage } from './refusal-page.ts';
import { newShortId } from './session/secret.ts';

type NewAnswering = (given: { request: Request; response: Response; parts: ConsoleParts }) => Answering;

/**
 * The last in the chain. A fault of ours is shown as an id and nothing else; the log gets the same id, the kind of fault and where in the code,
 * but not its message, which may repeat what a message held.
 */
export function faultPage(parts: ConsoleParts, newAnswering: NewAnswering): ErrorRequestHandler {
  return async (fault: unknown, request, response, _next) => {
    const status = callersFault(fault);
    const error = newShortId();
    if (status === undefined) {
      parts.log.error('console.fault', {
        error,
        fault: fault instanceof Error ? fault.name : typeof fault,
        frames: faultFrames(fault),
      });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const page: PageAnswer =
      status !== undefined
        ? refusalPage(status)
        : {
            kind: 'page',
            view: 'refused',
            title: 'Something went wrong',
            status: 500,
            model: { text: 'A fault of ours.', error },
          };
    await sendAnswer(page, newAnswering({ request, response, parts }));
  };
}

function callersFault(fault: unknown): number | undefined {
  if (!(fault instanceof Error) || !('status' in fault)) return undefined;
  const { status } = fault;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
