/**
 * A growing buffer of output bytes. Everything the engine writes goes through one of these; nothing makes a string
 * on the way. `bytes` and `length` are public because the hot loops write through them directly.
 */
export class ByteBuffer {
  bytes: Buffer<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const need = this.length + count;
    if (need <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(need, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Appends `source[start, end)`. @throws RangeError when the source ends before. */
  append(source: Uint8Array, start = 0, end = source.length): void {
    const count = end - start;
    this.reserve(count);
    // Measured over a whole annotation: copying natively pays from eight bytes on.
    if (count < 8) {
      const { bytes } = this;
      let at = this.length;
      for (let i = start; i < end; i++) bytes[at++] = source[i];
    } else {
      const copied = Buffer.prototype.copy.call(source, this.bytes, this.length, start, end);
      // Memory is used again: what a short copy leaves would be bytes of another file.
      if (copied !== count) throw new RangeError(`bytes ${start} to ${end} of ${source.length}`);
    }
    this.length += count;
  }

  /** Appends a string of ASCII characters. For cold paths and short constants. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.length += this.bytes.write(text, this.length, 'latin1');
  }

  /** Appends an integer in decimal. */
  integer(value: number): void {
    this.reserve(20);
    const { bytes } = this;
    if (value < 0) {
      bytes[this.length++] = 45;
      value = -value;
    }
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const rest = Math.floor(value / 10);
      bytes[at] = 48 + (value - rest * 10);
      value = rest;
    }
    this.length += digits;
  }

  clear(): void {
    this.length = 0;
  }

  /** Goes on in memory that somebody else reads, which must be large enough for what has been written. */
  moveTo(bytes: Buffer<ArrayBuffer>): void {
    if (bytes === this.bytes) return;
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }

  /** Hands over what has been written with the memory it lies in, and goes on in `spare`, which nobody else may use. */
  take(spare = new ArrayBuffer(this.bytes.length)): Uint8Array<ArrayBuffer> {
    const written = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset, this.length);
    this.bytes = Buffer.from(spare);
    this.length = 0;
    return written;
  }

  /** What has been written, as a view: valid until the next write. */
  view(): Buffer<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}
