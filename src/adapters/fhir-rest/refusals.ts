import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/message.ts';
import { AWAY_SECONDS } from '../../core/record-away.ts';
import { outcomeAnswer, type Tongue } from './answer.ts';
import type { Route } from './routes.ts';

/** 406: nothing that the caller accepts can be made. Nothing was done for it and nothing recorded. */
export function notAcceptable(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/not-acceptable',
    place: { expression: 'Accept' },
    message: 'None of the accepted formats is offered.',
    remedy: 'Accept application/fhir+json or application/fhir+xml, FHIR version 4.0.',
    issue: 'not-supported',
  };
}

/** 405, with what the path does allow. */
export function noSuchMethod(here: readonly Route[], tongue: Tongue): Answer {
  const allowed = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  const finding: Finding = {
    severity: 'error',
    rule: 'http/method',
    place: {},
    message: 'This address does not take that method.',
    remedy: `It takes ${allowed}. GET metadata tells what is offered.`,
    issue: 'not-supported',
  };
  return outcomeAnswer(405, [finding], tongue, { allow: allowed });
}

export function noSuchPath(tongue: Tongue): Answer {
  const finding: Finding = {
    severity: 'error',
    rule: 'http/path',
    place: {},
    message: 'Nothing is offered at this address.',
    remedy: 'GET metadata tells which types and interactions are offered.',
    issue: 'not-found',
  };
  return outcomeAnswer(404, [finding], tongue);
}

export function unreadablePath(): Finding {
  return {
    severity: 'error',
    rule: 'http/path-encoding',
    place: {},
    message: 'The address holds a broken percent escape.',
    remedy: 'Encode the address as UTF-8 with percent escapes (RFC 3986 §2.1).',
    issue: 'value',
  };
}

/** 503: the record is away. It may be in doubt whether it was kept: under the same id it has one effect either way. */
export function awayAnswer(tongue: Tongue): Answer {
  const finding: Finding = {
    severity: 'error',
    rule: 'hearback/record-away',
    place: {},
    message: 'What must be recorded cannot be recorded or looked up at the moment.',
    remedy: 'Wait as long as Retry-After says, and send the same request again with the same X-Request-Id.',
    issue: 'transient',
  };
  return outcomeAnswer(503, [finding], tongue, { 'retry-after': String(AWAY_SECONDS) });
}

/** 500: our fault. The sender must not take it for an acknowledgement. */
export function faultAnswer(error: string, tongue: Tongue): Answer {
  const finding: Finding = {
    severity: 'error',
    rule: 'hearback/fault',
    place: {},
    message: `Something failed on our side (error id ${error}).`,
    remedy: 'Send the same request again with the same X-Request-Id; quote the error id if it fails again.',
    issue: 'exception',
  };
  return outcomeAnswer(500, [finding], tongue);
}
