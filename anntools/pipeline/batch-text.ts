/** The text of a batch: of text the bytes themselves, of blocks inflated one behind the other into one buffer. */
import { blockSize, inflateBlock } from '../bgzf/block.ts';
import type { Batch } from './batches.ts';

/** A little more than a batch and its tail. */
const CAPACITY = 1 << 21;

export class BatchText {
  private buffer: Uint8Array;

  /** @param home memory where texts of a usual size shall lie, whatever the batch is */
  constructor(private readonly home?: Uint8Array) {
    this.buffer = home ?? new Uint8Array(CAPACITY);
  }

  /**
   * The lines of the batch are bytes[batch.skip, end). Valid until the next call.
   * @throws InputError CORRUPT_COMPRESSION when a block is damaged.
   */
  read({ encoding, bytes, tail, offset }: Batch): { bytes: Uint8Array; end: number } {
    const { home } = this;
    this.buffer = home ?? this.buffer;
    if (encoding === 'text') {
      if (home === undefined || bytes.length > home.length) return { bytes, end: bytes.length };
      home.set(bytes);
      return { bytes: home, end: bytes.length };
    }
    let end = 0;
    for (let at = 0; at < bytes.length;) {
      const size = blockSize(bytes, at, bytes.length);
      end = this.keep(inflateBlock(bytes, at, size, offset + at), end);
      at += size;
    }
    // Keeping the tail may bring another buffer.
    end = this.keep(tail, end);
    return { bytes: this.buffer, end };
  }

  private keep(part: Uint8Array, at: number): number {
    const end = at + part.length;
    if (end > this.buffer.length) {
      const larger = new Uint8Array(Math.max(end, this.buffer.length * 2));
      larger.set(this.buffer.subarray(0, at));
      this.buffer = larger;
    }
    this.buffer.set(part, at);
    return end;
  }
}
