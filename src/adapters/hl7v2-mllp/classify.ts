import type { Finding } from '../../core/finding.ts';
import type { Reply, SendResult } from '../../ports.ts';
import type { MllpExchange } from './partner-connection.ts';
import { type Acknowledgement, isAcceptLevel, isPositive } from './read-ack.ts';

/** Media type of HL7 v2 in its usual encoding (ER7), as the v2-to-FHIR guide names it. */
export const HL7V2_TYPE = 'x-application/hl7-v2+er7';
/** Table HL70357: a fault at the other end that has nothing to do with the message. */
const INTERNAL_ERROR = '207';

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
export function classifyAck(ack: Acknowledgement): SendResult {
  const reply = keptReply(ack);
  if (isPositive(ack)) {
    return { kind: 'acknowledged', level: isAcceptLevel(ack) ? 'transport' : 'technical', reply };
  }
  const reason = `hl7-${ack.code}${ack.errors.map((code) => `-${code}`).join('')}`;
  if (ack.errors.includes(INTERNAL_ERROR)) {
    return { kind: 'transient', reason: `${reason}: the partner has a fault of its own`, ofMessage: true, reply };
  }
  return { kind: 'permanent', reason: `${reason}: the partner refuses the message`, findings: [refusal(ack)], reply };
}

/** The record keeps a number with every reply: what HTTP would say. */
function keptReply(ack: Acknowledgement): Reply {
  const negative = ack.errors.includes(INTERNAL_ERROR) ? 503 : 422;
  return { status: isPositive(ack) ? 200 : negative, contentType: HL7V2_TYPE, body: ack.bytes };
}

function refusal({ code, errors }: Acknowledgement): Finding {
  const said = errors.length === 0 ? 'without a code of what is wrong' : `with ${errors.join(', ')} (table HL70357)`;
  return {
    severity: 'error',
    rule: code.endsWith('R') ? 'mllp/rejected' : 'mllp/refused',
    place: { expression: 'MSA-1' },
    message: `The partner answered ${code} ${said}.`,
    remedy:
      'Read its whole answer, which is kept with the delivery; mend the mapping or the partner, then retry the hold.',
    issue: 'processing',
  };
}
