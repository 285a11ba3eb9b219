/** Numbers of 32 bits, as many as come. */
export class GrowingUint32 {
  #array = new Uint32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = new Uint32Array(this.#array.length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length] = value;
    this.#length += 1;
  }

  get length(): number {
    return this.#length;
  }

  /** A view, not a copy. */
  values(): Uint32Array {
    return this.#array.subarray(0, this.#length);
  }
}

/** Identifiers as numbers of 64 bits, as many as come. */
export class GrowingIdentifiers {
  #array = new BigUint64Array(1024);
  #length = 0;

  push(identifier: string): void {
    if (this.#length === this.#array.length) {
      const larger = new BigUint64Array(this.#array.length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length] = BigInt(identifier);
    this.#length += 1;
  }

  get length(): number {
    return this.#length;
  }

  values(): BigUint64Array {
    return this.#array.subarray(0, this.#length);
  }
}
