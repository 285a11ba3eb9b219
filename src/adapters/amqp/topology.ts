import type { Channel, ChannelModel } from 'amqplib';
import type { Finding } from '../../core/finding.ts';
import { codeOf, replyOf } from './fault-code.ts';
import { type HeldChannel, openChannel } from './held-channel.ts';

/** What must be there at the broker before a door can open. `place` is the pointer into the configuration that asks for it. */
export type TopologyPart =
  | { readonly kind: 'exchange'; readonly name: string; readonly place: string }
  | { readonly kind: 'queue'; readonly name: string; readonly place: string; readonly args: QueueArguments }
  | {
      readonly kind: 'binding';
      readonly name: string;
      readonly exchange: string;
      readonly key: string;
      readonly place: string;
    };

export type QueueArguments = Readonly<Record<string, string | number | boolean>>;

export interface Topology {
  /** In this order. */
  readonly parts: readonly TopologyPart[];
  /** False: the broker's owner declares, and we only look whether exchanges and queues are there (bindings cannot be seen). */
  readonly declare: boolean;
}

/** Something at the broker is not as a door needs it. */
export class TopologyFault extends Error {
  override readonly name = 'TopologyFault';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ message }) => message).join(' '));
    this.findings = findings;
  }
}

/** Replicated and on disk (RabbitMQ, "Quorum Queues"): the only kind of queue that survives the loss of a node with nothing lost. */
export const QUORUM: QueueArguments = { 'x-queue-type': 'quorum' };

/**
 * Arguments of a queue that a platform takes messages from: what it rejects is kept at another exchange, and not dropped.
 */
export function deliveredQueue(rejected: string): QueueArguments {
  return { ...QUORUM, ...keptFor(rejected) };
}

/**
 * Arguments of a queue that we take messages from. One engine takes them at a time, in their order, and another steps in when it
 * goes (single active consumer).
 */
export function consumedQueue(refused: string): QueueArguments {
  return {
    ...QUORUM,
    'x-single-active-consumer': true,
    ...keptFor(refused),
  };
}

/**
 * What the broker itself gives up (rejected, or a message that ended its consumer a hundred times) goes to an exchange, and is not
 * let go before it is safe there (at-least-once, which needs reject-publish). Without a limit of our own the broker's would hold,
 * which newer ones have at 20: few, where a network comes and goes.
 */
function keptFor(exchange: string): QueueArguments {
  return {
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    'x-delivery-limit': 100,
  };
}

/**
 * Declares everything, or looks whether it is there. Goes on after a refusal, so that all of them are said at once.
 * Rejects with `TopologyFault` for what the broker refuses, with the library's fault when the connection ends.
 */
export async function settleTopology(model: ChannelModel, { parts, declare }: Topology): Promise<void> {
  const findings: Finding[] = [];
  let held: HeldChannel | undefined;
  for (const part of parts) {
    if (held === undefined || !held.isOpen()) held = await openChannel(model);
    try {
      await settle(held.channel, part, declare);
    } catch (fault) {
      // A refusal ends the channel and has a reply code; anything else ends more than that.
      if (replyOf(fault) === undefined || replyOf(fault) === 320) throw fault;
      findings.push(findingOf(part, fault, declare));
      await held.ended;
    }
  }
  await held?.close();
  if (findings.length > 0) throw new TopologyFault(findings);
}

async function settle(channel: Channel, part: TopologyPart, declare: boolean): Promise<void> {
  switch (part.kind) {
    case 'exchange':
      await (declare
        ? channel.assertExchange(part.name, 'topic', { durable: true })
        : channel.checkExchange(part.name));
      return;
    case 'queue':
      await (declare
        ? channel.assertQueue(part.name, { durable: true, arguments: { ...part.args } })
        : channel.checkQueue(part.name));
      return;
    case 'binding':
      if (declare) await channel.bindQueue(part.name, part.exchange, part.key);
  }
}

function findingOf(part: TopologyPart, fault: unknown, declare: boolean): Finding {
  const what = part.kind === 'binding' ? `binding of the queue "${part.name}"` : `${part.kind} "${part.name}"`;
  const base = { severity: 'error', place: { expression: part.place } } as const;
  switch (replyOf(fault)) {
    case 403:
      return {
        ...base,
        rule: 'amqp/not-permitted',
        message: `The broker does not permit us the ${what}.`,
        remedy: declare
          ? "Give Hearback's user the permission to configure it, or set `declare: false` and have the broker's owner declare it."
          : "Give Hearback's user the permissions in docs/platforms.md.",
        issue: 'security',
      };
    case 404:
      return {
        ...base,
        rule: 'amqp/not-there',
        message: `The ${what} is not there.`,
        remedy: declare
          ? 'Declare what it is bound to, or correct the name.'
          : "Have the broker's owner declare it, correct the name, or set `declare: true`.",
        issue: 'not-found',
      };
    case 406: {
      const argument = differing(fault);
      const differs = argument === undefined ? '' : ` ("${argument}" differs)`;
      return {
        ...base,
        rule: 'amqp/declared-otherwise',
        message: `The ${what} is there, and was declared otherwise than we would${differs}.`,
        remedy:
          'Set `declare: false` if its owner wants it so; or let it be declared anew: empty it, delete it, and restart the engine. docs/platforms.md says what is declared.',
        issue: 'conflict',
      };
    }
    default:
      return {
        ...base,
        rule: 'amqp/topology',
        message: `The broker refuses the ${what} (${codeOf(fault)}).`,
        remedy: 'Ask whoever runs the broker; its log says more.',
        issue: 'processing',
      };
  }
}

/** The argument that the broker names as different. Values are left out. */
function differing(fault: unknown): string | undefined {
  return fault instanceof Error ? /inequivalent arg '([a-z-]{1,60})'/.exec(fault.message)?.[1] : undefined;
}
