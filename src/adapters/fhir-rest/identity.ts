import type { IncomingHttpHeaders } from 'node:http';
import type { OutcomeDialect } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';

/** Which message this is (design: same message, one effect), and to which case it belongs. */
interface Identity {
  readonly identity: string;
  readonly correlation?: string;
  readonly findings: readonly Finding[];
}

interface Identified {
  readonly headers: IncomingHttpHeaders;
  readonly content: unknown;
  readonly dialect: OutcomeDialect;
  /** Used when the message has no id of its own. */
  readonly generated: string;
}

const PRINTABLE = /^[\x21-\x7e]{1,200}$/;

/**
 * The sender's own id: X-Request-Id, else Bundle.identifier (`system|value`), else a generated one. With a generated id
 * the same bytes sent twice are two messages: only the rules of the road (a referral it already holds) can then tell
 * them apart, so a sender that wants to repeat safely must give an id. BaRS demands both headers (core guide,
 * Transactional integrity).
 */
export function identify({ headers, content, dialect, generated }: Identified): Identity {
  const request = idHeader(headers, 'X-Request-Id');
  const correlation = idHeader(headers, 'X-Correlation-Id');
  const findings = [request, correlation].flatMap((header) => faultOf(header, dialect));
  const identity = request.value ?? bundleIdentifier(content) ?? generated;
  return { identity, findings, ...(correlation.value !== undefined && { correlation: correlation.value }) };
}

/** The two ids as the answer repeats them. */
export function echoedIds(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = [idHeader(headers, 'X-Request-Id'), idHeader(headers, 'X-Correlation-Id')];
  return Object.fromEntries(pairs.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

interface IdHeader {
  readonly name: string;
  readonly given: boolean;
  readonly value?: string;
}

function idHeader(headers: IncomingHttpHeaders, name: string): IdHeader {
  const value = headers[name.toLowerCase()];
  if (value === undefined || value === '') return { name, given: false };
  return typeof value === 'string' && PRINTABLE.test(value) ? { name, given: true, value } : { name, given: true };
}

function faultOf({ name, given, value }: IdHeader, dialect: OutcomeDialect): Finding[] {
  if (value !== undefined || (!given && dialect === 'plain')) return [];
  return [
    {
      severity: 'error',
      rule: given ? 'http/id-header' : 'bars/id-header',
      place: { expression: name },
      message: given ? `The header ${name} is not an id.` : `The header ${name} is missing.`,
      remedy: `Send ${name} once, with a UUID: at most 200 printable characters without spaces.`,
      issue: given ? 'value' : 'required',
    },
  ];
}

function bundleIdentifier(content: unknown): string | undefined {
  if (!isRecord(content) || content['resourceType'] !== 'Bundle' || !isRecord(content['identifier'])) return undefined;
  const { system, value } = content['identifier'];
  if (typeof value !== 'string' || value === '' || value.length > 1_000) return undefined;
  return `${typeof system === 'string' ? system.slice(0, 1_000) : ''}|${value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
