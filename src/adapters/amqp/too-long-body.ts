import { createHash } from 'node:crypto';
import type { Arrival } from '../../ports.ts';

type Carried = Pick<Arrival, 'body' | 'contentType' | 'headers'>;

/**
 * An arrival as it is recorded: of a body beyond the agreed length only its length and its digest, in words, or a partner could
 * fill the record with what was agreed with nobody. The same bytes make the same words, so that a repeat and a conflict are known
 * as of any other message. The whole goes to the refused ones.
 */
export function withoutLongBody<T extends Carried>(arrival: T, maxBytes: number): T {
  const { body, contentType, headers } = arrival;
  if (body.byteLength <= maxBytes) return arrival;
  const digest = createHash('sha256').update(body).digest('hex');
  return {
    ...arrival,
    body: Buffer.from(`Not kept, because it is longer than agreed: ${body.byteLength} bytes, SHA-256 ${digest}\n`),
    contentType: 'text/plain; charset=utf-8',
    headers: { ...headers, ...(contentType !== '' && { 'content-type': contentType }) },
  };
}
