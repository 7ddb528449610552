/**
 * Reading: a VCF of any encoding as its header and batches of whole lines. Of BGZF the blocks are handed on as they
 * are stored, for a worker to inflate; only the block in which one batch ends and the next begins is inflated here, to
 * find the newline. Where batches are cut depends on the file alone, never on how its bytes arrive.
 */
import { type Block, blocks, gunzip, refuseForeignInside, sniff } from '../bgzf/reader.ts';
import { inflateBlock } from '../bgzf/block.ts';
import type { ByteSource } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';
import { HeaderReader, type VcfHeader } from '../vcf/header.ts';

/** Inflated bytes of a batch: some thousand lines of a usual file, so that handing it over costs nothing. */
const BATCH_SIZE = 1 << 20;
/** A line longer than this is refused: it would have to be held in memory whole. */
const LINE_LENGTH_MAX = 1 << 26;

const NEWLINE = 10;

export interface Batch {
  /** From 0, in file order. */
  index: number;
  /** Whether `bytes` is blocks as stored, or text. */
  encoding: 'bgzf' | 'text';
  bytes: Uint8Array<ArrayBuffer>;
  /** Of BGZF: inflated bytes at the start that belong to the batch before. */
  skip: number;
  /** Of BGZF: text after the last block, up to the end of its line. */
  tail: Uint8Array<ArrayBuffer>;
  /** Where `bytes` starts in the file, for messages. */
  offset: number;
  /** Bytes of the file that are read when this batch is. */
  readBytes: number;
}

export interface OpenedInput {
  header: VcfHeader;
  batches: AsyncGenerator<Batch>;
  /** True once all is read, when the file is BGZF and lacks the empty block that says it is whole. */
  lacksEnd: () => boolean;
}

/**
 * Reads the header.
 * @param batchSize inflated bytes of a batch, about.
 * @throws InputError when the input is no VCF, cut off or damaged.
 */
export async function openInput(source: ByteSource, batchSize = BATCH_SIZE): Promise<OpenedInput> {
  const encoding = await sniff(source);
  return encoding === 'bgzf'
    ? openBlocks(source, batchSize)
    : openText(source, encoding === 'gzip' ? gunzip(source) : source.rest(), batchSize);
}

async function openText(
  source: ByteSource,
  chunks: AsyncGenerator<Uint8Array>,
  batchSize: number,
): Promise<OpenedInput> {
  const reader = new HeaderReader();
  let rest = new Uint8Array(0) as Uint8Array;
  for (let first = true; ; first = false) {
    const next = await chunks.next();
    if (next.done) break;
    if (first) refuseForeignInside(next.value, 0, next.value.length);
    const end = reader.push(next.value);
    if (end < 0) continue;
    rest = next.value.subarray(end);
    break;
  }
  return { header: reader.finish(rest), batches: textBatches(source, rest, chunks, batchSize), lacksEnd: () => false };
}

/** Fills a buffer to the size of a batch, whatever the chunks, and cuts after its last newline. */
async function* textBatches(
  source: ByteSource,
  first: Uint8Array,
  chunks: AsyncGenerator<Uint8Array>,
  batchSize: number,
): AsyncGenerator<Batch> {
  let buffer = new Uint8Array(batchSize);
  let length = 0;
  let index = 0;
  const cut = (end: number): Batch => {
    const bytes = buffer.slice(0, end);
    buffer.copyWithin(0, end, length);
    length -= end;
    return {
      index: index++,
      encoding: 'text',
      bytes,
      skip: 0,
      tail: new Uint8Array(0),
      offset: 0,
      readBytes: source.offset,
    };
  };
  for (let chunk: Uint8Array | undefined = first; chunk !== undefined; chunk = await nextOf(chunks)) {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(buffer.length - length, chunk.length - at);
      buffer.set(chunk.subarray(at, at + count), length);
      at += count;
      length += count;
      if (length < buffer.length) continue;
      const newline = buffer.lastIndexOf(NEWLINE);
      if (newline >= 0) {
        yield cut(newline + 1);
        if (buffer.length > batchSize && length < batchSize) buffer = buffer.slice(0, batchSize);
      } else buffer = grown(buffer);
    }
  }
  if (length > 0) yield cut(length);
}

async function nextOf(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await chunks.next();
  return next.done ? undefined : next.value;
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (buffer.length >= LINE_LENGTH_MAX) throw tooLong();
  const larger = new Uint8Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}

function tooLong(): InputError {
  return new InputError('TOO_LARGE', 'a line is longer than 64 MB: this is no VCF that can be annotated');
}

async function openBlocks(source: ByteSource, batchSize: number): Promise<OpenedInput> {
  const reader = new HeaderReader();
  const stream = new BlockStream(source);
  let rest: Uint8Array = new Uint8Array(0);
  for (let first = true; ; first = false) {
    const block = await stream.next();
    if (block === undefined) break;
    const text = inflateBlock(block.bytes, 0, block.bytes.length, block.offset);
    if (first) refuseForeignInside(text, 0, text.length);
    const end = reader.push(text);
    if (end < 0) continue;
    rest = text.subarray(end);
    stream.putBack(block, end);
    break;
  }
  return { header: reader.finish(rest), batches: blockBatches(stream, batchSize), lacksEnd: () => !stream.closed };
}

/** Blocks, with the last one put back when it belongs to two batches. */
class BlockStream {
  /** Whether the closing empty block was there. */
  closed = true;
  /** Inflated bytes of the next block that are used up. */
  skip = 0;
  private again: Block | undefined;
  private readonly stream: AsyncGenerator<Block, boolean>;

  constructor(source: ByteSource) {
    this.stream = blocks(source);
  }

  async next(): Promise<Block | undefined> {
    const { again } = this;
    if (again) {
      this.again = undefined;
      return again;
    }
    const next = await this.stream.next();
    if (!next.done) return next.value;
    this.closed = next.value ?? this.closed;
    return undefined;
  }

  putBack(block: Block, skip: number): void {
    this.again = block;
    this.skip = skip;
  }
}

async function* blockBatches(stream: BlockStream, batchSize: number): AsyncGenerator<Batch> {
  for (let index = 0; ; index++) {
    const { skip } = stream;
    stream.skip = 0;
    const held: Block[] = [];
    let size = -skip;
    let tail: Uint8Array<ArrayBuffer> = new Uint8Array(0);
    for (;;) {
      const block = await stream.next();
      if (block === undefined) break;
      if (size >= batchSize) {
        const text = inflateBlock(block.bytes, 0, block.bytes.length, block.offset);
        const newline = text.indexOf(NEWLINE);
        if (newline >= 0) {
          tail = Uint8Array.from(text.subarray(0, newline + 1));
          stream.putBack(block, newline + 1);
          break;
        }
        if (size > LINE_LENGTH_MAX) throw tooLong();
      }
      held.push(block);
      size += inflatedSize(block);
    }
    if (held.length === 0) return;
    yield joined(index, held, skip, tail);
  }
}

/** ISIZE of a block; checked when it is inflated. */
function inflatedSize({ bytes }: Block): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(bytes.length - 4);
}

function joined(index: number, held: readonly Block[], skip: number, tail: Uint8Array<ArrayBuffer>): Batch {
  const bytes = new Uint8Array(held.reduce((sum, block) => sum + block.bytes.length, 0));
  let at = 0;
  for (const block of held) {
    bytes.set(block.bytes, at);
    at += block.bytes.length;
  }
  const { offset } = held[0];
  return { index, encoding: 'bgzf', bytes, skip, tail, offset, readBytes: offset + bytes.length };
}
