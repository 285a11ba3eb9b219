import type { CircuitOptions } from '../../core/circuit.ts';
import { newCircuitGate } from '../../core/circuit-gate.ts';
import type { Finding } from '../../core/finding.ts';
import { readHead } from '../../core/hl7v2/head.ts';
import type { AckLevel } from '../../core/loop/promises/promise.ts';
import type { Clock, Delivery, Log, Outlet, SendResult } from '../../ports.ts';
import { classify, classifyAck } from './classify.ts';
import { newConnectionPool } from './connection-pool.ts';
import type { Address } from './dial.ts';
import { fitsFrame } from './framing.ts';
import { OverdueAcks } from './overdue-acks.ts';
import type { ConnectionEars, HeardAck, MllpLimits, Outgoing } from './partner-connection.ts';

export interface MllpOutletOptions {
  readonly partner: string;
  readonly address: Address;
  /** Until the acknowledgement must be there, connecting included; in milliseconds. */
  readonly timeoutMs: number;
  /** Connections at once, each with one message under way. */
  readonly concurrency: number;
  /** The partner promises that a message which comes again under its MSH-10 has one effect. */
  readonly idempotent: boolean;
  /**
   * `technical`: after a CA the application's own acknowledgement is waited for. `business`: it comes by itself, to the inlet,
   * when a person has filed the message.
   */
  readonly level: AckLevel;
  readonly circuit: CircuitOptions;
  /** 5 s when left out. */
  readonly connectTimeoutMs?: number;
}

export interface MllpOutletDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** As long as any acknowledgement with its ERR segments; a longer one is not read. */
const MAX_REPLY_BYTES = 1024 * 1024;

/**
 * Sends to one partner over connections that it keeps. Deliveries are HL7 v2 messages; MSH-10 is their key, the same for every
 * attempt, and an acknowledgement counts only when its MSA-2 says it.
 */
export function mllpOutlet(options: MllpOutletOptions, deps: MllpOutletDeps): Outlet {
  const { partner, idempotent, concurrency } = options;
  const overdue = new OverdueAcks();
  const gate = newCircuitGate({ partner, channel: 'mllp' }, options.circuit, deps);
  const pool = newConnectionPool(concurrency, options.address, limitsOf(options), earsOf(partner, overdue, deps.log));
  return {
    partner,
    channel: 'mllp',
    idempotent,
    concurrency,
    closedFor: gate.closedFor,
    async send(delivery, signal): Promise<SendResult> {
      const outgoing = readOutgoing(delivery);
      if ('kind' in outgoing) return outgoing;
      const late = overdue.take(outgoing.controlId);
      if (late !== undefined) return classifyAck(late);
      return gate.through(async () => {
        const came = await pool.exchange(outgoing, signal);
        if (came.kind === 'failed' && came.written) overdue.add(outgoing.controlId);
        return { result: classify(came), dropped: came.kind === 'failed' && came.aborted };
      });
    },
    stop: pool.close,
  };
}

function limitsOf({ timeoutMs, connectTimeoutMs = 5_000, level }: MllpOutletOptions): MllpLimits {
  return { timeoutMs, connectTimeoutMs, maxReplyBytes: MAX_REPLY_BYTES, wantsApplication: level === 'technical' };
}

/** What came and was not waited for: control ids of ours are ids, and those of others are left out. */
function earsOf(partner: string, overdue: OverdueAcks, log: Log): ConnectionEars {
  return {
    onStrangeAck: (ack: HeardAck) => {
      if (overdue.arrived(ack)) log.warn('mllp.late-ack', { partner, controlId: ack.answers, code: ack.code });
      else log.warn('mllp.strange-ack', { partner, code: ack.code });
    },
    onStrangeMessage: (bytes) => log.warn('mllp.strange-message', { partner, bytes }),
  };
}

function readOutgoing({ body }: Delivery): Outgoing | SendResult {
  const { controlId } = readHead(body);
  if (controlId === '')
    return unsendable('mllp/control-id', 'The message has no MSH-10, so no answer could be matched to it.');
  if (!fitsFrame(body)) {
    return unsendable(
      'mllp/frame',
      'The message holds control characters that would end its frame too early (VT, FS).',
    );
  }
  return { message: body, controlId };
}

function unsendable(rule: string, message: string): SendResult {
  const remedy = 'Mend the mapping that makes it, then retry the hold.';
  const finding: Finding = { severity: 'error', rule, place: {}, message, remedy, issue: 'structure' };
  return { kind: 'permanent', reason: 'unsendable: the message cannot be sent over MLLP', findings: [finding] };
}
