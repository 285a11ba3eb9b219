import type { IncomingHttpHeaders } from 'node:http';
import { fhirSizeFindings } from '../../core/fhir/referral-size.ts';
import type { Arrival } from '../../ports.ts';
import { type Asking, askOfBundle, askOfCreate, askOfMessage, askOfUpdate } from './asks.ts';
import { bodyOf, type Call, type FhirRouterParts, type Handler, segment } from './call.ts';
import { identify } from './identity.ts';
import { readBody } from './read-body.ts';
import { readOriginal } from './render-message.ts';
import { renderVerdict } from './render-verdict.ts';
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
  const { ask, findings } = askOf(reading.content);
  const size = fhirSizeFindings(reading.content, parts.limits, ask.kind === 'fhir-update');
  const id = identify({
    headers: request.headers,
    content: reading.content,
    dialect: partner.dialect,
    generated: parts.ids.next(),
  });
  const arrival: Arrival = {
    partner: partner.partner,
    channel: 'fhir',
    identity: id.identity,
    ...(id.correlation !== undefined && { correlation: id.correlation }),
    contentType,
    headers: keptHeaders(request.headers),
    body,
    ...(reading.content !== undefined && { content: reading.content }),
    findings: [...reading.findings, ...size, ...findings, ...id.findings],
    ask,
  };
  // Made here, so that putting the verdict into words stays a pure function of what it is given.
  const given = { at: parts.clock.now().toISOString(), bundleId: parts.ids.next(), headerId: parts.ids.next() };
  const wording = { ask, tongue, prefer, baseUrl: parts.baseUrl, given, original: readOriginal(reading.content) };
  return { arrival, render: (verdict: Parameters<typeof renderVerdict>[0]) => renderVerdict(verdict, wording) };
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
