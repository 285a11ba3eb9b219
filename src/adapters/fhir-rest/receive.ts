import type { IncomingHttpHeaders } from 'node:http';
import { type Asking, askOfBundle, askOfCreate, askOfMessage, askOfUpdate } from './asks.ts';
import { bodyOf, type Call, type FhirRouterParts, type Handler, segment } from './call.ts';
import { identify } from './identity.ts';
import { type Came, prepareArrival } from './prepare-arrival.ts';
import { readBody } from './read-body.ts';
import { matchedVersion } from './version-tag.ts';

export const bundleHandler: Handler = (call, parts) => receive(call, parts, askOfBundle);

export const messageHandler: Handler = (call, parts) => {
  const wantsAsync = call.query.some(([name, value]) => name === 'async' && value === 'true');
  return receive(call, parts, askOfMessage(wantsAsync));
};

export function createHandler(type: 'ServiceRequest' | 'Task'): Handler {
  return (call, parts) => receive(call, parts, askOfCreate(type, call.request.headers['if-none-exist'] !== undefined));
}

export const updateHandler: Handler = (call, parts) => {
  const ifMatch = call.request.headers['if-match'];
  const version = ifMatch === undefined ? undefined : matchedVersion(ifMatch);
  return receive(call, parts, askOfUpdate(segment(call.request, 'id'), version));
};

/**
 * Everything that writes goes this one way: read, identify, hand to the road with what was found wrong so far (refused
 * messages are recorded too), and answer with what the road says once it is on disk.
 */
async function receive(call: Call, parts: FhirRouterParts, askOf: (content: unknown) => Asking) {
  const { arrival, render } = prepare(call, parts, askOf);
  return parts.intake.intake(arrival, render);
}

function prepare(
  { partner, tongue, request, prefer }: Call,
  parts: FhirRouterParts,
  askOf: (content: unknown) => Asking,
) {
  const body = bodyOf(request);
  const contentType = request.headers['content-type'] ?? '';
  const reading = readBody(body, contentType, parts.limits);
  const { dialect } = partner;
  const generated = parts.ids.next();
  const { findings, ...named } = identify({ headers: request.headers, content: reading.content, dialect, generated });
  const came: Came = {
    ...{ partner: partner.partner, channel: 'fhir', contentType, body, reading, findings },
    ...named,
    headers: keptHeaders(request.headers),
  };
  return prepareArrival(came, { askOf, tongue, prefer }, parts);
}

/** What an auditor may need to know about a message's way. Never credentials. */
const KEPT = [
  ...['x-request-id', 'x-correlation-id', 'accept', 'prefer', 'if-match', 'user-agent', 'use-context', 'traceparent'],
  ...[
    'nhsd-target-identifier',
    'nhsd-end-user-organisation',
    'nhsd-requesting-software',
    'nhsd-requesting-practitioner',
  ],
];

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = KEPT.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return Object.fromEntries(pairs);
}
