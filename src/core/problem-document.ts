import type { Finding } from './finding.ts';
import type { Answer } from './message.ts';

/** The statuses' own phrases, which are the titles of problems of the generic type (RFC 9457 §4.2.1). */
const PHRASES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [408, 'Request Timeout'],
  [409, 'Conflict'],
  [412, 'Precondition Failed'],
  [413, 'Payload Too Large'],
  [414, 'URI Too Long'],
  [415, 'Unsupported Media Type'],
  [422, 'Unprocessable Entity'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
]);

export interface ProblemContent {
  /** Those that forbid going on become `errors`, the others `warnings`. */
  readonly findings?: readonly Finding[];
  /** Further members. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A problem document (RFC 9457) of the generic type as a whole answer. Not to be kept by anybody on its way. */
export function problemDocument(
  status: number,
  detail: string,
  { findings = [], more = {} }: ProblemContent = {},
): Answer {
  const errors = findings.filter(({ severity }) => severity === 'error').map(shownFinding);
  const warnings = findings.filter(({ severity }) => severity !== 'error').map(shownFinding);
  const document = {
    title: PHRASES.get(status) ?? 'Error',
    status,
    detail,
    ...more,
    ...(errors.length > 0 && { errors }),
    ...(warnings.length > 0 && { warnings }),
  };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: new TextEncoder().encode(JSON.stringify(document)),
  };
}

/** A finding as a member of a problem document: where, which rule, what is wrong, what to do. */
export function shownFinding({ place, rule, message, remedy }: Finding): Record<string, string | number> {
  return {
    ...(place.expression !== undefined && { pointer: place.expression }),
    ...(place.line !== undefined && { line: place.line }),
    ...(place.column !== undefined && { column: place.column }),
    rule,
    detail: message,
    remedy,
  };
}
