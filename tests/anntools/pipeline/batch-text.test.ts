import { expect, test } from 'bun:test';
import { deflateBlock, PAYLOAD_MAX } from '../../../anntools/bgzf/block.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { BatchText } from '../../../anntools/pipeline/batch-text.ts';

/** The text as blocks, one behind the other. */
function blocksOf(text: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const out = new ByteBuffer(1024);
  for (let at = 0; at < text.length; at += PAYLOAD_MAX) deflateBlock(text.subarray(at, at + PAYLOAD_MAX), 1, out);
  return Uint8Array.from(out.view());
}

test.each([1 << 20, (1 << 21) - 10, 1 << 21, (1 << 21) + 10, (1 << 22) - 10])(
  'the text of a batch is whole, whichever part of it fills %i bytes',
  (length) => {
    const text = Uint8Array.from({ length }, (_, i) => 65 + (i % 23));
    const tail = Uint8Array.from({ length: 50 }, (_, i) => 97 + (i % 23));
    const read = new BatchText();
    const { bytes, end } = read.read({
      index: 0,
      encoding: 'bgzf',
      bytes: blocksOf(text),
      skip: 0,
      tail,
      offset: 0,
      readBytes: 0,
    });
    expect(Buffer.from(bytes.subarray(0, end)).equals(Buffer.concat([text, tail]))).toBe(true);
  },
);
