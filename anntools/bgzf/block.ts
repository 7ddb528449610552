/**
 * One BGZF block (SAMv1 section 4.1): a gzip member of at most 64 KiB either way, whose header says how long it is.
 * So a file can be cut into blocks without inflating anything, and every block can be checked by itself.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import { InputError } from '../errors.ts';
import { deflate } from './deflate.ts';

/** Largest inflated size of a block: BSIZE and ISIZE are bounded by 2^16 (SAMv1 4.1). */
const INFLATED_MAX = 1 << 16;

/** Text put into one block when writing: htslib's BGZF_BLOCK_SIZE, which never grows past 64 KiB when stored. */
export const PAYLOAD_MAX = 0xff00;

/** Bytes needed to see the size of a usual block: 12 of gzip, 6 of the one extra field. */
export const HEADER_SIZE = 18;

/** The empty block that says "the file is whole" (SAMv1 4.1.2). */
export const EOF_BLOCK: Uint8Array = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

/**
 * Length of the block that starts at `at`; 0 when bytes[at, end) is too short to tell; -1 when it is no BGZF block.
 */
export function blockSize(bytes: Uint8Array, at: number, end: number): number {
  if (end - at >= 4 && !isGzipWithExtra(bytes, at)) return -1;
  if (end - at < 12) return 0;
  const extraEnd = at + 12 + readU16(bytes, at + 10);
  for (let field = at + 12; field < extraEnd;) {
    if (end < field + 6) return 0;
    const length = readU16(bytes, field + 2);
    if (bytes[field] === 66 && bytes[field + 1] === 67 && length === 2) {
      const size = readU16(bytes, field + 4) + 1;
      return size >= extraEnd - at + 8 ? size : -1;
    }
    field += 4 + length;
  }
  return -1;
}

/**
 * Inflates the block bytes[at, at + size) and checks its length and checksum.
 * @param offset of the block in the file, for the message.
 * @throws InputError CORRUPT_COMPRESSION
 */
export function inflateBlock(bytes: Uint8Array, at: number, size: number, offset: number): Uint8Array {
  const length = readU32(bytes, at + size - 4);
  if (length > INFLATED_MAX) throw corrupt(offset, `claims to hold ${length} bytes, more than a block may`);
  let inflated: Uint8Array;
  try {
    // As a whole gzip member, whose length and checksum libdeflate compares by itself: 1.5 times node's zlib, and
    // faster than Bun.inflateSync, which has to guess how long the result is.
    const block = bytes.subarray(at, at + size) as Uint8Array<ArrayBuffer>;
    inflated = Bun.gunzipSync(block, { library: 'libdeflate' });
  } catch {
    throw corrupt(offset, 'cannot be inflated, or does not match its checksum');
  }
  if (inflated.length !== length) throw corrupt(offset, `holds ${inflated.length} bytes instead of ${length}`);
  return inflated;
}

function corrupt(offset: number, what: string): InputError {
  return new InputError(
    'CORRUPT_COMPRESSION',
    `the compressed file is damaged: the block at byte ${offset} ${what}. Make or download the file again`,
    { offset },
  );
}

/** libdeflate's levels: 0 stores, 1 is fast, 12 is small. */
export type DeflateLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/** The level at which our own deflater stands in for libdeflate's: a smaller result, in two thirds of the time. */
const OWN_LEVEL = 1;

/** Appends `payload` (at most PAYLOAD_MAX bytes) to `out` as one block; stored, where compressing gains nothing. */
export function deflateBlock(payload: Uint8Array<ArrayBuffer>, level: DeflateLevel, out: ByteBuffer): void {
  let data = level === OWN_LEVEL && payload.length > 0 ? deflate(payload) : libdeflate(payload, level);
  if (data.length > payload.length) data = libdeflate(payload, 0);
  out.reserve(HEADER_SIZE + data.length + 8);
  out.append(EOF_BLOCK, 0, 16);
  writeU16(out, data.length + HEADER_SIZE + 8 - 1);
  out.append(data);
  writeU32(out, Bun.hash.crc32(payload));
  writeU32(out, payload.length);
}

function libdeflate(payload: Uint8Array<ArrayBuffer>, level: DeflateLevel): Uint8Array {
  return Bun.deflateSync(payload, { library: 'libdeflate', level });
}

function isGzipWithExtra(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && (bytes[at + 3] & 4) !== 0;
}

function readU16(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function readU32(bytes: Uint8Array, at: number): number {
  return (readU16(bytes, at) | (readU16(bytes, at + 2) << 16)) >>> 0;
}

function writeU16(out: ByteBuffer, value: number): void {
  out.byte(value & 0xff);
  out.byte(value >>> 8);
}

function writeU32(out: ByteBuffer, value: number): void {
  writeU16(out, value & 0xffff);
  writeU16(out, value >>> 16);
}
