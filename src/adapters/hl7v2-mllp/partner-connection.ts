import type { Socket } from 'node:net';
import { type Acknowledgement, readAcknowledgement } from '../../core/hl7v2/read-acknowledgement.ts';
import { type Address, codeOf, dial } from './dial.ts';
import { FrameDecoder, frame } from './framing.ts';

export interface Outgoing {
  readonly message: Uint8Array;
  /** MSH-10 as it stands in the message. */
  readonly controlId: string;
}

export interface MllpLimits {
  /** For everything: connecting, sending, and the acknowledgement. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxReplyBytes: number;
  /** Whether a positive accept acknowledgement is only half of what is waited for. */
  readonly wantsApplication: boolean;
}

/** An acknowledgement as it was read, and as it came. */
export interface HeardAck extends Acknowledgement {
  readonly bytes: Buffer;
}

/** What came of one message, with the one fact that decides between "try again" and "it may have arrived". */
export type MllpExchange =
  | { readonly kind: 'reply'; readonly ack: HeardAck }
  | { readonly kind: 'failed'; readonly written: boolean; readonly aborted: boolean; readonly code: string };

export interface ConnectionEars {
  /** An acknowledgement of another message than the one that is waited for. */
  readonly onStrangeAck: (ack: HeardAck) => void;
  /** Something that is no acknowledgement. */
  readonly onStrangeMessage: (bytes: number) => void;
}

interface Waiting extends Outgoing {
  readonly settle: (exchange: MllpExchange) => void;
  /** The message is kept safe at the other end, and its application has not spoken yet. */
  accepted?: HeardAck;
}

/**
 * One connection to a partner, opened when something is to be sent and kept. One message at a time: the next is sent when the
 * former is acknowledged or its time is up.
 *
 *   closed ──exchange──▶ connecting ──▶ idle ◀──acknowledged── waiting ──time is up──▶ unsure ──any message──▶ idle
 *                                                                                        └──exchange──▶ connecting (anew)
 *
 * Unsure: nobody knows whether the other end is slow or gone. What still comes is heard, but nothing more is sent this way.
 */
export class PartnerConnection {
  readonly #address: Address;
  readonly #limits: MllpLimits;
  readonly #ears: ConnectionEars;
  #socket: Socket | undefined;
  #dialing: AbortController | undefined;
  #waiting: Waiting | undefined;
  #unsure = false;

  constructor(address: Address, limits: MllpLimits, ears: ConnectionEars) {
    this.#address = address;
    this.#limits = limits;
    this.#ears = ears;
  }

  /** Sends one message and waits for its acknowledgement. Never rejects: what goes wrong on the way is a value. */
  async exchange(outgoing: Outgoing, signal: AbortSignal): Promise<MllpExchange> {
    if (this.#waiting !== undefined) throw new Error('a connection carries one message at a time');
    if (signal.aborted) return failed('ABORTED', { aborted: true });
    const until = performance.now() + this.#limits.timeoutMs;
    if (this.#unsure) this.close();
    const socket = await this.#connected(signal).catch((fault: unknown) => codeOf(fault));
    if (typeof socket === 'string') return failed(socket, { aborted: socket === 'ABORTED' });
    const left = until - performance.now();
    return this.#send(socket, outgoing, { signal, left });
  }

  close(): void {
    this.#dialing?.abort();
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#unsure = false;
    this.#lost('CLOSED', true);
  }

  async #connected(signal: AbortSignal): Promise<Socket> {
    if (this.#socket !== undefined) return this.#socket;
    const socket = await this.#dial(signal);
    const decoder = new FrameDecoder(this.#limits.maxReplyBytes);
    socket.on('data', (chunk: Buffer) => this.#hear(socket, decoder, chunk));
    socket.on('error', (fault: Error) => this.#gone(socket, codeOf(fault)));
    socket.on('end', () => this.#gone(socket, 'CLOSED_BY_PARTNER'));
    socket.on('close', () => this.#gone(socket, 'CLOSED_BY_PARTNER'));
    this.#socket = socket;
    return socket;
  }

  async #dial(signal: AbortSignal): Promise<Socket> {
    const { timeoutMs, connectTimeoutMs } = this.#limits;
    const dialing = new AbortController();
    const abort = (): void => dialing.abort();
    signal.addEventListener('abort', abort, { once: true });
    this.#dialing = dialing;
    try {
      return await dial(this.#address, Math.min(timeoutMs, connectTimeoutMs), dialing.signal);
    } finally {
      this.#dialing = undefined;
      signal.removeEventListener('abort', abort);
    }
  }

  #send(socket: Socket, outgoing: Outgoing, { signal, left }: { signal: AbortSignal; left: number }) {
    return new Promise<MllpExchange>((resolve) => {
      const timer = setTimeout(() => this.#timeIsUp(), Math.max(0, left));
      const abort = (): void => {
        this.#lost('ABORTED', true);
        this.close();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting = {
        ...outgoing,
        settle: (exchange) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          this.#waiting = undefined;
          resolve(exchange);
        },
      };
      socket.write(frame(outgoing.message));
    });
  }

  #hear(socket: Socket, decoder: FrameDecoder, chunk: Buffer): void {
    for (const event of decoder.push(chunk)) {
      if (event.kind === 'message') this.#take(event.bytes);
      if (event.kind === 'oversize') this.#gone(socket, 'REPLY_TOO_LARGE');
    }
  }

  #take(bytes: Buffer): void {
    const read = readAcknowledgement(bytes);
    this.#unsure = false;
    const waiting = this.#waiting;
    if (read === undefined) {
      this.#ears.onStrangeMessage(bytes.length);
      return;
    }
    const ack = { ...read, bytes };
    if (waiting === undefined || ack.answers !== waiting.controlId) this.#ears.onStrangeAck(ack);
    else if (this.#limits.wantsApplication && ack.code === 'CA') waiting.accepted = ack;
    else waiting.settle({ kind: 'reply', ack });
  }

  #timeIsUp(): void {
    this.#unsure = true;
    this.#lost('NO_ACKNOWLEDGEMENT', false);
  }

  #gone(socket: Socket, code: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#unsure = false;
    socket.destroy();
    this.#lost(code, false);
  }

  /** Nothing more will come of what is waited for. What was accepted before is known all the same. */
  #lost(code: string, aborted: boolean): void {
    const { accepted } = this.#waiting ?? {};
    const written = !NOT_ADMITTED.test(code);
    this.#waiting?.settle(
      accepted === undefined ? failed(code, { aborted, written }) : { kind: 'reply', ack: accepted },
    );
  }
}

/**
 * The partner refuses our certificate. With TLS 1.3 we learn that only after we have spoken (RFC 8446, appendix E.1); but
 * whoever refuses the handshake has read nothing of what came after it.
 */
const NOT_ADMITTED =
  /_ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|HANDSHAKE_FAILURE)$/;

function failed(code: string, { aborted = false, written = false }): MllpExchange {
  return { kind: 'failed', written, aborted, code };
}
