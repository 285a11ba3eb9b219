import type { Finding } from '../../core/finding.ts';
import type { SendResult } from '../../ports.ts';
import type { Published } from './publisher.ts';

/**
 * What publishing came to, by kind (design: the kind decides). Pure; `reason` holds codes only. A confirmation proves that the
 * broker has the message safe in a queue, which is transport: that the platform has read it only the platform can say.
 */
export function classify(published: Published): SendResult {
  switch (published.kind) {
    case 'confirmed':
      return { kind: 'acknowledged', level: 'transport' };
    case 'nacked':
      return { kind: 'transient', reason: 'NACKED: the broker cannot keep the message now' };
    case 'unsent':
      return { kind: 'transient', reason: `${published.code}: no connection, nothing was sent` };
    case 'lost':
      return { kind: 'ambiguous', reason: `${published.code}: no confirmation came, the message may be in the queue` };
    case 'returned':
      return permanent(`${published.code}: no queue takes the message`, UNROUTABLE);
    case 'unsendable':
      return permanent('UNSENDABLE: the message cannot be said in AMQP', UNSENDABLE);
    case 'refused':
      return refused(published.code, published.reply);
  }
}

function refused(code: string, reply: number): SendResult {
  switch (reply) {
    case 403:
      return permanent(`${code}: the broker does not permit us to publish this`, NOT_PERMITTED);
    case 406:
    case 311:
      return permanent(`${code}: the broker refuses the message`, REFUSED);
    default:
      // The exchange has gone (404), or the broker has a fault of its own. It kept nothing, and the door says what is missing.
      return { kind: 'transient', reason: `${code}: the broker closed the channel, nothing was kept` };
  }
}

function permanent(reason: string, flaw: Pick<Finding, 'rule' | 'message' | 'remedy'>): SendResult {
  return { kind: 'permanent', reason, findings: [{ severity: 'error', place: {}, ...flaw }] };
}

const UNROUTABLE = {
  rule: 'amqp/unroutable',
  message: 'The broker gave the message back: no queue is bound to take it.',
  remedy:
    "Have the platform's queue bound to the exchange for this routing key, then retry the hold. What we declare ourselves (`declare`) is there again; what was in a queue that somebody deleted is lost: ask the platform what it has.",
};

const UNSENDABLE = {
  rule: 'amqp/unsendable',
  message:
    'The message cannot be published as it is: its routing key or one of its properties is longer than 255 bytes.',
  remedy: 'Mend the mapping that makes it, or the routing key in the configuration, then retry the hold.',
};

const NOT_PERMITTED = {
  rule: 'amqp/not-permitted',
  message: "The broker does not permit Hearback's user to publish to this exchange or with this routing key.",
  remedy: 'Give it the permission (docs/platforms.md), then retry the hold.',
};

const REFUSED = {
  rule: 'amqp/refused',
  message: 'The broker refuses the message, most likely because it is longer than the broker takes (max_message_size).',
  remedy: 'Ask whoever runs the broker, whose log says why; then retry the hold.',
};
