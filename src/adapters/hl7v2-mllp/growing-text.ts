const FIRST_BYTES = 4 * 1024;

/**
 * Bytes that come in pieces of any size, gathered without keeping the pieces: a message that comes byte by byte must not cost
 * an object for each. Takes at most twice what it holds.
 */
export class GrowingText {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = needed;
  }

  /** A copy of the first bytes. */
  head(atMost: number): Buffer {
    return Buffer.from(this.#bytes.subarray(0, Math.min(atMost, this.#length)));
  }

  /** Gives what is there and is empty again; the memory of a large text is let go. */
  take(): Buffer {
    const taken = this.head(this.#length);
    this.#length = 0;
    if (this.#bytes.length > FIRST_BYTES) this.#bytes = Buffer.alloc(0);
    return taken;
  }
}
