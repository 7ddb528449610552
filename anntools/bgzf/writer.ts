/**
 * Text to BGZF blocks, or to text where nothing is compressed. The writer always knows the virtual offset of the next
 * byte, so that an index can be made in the same pass (SAMv1 4.1.1). What is written leaves in `out`, block by block; who
 * owns the writer empties it.
 */
import { ByteBuffer } from '../bytes/buffer.ts';
import { type DeflateLevel, PAYLOAD_MAX, deflateBlock } from './block.ts';

/** Virtual offsets are held as numbers: compressed offset × 2^16 + offset in the block; exact up to files of 128 GiB. */
export const VIRTUAL_BLOCK = 1 << 16;

export class BgzfWriter {
  /** Text not yet compressed. Write here, then `settle`. */
  readonly text = new ByteBuffer(4 * PAYLOAD_MAX);
  /** Whole blocks, or text. */
  readonly out = new ByteBuffer(1 << 20);

  /** @param level null for text as it is. */
  constructor(private readonly level: DeflateLevel | null) {}

  /** Virtual offset of the next byte of text, counted from the start of `out`. Only true right after `settle`. */
  get virtualOffset(): number {
    return this.virtualBase + this.text.length;
  }

  /** The same of the first byte of text that is not yet compressed. */
  get virtualBase(): number {
    return this.out.length * VIRTUAL_BLOCK;
  }

  /** Compresses every full block of text. */
  settle(): void {
    if (this.text.length < PAYLOAD_MAX) return;
    const { bytes, length } = this.text;
    let at = 0;
    for (; length - at >= PAYLOAD_MAX; at += PAYLOAD_MAX) this.block(bytes.subarray(at, at + PAYLOAD_MAX));
    bytes.copyWithin(0, at, length);
    this.text.length = length - at;
  }

  /** Compresses what is left of the text. Does not write the closing empty block, which belongs to the file. */
  flush(): void {
    this.settle();
    if (this.text.length > 0) this.block(this.text.view());
    this.text.clear();
  }

  private block(payload: Uint8Array<ArrayBuffer>): void {
    if (this.level === null) this.out.append(payload);
    else deflateBlock(payload, this.level, this.out);
  }
}
