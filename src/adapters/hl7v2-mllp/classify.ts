import { HL7V2_TYPE } from '../../core/hl7v2/media-type.ts';
import { acknowledgementFindings } from '../../core/hl7v2/read-acknowledgement.ts';
import type { Reply, SendResult } from '../../ports.ts';
import type { HeardAck, MllpExchange } from './partner-connection.ts';

/**
 * Table HL70357: what has nothing to do with the message, and may be over when the same bytes come again: a record that is
 * locked (206), a fault of the application (207).
 */
const PASSING: ReadonlySet<string> = new Set(['206', '207']);

/** What an exchange came to, by kind (design: the kind decides). Pure; `reason` holds codes only. */
export function classify(exchange: MllpExchange): SendResult {
  return exchange.kind === 'reply' ? classifyAck(exchange.ack) : classifyFailure(exchange);
}

function classifyFailure({ written, code }: Extract<MllpExchange, { kind: 'failed' }>): SendResult {
  return written
    ? { kind: 'ambiguous', reason: `${code}: no acknowledgement came, the message may have arrived` }
    : { kind: 'transient', reason: `${code}: no connection, nothing was sent` };
}

/** `AA` proves that the application has processed it; `CA` only that it is kept safe. */
export function classifyAck(ack: HeardAck): SendResult {
  const { code } = ack;
  const reply = keptReply(ack);
  if (code === 'AA') return { kind: 'acknowledged', level: 'technical', reply };
  if (code === 'CA') return { kind: 'acknowledged', level: 'transport', reply };
  const reason = `hl7-${code}${codesOf(ack)}`;
  if (isTheirFault(ack)) {
    return { kind: 'transient', reason: `${reason}: the partner has a fault of its own`, ofMessage: true, reply };
  }
  const findings = acknowledgementFindings(ack);
  return { kind: 'permanent', reason: `${reason}: the partner refuses the message`, findings, reply };
}

/**
 * Only when nothing else is wrong: some receivers add 207 to every refusal, and a code that they do not know would be sent
 * again for ever. Warnings count only where there is no error.
 */
function isTheirFault({ errors }: HeardAck): boolean {
  const grave = errors.filter(({ severity }) => severity === 'error');
  const told = grave.length === 0 ? errors : grave;
  return told.length > 0 && told.every(({ code }) => PASSING.has(code));
}

function codesOf({ errors }: HeardAck): string {
  const codes = errors.map(({ code }) => code).filter((code) => /^[0-9A-Za-z]{1,10}$/.test(code));
  return [...new Set(codes)]
    .slice(0, 5)
    .map((code) => `-${code}`)
    .join('');
}

/** The record keeps a number with every reply: what HTTP would say. */
function keptReply(ack: HeardAck): Reply {
  const isPositive = ack.code === 'AA' || ack.code === 'CA';
  return { status: isPositive ? 200 : isTheirFault(ack) ? 503 : 422, contentType: HL7V2_TYPE, body: ack.bytes };
}
