import type { ConfirmChannel, Options } from 'amqplib';
import { codeOf, replyName } from './fault-code.ts';
import type { HeldChannel } from './held-channel.ts';

/** One message to be published. */
export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Uint8Array;
  /** `message-id`: by it a message that comes back is known. */
  readonly id: string;
  readonly properties: Omit<Options.Publish, 'messageId' | 'mandatory' | 'persistent'>;
}

/** What became of it, with the one fact that decides between "try again" and "it may be there": what the broker said of it. */
export type Published =
  /** In a queue and safe there. */
  | { readonly kind: 'confirmed' }
  /** No queue takes it; the broker gave it back. */
  | { readonly kind: 'returned'; readonly code: string }
  /** The broker could not keep it (a full queue, a fault of its own). */
  | { readonly kind: 'nacked' }
  /** The broker closed the channel because of it. */
  | { readonly kind: 'refused'; readonly code: string; readonly reply: number }
  /** It cannot be said in AMQP at all. */
  | { readonly kind: 'unsendable' }
  /** Nothing left. */
  | { readonly kind: 'unsent'; readonly code: string }
  /** No word came: it may be in the queue. `aborted`: we gave up. */
  | { readonly kind: 'lost'; readonly code: string; readonly aborted: boolean };

export interface PublishLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What the library calls a negative confirmation; every other fault is an end of the channel. */
const NACKED = 'message nacked';
const NO_ROUTE = 312;

/**
 * Publishes on one channel that confirms: persistent, so that it is on disk when it is confirmed, and mandatory, so that what no
 * queue takes comes back instead of being dropped.
 */
export class Publisher {
  readonly #held: HeldChannel<ConfirmChannel>;
  readonly #waiting = new Set<object>();
  readonly #returned = new Map<string, string>();
  readonly #onLate: (id: string, published: Published) => void;
  /** The reply code with which the broker closed the channel while one message alone was under way: then it is about that one. */
  #blame: number | undefined;

  /** @param onLate is told what became of messages that nobody waits for any more */
  constructor(held: HeldChannel<ConfirmChannel>, onLate: (id: string, published: Published) => void = () => {}) {
    this.#held = held;
    this.#onLate = onLate;
    const { channel } = held;
    // The broker says this before it confirms the same message.
    channel.on('return', ({ fields, properties }) => {
      const reply: unknown = 'replyCode' in fields ? fields.replyCode : undefined;
      this.#returned.set(String(properties.messageId), replyName(typeof reply === 'number' ? reply : NO_ROUTE));
    });
    channel.on('error', (fault: Error & { code?: unknown }) => {
      if (this.#waiting.size === 1 && typeof fault.code === 'number') this.#blame = fault.code;
    });
  }

  /** Publishes and waits for the broker's word. Never rejects. */
  publish(publication: Publication, { timeoutMs, signal }: PublishLimits): Promise<Published> {
    if (signal.aborted) return Promise.resolve({ kind: 'unsent', code: 'ABORTED' });
    if (!this.#held.isOpen()) return Promise.resolve({ kind: 'unsent', code: 'CONNECTION_LOST' });
    return new Promise((resolve) => {
      let settled = false;
      const settle = (published: Published): void => {
        if (settled) {
          this.#onLate(publication.id, published);
          return;
        }
        settled = true;
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        resolve(published);
      };
      const abort = (): void => settle({ kind: 'lost', code: 'ABORTED', aborted: true });
      const timer = setTimeout(() => settle({ kind: 'lost', code: 'CONFIRM_TIMEOUT', aborted: false }), timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      const fault = this.#send(publication, settle);
      if (fault !== undefined) settle(fault);
    });
  }

  #send({ exchange, routingKey, body, id, properties }: Publication, settle: (one: Published) => void) {
    const own = {};
    const options = { ...properties, messageId: id, mandatory: true, persistent: true };
    const answered = (fault: unknown): void => {
      this.#waiting.delete(own);
      settle(this.#judge(id, fault));
    };
    this.#waiting.add(own);
    try {
      this.#held.channel.publish(exchange, routingKey, asBuffer(body), options, answered);
      return undefined;
    } catch (fault) {
      this.#waiting.delete(own);
      const isClosed = fault instanceof Error && fault.name === 'IllegalOperationError';
      return isClosed ? { kind: 'unsent' as const, code: codeOf(fault) } : { kind: 'unsendable' as const };
    }
  }

  #judge(id: string, fault: unknown): Published {
    const returned = this.#returned.get(id);
    this.#returned.delete(id);
    if (fault === null || fault === undefined)
      return returned === undefined ? { kind: 'confirmed' } : { kind: 'returned', code: returned };
    if (fault instanceof Error && fault.message === NACKED) return { kind: 'nacked' };
    if (this.#blame !== undefined) return { kind: 'refused', code: replyName(this.#blame), reply: this.#blame };
    return { kind: 'lost', code: 'CONNECTION_LOST', aborted: false };
  }
}

function asBuffer(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
