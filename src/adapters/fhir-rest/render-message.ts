import type { Bundle, BundleEntry, Coding, FhirResource, MessageHeader, OperationOutcome } from 'fhir/r4.js';
import type { StoredResource } from '../../core/referral.ts';

/** What an answer must repeat of the message it answers. Empty when that was no message, or could not be read. */
export interface OriginalMessage {
  readonly id?: string;
  readonly eventCoding?: Coding;
  readonly eventUri?: string;
  readonly from?: string;
  readonly to?: string;
}

interface MessageAnswer {
  readonly original: OriginalMessage;
  readonly baseUrl: string;
  readonly given: { readonly at: string; readonly bundleId: string; readonly headerId: string };
  readonly stored: readonly StoredResource[];
  /** Warnings about an accepted message. */
  readonly outcome?: OperationOutcome;
}

/** BaRS answers a request event with the response event of the same pair (message-events-bars). */
const RESPONSE_EVENTS: ReadonlyMap<string, string> = new Map([
  ['servicerequest-request', 'servicerequest-response'],
  ['booking-request', 'booking-response'],
]);
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** Reads what an answer will need, from content that nothing has checked yet. */
export function readOriginal(content: unknown): OriginalMessage {
  const bundle = record(content);
  const header = record(record(list(bundle['entry'])[0])['resource']);
  const id = [bundle['id'], header['id']].map(text).find((candidate) => candidate !== undefined && ID.test(candidate));
  const from = text(record(header['source'])['endpoint']);
  const to = text(record(list(header['destination'])[0])['endpoint']);
  return { ...(id && { id }), ...eventOf(header), ...(from && { from }), ...(to && { to }) };
}

/**
 * The answer to an accepted message: a message Bundle whose MessageHeader.response names the original Bundle (BaRS core
 * guide; where it had no id, its MessageHeader), sender and receiver swapped, with the request and its Task as stored.
 */
export function messageResponse(answer: MessageAnswer): Bundle<FhirResource> {
  const { given, baseUrl, outcome } = answer;
  const focus = answer.stored.filter(({ type }) => type === 'ServiceRequest' || type === 'Task');
  const entry: BundleEntry<FhirResource>[] = [
    { fullUrl: `urn:uuid:${given.headerId}`, resource: headerOf(answer, focus) },
    ...focus.map(({ type, id, resource }) => ({ fullUrl: `${baseUrl}/${type}/${id}`, resource })),
  ];
  if (outcome !== undefined)
    entry.push({ fullUrl: outcomeUrl(baseUrl, given.headerId), resource: { ...outcome, id: given.headerId } });
  return { resourceType: 'Bundle', id: given.bundleId, type: 'message', timestamp: given.at, entry };
}

function headerOf(
  { original, baseUrl, given, outcome }: MessageAnswer,
  focus: readonly StoredResource[],
): MessageHeader {
  return {
    resourceType: 'MessageHeader',
    id: given.headerId,
    ...responseEvent(original),
    ...(original.from !== undefined && { destination: [{ endpoint: original.from }] }),
    source: { name: 'Hearback', endpoint: original.to ?? baseUrl },
    response: {
      identifier: original.id ?? given.bundleId,
      code: 'ok',
      ...(outcome !== undefined && { details: { reference: outcomeUrl(baseUrl, given.headerId) } }),
    },
    ...(focus.length > 0 && { focus: focus.map(({ type, id }) => ({ reference: `${baseUrl}/${type}/${id}` })) }),
  };
}

function outcomeUrl(baseUrl: string, id: string): string {
  return `${baseUrl}/OperationOutcome/${id}`;
}

function responseEvent({ eventCoding, eventUri }: OriginalMessage): Pick<MessageHeader, 'eventCoding' | 'eventUri'> {
  if (eventCoding === undefined) return eventUri === undefined ? {} : { eventUri };
  const code = RESPONSE_EVENTS.get(eventCoding.code ?? '');
  if (code === undefined) return { eventCoding };
  const { display: _, ...kept } = eventCoding;
  return { eventCoding: { ...kept, code } };
}

function eventOf(header: Readonly<Record<string, unknown>>): Pick<OriginalMessage, 'eventCoding' | 'eventUri'> {
  const coding = record(header['eventCoding']);
  const [system, code, display] = [coding['system'], coding['code'], coding['display']].map(text);
  if (code !== undefined) return { eventCoding: { ...(system && { system }), code, ...(display && { display }) } };
  const eventUri = text(header['eventUri']);
  return eventUri === undefined ? {} : { eventUri };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
