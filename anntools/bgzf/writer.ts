/**
 * Text to BGZF blocks. The writer always knows the virtual offset of the next byte, so that an index can be made in
 * the same pass (SAMv1 4.1.1). What is written leaves in `out`, block by block; who owns the writer empties it.
 */
import { ByteBuffer } from '../bytes/buffer.ts';
import { type DeflateLevel, PAYLOAD_MAX, deflateBlock } from './block.ts';

/** Virtual offsets are held as numbers: compressed offset × 2^16 + offset in the block; exact up to files of 128 GiB. */
export const VIRTUAL_BLOCK = 1 << 16;

export class BgzfWriter {
  /** Text not yet compressed. Write here, then `settle`. */
  readonly text = new ByteBuffer(4 * PAYLOAD_MAX);
  /** Whole blocks. */
  readonly out = new ByteBuffer(1 << 20);

  constructor(private readonly level: DeflateLevel) {}

  /** Virtual offset of the next byte of text, counted from the start of `out`. Only true right after `settle`. */
  get virtualOffset(): number {
    return this.out.length * VIRTUAL_BLOCK + this.text.length;
  }

  /** Compresses every full block of text. */
  settle(): void {
    if (this.text.length < PAYLOAD_MAX) return;
    const { bytes, length } = this.text;
    let at = 0;
    for (; length - at >= PAYLOAD_MAX; at += PAYLOAD_MAX) {
      deflateBlock(bytes.subarray(at, at + PAYLOAD_MAX), this.level, this.out);
    }
    bytes.copyWithin(0, at, length);
    this.text.length = length - at;
  }

  /** Compresses what is left of the text. Does not write the closing empty block, which belongs to the file. */
  flush(): void {
    this.settle();
    if (this.text.length > 0) deflateBlock(this.text.view(), this.level, this.out);
    this.text.clear();
  }
}
