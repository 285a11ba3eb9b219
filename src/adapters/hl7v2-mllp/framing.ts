import { GrowingText } from './growing-text.ts';

/**
 * MLLP framing (HL7 "Transport Specification: MLLP", release 1): a message stands between a start block (VT) and an end block
 * (FS) with a carriage return. Bytes in, what they were out; no socket, no clock.
 *
 * What the specification leaves open:
 * - An FS that is not followed by CR belongs to the text. FS CR always ends a message.
 * - A VT inside a frame belongs to the text (word processors write it for a line break), unless a header segment follows: then
 *   the sender began anew and its earlier message never ended. If that ended in FS, only its CR is missing, and it counts.
 * - What stands between frames is skipped and counted.
 */
export type FrameEvent =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** So many bytes stood where a frame should begin. Told when one does, or at the end. */
  | { readonly kind: 'stray'; readonly bytes: number }
  /** A frame that began and never ended: nobody was told that it was taken. */
  | { readonly kind: 'unfinished'; readonly bytes: number }
  /** Longer than allowed; `head` is its beginning. From here on nothing more is read. */
  | { readonly kind: 'oversize'; readonly head: Buffer };

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;
/** Enough to find the header segment in. */
const HEAD_BYTES = 2_048;
const HEADERS: readonly string[] = ['MSH', 'FHS', 'BHS'];

/** Puts a message between its blocks. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(message.length + 3);
  framed[0] = VT;
  framed.set(message, 1);
  framed[message.length + 1] = FS;
  framed[message.length + 2] = CR;
  return framed;
}

/** Whether a message survives its frame: whoever reads it must not take a part of its text for its end, or for another's beginning. */
export function fitsFrame(message: Uint8Array): boolean {
  const decoder = new FrameDecoder(message.length);
  const [only] = decoder.push(frame(message));
  return only?.kind === 'message' && only.bytes.length === message.length;
}

/** Reads one connection's bytes, however they are cut. Holds at most about twice the longest message. */
export class FrameDecoder {
  readonly #maxBytes: number;
  readonly #text = new GrowingText();
  #state: 'outside' | 'inside' | 'closed' = 'outside';
  /** The end of what came, when more must come before it can be judged: up to three bytes. */
  #undecided: Buffer = Buffer.alloc(0);
  #stray = 0;

  /** @param maxBytes the longest message, without its blocks */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a frame has begun and not ended. */
  get inside(): boolean {
    return this.#state === 'inside';
  }

  /** Bytes of the unfinished message that are held. */
  get held(): number {
    return this.#text.length + this.#undecided.length;
  }

  /** The beginning of the unfinished message. */
  get head(): Buffer {
    return this.#text.head(HEAD_BYTES);
  }

  /** Bytes since the last frame that belong to none. */
  get stray(): number {
    return this.#stray;
  }

  push(chunk: Uint8Array): FrameEvent[] {
    const events: FrameEvent[] = [];
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const bytes = this.#undecided.length > 0 ? Buffer.concat([this.#undecided, fresh]) : fresh;
    this.#undecided = Buffer.alloc(0);
    let at = 0;
    while (at < bytes.length && this.#state !== 'closed') {
      at = this.#state === 'outside' ? this.#findStart(bytes, at, events) : this.#readText(bytes, at, events);
    }
    return events;
  }

  /** The connection has ended. */
  end(): FrameEvent[] {
    const events: FrameEvent[] = [];
    this.#tellStray(events);
    if (this.#state === 'inside') events.push({ kind: 'unfinished', bytes: this.held });
    this.#state = 'closed';
    this.#text.take();
    this.#undecided = Buffer.alloc(0);
    return events;
  }

  #findStart(bytes: Buffer, from: number, events: FrameEvent[]): number {
    const start = bytes.indexOf(VT, from);
    this.#stray += (start < 0 ? bytes.length : start) - from;
    if (start < 0) return bytes.length;
    this.#tellStray(events);
    this.#state = 'inside';
    return start + 1;
  }

  /** Reads on to the end of the frame or of the bytes; gives where to go on. */
  #readText(bytes: Buffer, from: number, events: FrameEvent[]): number {
    const marks = new Marks(bytes, from);
    for (let mark = marks.next(from); mark < bytes.length; mark = marks.next(mark + 1)) {
      const what = judge(bytes, mark);
      if (what === 'text') continue;
      if (!this.#add(bytes.subarray(from, mark), events)) return bytes.length;
      if (what === 'undecided') {
        this.#undecided = Buffer.from(bytes.subarray(mark));
        return bytes.length;
      }
      if (what === 'end') {
        events.push({ kind: 'message', bytes: this.#text.take() });
        this.#state = 'outside';
        return mark + 2;
      }
      this.#beginAnew(what, events);
      return mark + (what === 'start' ? 1 : 2);
    }
    this.#add(bytes.subarray(from), events);
    return bytes.length;
  }

  #beginAnew(what: 'start' | 'end-and-start', events: FrameEvent[]): void {
    const former = this.#text.take();
    if (what === 'end-and-start') events.push({ kind: 'message', bytes: former });
    else if (former.length > 0) events.push({ kind: 'unfinished', bytes: former.length });
  }

  /** False when the message has become too long. */
  #add(piece: Buffer, events: FrameEvent[]): boolean {
    const room = this.#maxBytes - this.#text.length;
    this.#text.add(piece.length > room ? piece.subarray(0, room) : piece);
    if (piece.length <= room) return true;
    events.push({ kind: 'oversize', head: this.#text.head(HEAD_BYTES) });
    this.#state = 'closed';
    this.#text.take();
    return false;
  }

  #tellStray(events: FrameEvent[]): void {
    if (this.#stray > 0) events.push({ kind: 'stray', bytes: this.#stray });
    this.#stray = 0;
  }
}

/** What a VT or an FS inside a frame is. */
type Meaning = 'text' | 'end' | 'start' | 'end-and-start' | 'undecided';

function judge(bytes: Buffer, mark: number): Meaning {
  if (bytes[mark] === VT) return startsAnew(bytes, mark);
  const next = bytes[mark + 1];
  if (next === undefined) return 'undecided';
  if (next === CR) return 'end';
  if (next !== VT) return 'text';
  const start = startsAnew(bytes, mark + 1);
  return start === 'start' ? 'end-and-start' : start;
}

function startsAnew(bytes: Buffer, vt: number): 'text' | 'start' | 'undecided' {
  const follows = bytes.toString('latin1', vt + 1, vt + 4);
  if (HEADERS.includes(follows)) return 'start';
  return follows.length < 3 && HEADERS.some((name) => name.startsWith(follows)) ? 'undecided' : 'text';
}

/** The places of VT and FS in order; each is looked for once, or a text full of one would be searched again and again for the other. */
class Marks {
  readonly #bytes: Buffer;
  #vt: number;
  #fs: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#vt = this.#find(VT, from);
    this.#fs = this.#find(FS, from);
  }

  /** The next one at or after a place; the length of the bytes when there is none. */
  next(from: number): number {
    if (this.#vt < from) this.#vt = this.#find(VT, from);
    if (this.#fs < from) this.#fs = this.#find(FS, from);
    return Math.min(this.#vt, this.#fs);
  }

  #find(byte: number, from: number): number {
    const found = this.#bytes.indexOf(byte, from);
    return found < 0 ? this.#bytes.length : found;
  }
}
