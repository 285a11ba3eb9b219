import type { ServerResponse } from 'node:http';
import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/message.ts';
import { problemDocument } from '../../core/problem-document.ts';

/** Why the listener refused a request before any adapter's own code saw it. */
export interface HttpRefusal {
  readonly status: 400 | 408 | 413 | 415 | 429 | 503;
  readonly finding: Finding;
  /** Further headers of the answer (`retry-after`, `accept-encoding`). */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Puts a refusal into the dialect of the adapter (an OperationOutcome, a problem). Status and `headers` are set by the caller. */
export type RenderRefusal = (refusal: HttpRefusal) => Pick<Answer, 'headers' | 'body'>;

/** How the listener itself says it, when the adapter gave no dialect. */
export const renderProblem: RenderRefusal = ({ status, finding }) =>
  problemDocument(status, `${finding.message} ${finding.remedy}`, { more: { rule: finding.rule } });

/** The whole answer to a refusal in the given dialect. */
export function refusalAnswer(refusal: HttpRefusal, render: RenderRefusal = renderProblem): Answer {
  const { headers, body } = render(refusal);
  return { status: refusal.status, headers: { ...headers, ...refusal.headers }, body };
}

/** Writes an answer byte for byte. Express's own `send` and `set` would add a charset and an ETag. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer);
  response.end(answer.body);
}

/** Status and headers only; the caller writes `answer.body` and ends the response. */
export function writeHead(response: ServerResponse, answer: Answer): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-length', answer.body.byteLength);
}
