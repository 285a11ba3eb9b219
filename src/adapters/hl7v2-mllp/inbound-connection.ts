import type { Socket } from 'node:net';
import type { Log } from '../../ports.ts';
import { codeOf } from './dial.ts';
import { FrameDecoder, frame } from './framing.ts';
import type { MemoryBudget } from './memory-budget.ts';

export interface ConnectionLimits {
  /** Longest message, in bytes. */
  readonly maxBytes: number;
  /** From the first byte of a frame to its last. */
  readonly frameMs: number;
  /** A connection on which nothing happens is closed. */
  readonly idleMs: number;
  /** How long a peer may leave its acknowledgements unread. */
  readonly unreadMs: number;
}

export interface ConnectionParts {
  readonly limits: ConnectionLimits;
  readonly budget: MemoryBudget;
  readonly log: Log;
  /** What to say about a message; undefined when nothing is to be said. Must not reject. */
  readonly answer: (message: Buffer) => Promise<Uint8Array | undefined>;
  /** What to say about one that cannot be taken, by its beginning. */
  readonly refuse: (head: Buffer, why: 'too-long' | 'no-room') => Uint8Array | undefined;
  /** For logs: whose connection it may be. */
  readonly partner: string;
  readonly onClosed: () => void;
}

/** So many bytes that belong to no frame are somebody who speaks another language. */
const MOST_STRAY = 64 * 1024;

/**
 * One connection of a partner. Its messages are answered in their order, one after the other. While messages wait, or the
 * peer leaves its acknowledgements unread, nothing more is read: what it sends then stays at its end.
 */
export class InboundConnection {
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #decoder: FrameDecoder;
  readonly #waiting: Buffer[] = [];
  #answering: Promise<void> | undefined;
  #inHand = 0;
  #ending = false;
  #retired = false;
  #lastWords: Uint8Array | undefined;
  #frameTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, parts: ConnectionParts) {
    const { limits, budget, onClosed } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#decoder = new FrameDecoder(limits.maxBytes);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#ended());
    socket.on('error', (fault) => this.#log('mllp.connection-lost', { code: codeOf(fault) }));
    // Every time: as an argument of setTimeout it would be heard once, and one time that is passed over would be the last.
    socket.setTimeout(limits.idleMs).on('timeout', () => this.#idle());
    socket.once('close', () => {
      clearTimeout(this.#frameTimer);
      for (const event of this.#decoder.end()) {
        if (event.kind === 'unfinished') this.#log('mllp.unfinished', { bytes: event.bytes });
      }
      budget.hold(this, 0);
      onClosed();
    });
  }

  /**
   * From now on the connection ends with the answer to what came last: its peer has seen that before it says more, and connects
   * anew. One on which nothing happens stays: to close it could cross with a message.
   */
  retire(): void {
    this.#retired = true;
  }

  /** Reads nothing more, answers what has come whole, and closes. */
  async drain(): Promise<void> {
    this.#ending = true;
    this.#socket.pause();
    if (this.#answering === undefined) this.#close();
    await this.#answering;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    // What comes after the end is let go.
    if (this.#ending) return;
    const wasInside = this.#decoder.inside;
    const events = this.#decoder.push(chunk);
    for (const event of events) {
      if (event.kind === 'message') this.#waiting.push(event.bytes);
      else if (event.kind === 'oversize') this.#refuse(event.head, 'too-long');
      else this.#log(`mllp.${event.kind}`, { bytes: event.bytes });
    }
    if (this.#decoder.stray > MOST_STRAY) this.#giveUp('stray-bytes');
    if (!this.#hold()) this.#refuse(this.#waiting.shift() ?? this.#decoder.head, 'no-room');
    if (events.length > 0 || !wasInside) this.#watchFrame();
    if (this.#waiting.length > 0) this.#answering ??= this.#answerAll();
    else if (this.#ending && this.#answering === undefined) this.#close();
  }

  #hold(): boolean {
    const bytes = this.#waiting.reduce((sum, one) => sum + one.length, this.#inHand + this.#decoder.held);
    return this.#parts.budget.hold(this, bytes);
  }

  async #answerAll(): Promise<void> {
    this.#socket.pause();
    // A frame that is slow because nobody reads is not the peer's fault.
    clearTimeout(this.#frameTimer);
    for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) {
      this.#inHand = message.length;
      const answer = await this.#parts.answer(message);
      if (answer !== undefined && answer.length > 0) await this.#write(answer);
      if (this.#socket.destroyed) return;
    }
    this.#inHand = 0;
    this.#hold();
    this.#answering = undefined;
    // In the middle of a frame the peer has said more already.
    if (this.#retired && !this.#decoder.inside) this.#ending = true;
    if (this.#ending) return this.#close();
    this.#watchFrame();
    this.#socket.resume();
  }

  /** Resolves when the peer has room for more. */
  #write(answer: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.write(frame(answer))) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#giveUp('answers-unread'), this.#parts.limits.unreadMs);
      const done = (): void => {
        clearTimeout(timer);
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }

  /** These are the last words, after the answers to what came before; but without room nothing else is kept. */
  #refuse(head: Buffer, why: 'too-long' | 'no-room'): void {
    this.#log('mllp.refused', { why });
    if (why === 'no-room') this.#waiting.length = 0;
    this.#ending = true;
    this.#lastWords = this.#parts.refuse(head, why);
  }

  #ended(): void {
    this.#ending = true;
    if (this.#answering === undefined) this.#close();
  }

  #close(): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#lastWords !== undefined) this.#socket.write(frame(this.#lastWords));
    this.#socket.end();
    // It can go on sending until it has read them; but not for ever.
    this.#socket.resume().setTimeout(this.#parts.limits.unreadMs);
  }

  #watchFrame(): void {
    clearTimeout(this.#frameTimer);
    if (!this.#decoder.inside || this.#ending) return;
    this.#frameTimer = setTimeout(() => this.#giveUp('frame-too-slow'), this.#parts.limits.frameMs);
  }

  #idle(): void {
    if (this.#answering === undefined || this.#ending) this.#giveUp('idle');
  }

  #giveUp(why: string): void {
    this.#log('mllp.closed', { why });
    this.#socket.destroy();
  }

  #log(event: string, fields: Readonly<Record<string, string | number>>): void {
    this.#parts.log.warn(event, { partner: this.#parts.partner, ...fields });
  }
}
