/**
 * A stream of plain text, gzip (of any number of members) or BGZF as inflated bytes, in bounded memory: what it is
 * is seen in its first bytes, never in its name. `Bun.gunzipSync` stops after the first member without an error, so
 * everything here streams.
 */
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../errors.ts';
import { EOF_BLOCK, HEADER_SIZE, blockSize, inflateBlock } from './block.ts';
import type { ByteSource } from './source.ts';

export type Encoding = 'text' | 'gzip' | 'bgzf';

/** What people upload by mistake, by its first bytes (latin1). */
const FOREIGN: readonly (readonly [magic: string, name: string])[] = [
  ['PK\x03\x04', 'a zip archive (or an Excel or Word document): unpack it, or save it as text,'],
  ['BZh', 'compressed with bzip2: unpack it with bunzip2'],
  ['\xfd7zXZ\0', 'compressed with xz: unpack it with unxz'],
  ['\x28\xb5\x2f\xfd', 'compressed with zstd: unpack it with unzstd'],
  ['7z\xbc\xaf', 'a 7-Zip archive: unpack it'],
  ['Rar!', 'a RAR archive: unpack it'],
  ['%PDF', 'a PDF document: export the variants as VCF'],
  ['\xff\xfe', 'UTF-16 text: save it as UTF-8'],
  ['\xfe\xff', 'UTF-16 text: save it as UTF-8'],
  ['CRAM', 'a CRAM file of reads: call variants first'],
  ['\xd0\xcf\x11\xe0', 'an old Excel or Word document: save the variants as VCF text'],
];

/** What kinds of binary file hide inside gzip. */
const FOREIGN_INSIDE: readonly (readonly [magic: string, name: string])[] = [
  ['BCF\x02', 'BCF, the binary form: convert it with "bcftools view -Oz"'],
  ['BAM\x01', 'a BAM file of reads: call variants first'],
  ['TBI\x01', 'a tabix index: give the .vcf.gz beside it'],
  ['CSI\x01', 'a CSI index: give the .vcf.gz beside it'],
];

/** How the stream is compressed. @throws InputError NOT_VCF, naming the format, for what can never be text. */
export async function sniff(source: ByteSource): Promise<Encoding> {
  await source.need(HEADER_SIZE);
  const { bytes, start, end } = source;
  refuseForeign(bytes, start, end, FOREIGN);
  if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b || source.length < 2) return 'text';
  return blockSize(bytes, start, end) > 0 ? 'bgzf' : 'gzip';
}

/** @throws InputError NOT_VCF when inflated bytes begin as a binary format does. */
export function refuseForeignInside(bytes: Uint8Array, start: number, end: number): void {
  refuseForeign(bytes, start, end, FOREIGN_INSIDE);
}

function refuseForeign(bytes: Uint8Array, start: number, end: number, known: typeof FOREIGN): void {
  const first = Buffer.from(bytes.subarray(start, Math.min(end, start + 8))).toString('latin1');
  const found = known.find(([magic]) => first.startsWith(magic));
  if (found) throw new InputError('NOT_VCF', `the file is not a VCF but ${found[1]} and try again`);
}

/** The inflated bytes of a stream. @throws InputError TRUNCATED or CORRUPT_COMPRESSION, with the offset. */
export async function* inflate(source: ByteSource): AsyncGenerator<Uint8Array> {
  const encoding = await sniff(source);
  if (encoding === 'text') yield* source.rest();
  else if (encoding === 'gzip') yield* gunzip(source);
  else for await (const block of blocks(source)) yield inflateBlock(block.bytes, 0, block.bytes.length, block.offset);
}

export interface Block {
  /** The block as it is stored. A view: valid as long as it is held, never written. */
  bytes: Uint8Array;
  /** Where it starts in the file. */
  offset: number;
}

/** The blocks of a BGZF stream, not inflated. The generator returns whether the closing empty block was there. */
export async function* blocks(source: ByteSource): AsyncGenerator<Block, boolean> {
  let closed = false;
  while (await source.need(1)) {
    await source.need(HEADER_SIZE);
    let size = blockSize(source.bytes, source.start, source.end);
    // A header with other extra fields before BGZF's own.
    for (let more = 64; size === 0 && (await source.need(more)); more *= 4) {
      size = blockSize(source.bytes, source.start, source.end);
    }
    if (size < 0) throw strayBytes(source);
    if (size === 0 || !(await source.need(size))) throw truncated(source.offset + source.length);
    const bytes = source.bytes.subarray(source.start, source.start + size);
    closed = size === EOF_BLOCK.length && Buffer.compare(bytes, EOF_BLOCK) === 0;
    yield { bytes, offset: source.offset };
    source.skip(size);
  }
  return closed;
}

function strayBytes(source: ByteSource): InputError {
  const { offset, bytes, start } = source;
  const gzip = bytes[start] === 0x1f && bytes[start + 1] === 0x8b;
  const what = gzip ? 'a plain gzip member follows BGZF blocks' : 'there is no BGZF block where one should start';
  return new InputError(
    'CORRUPT_COMPRESSION',
    `the compressed file is damaged: at byte ${offset} ${what}. Compress it again with bgzip`,
    { offset },
  );
}

function truncated(offset: number): InputError {
  return new InputError(
    'TRUNCATED',
    `the compressed file ends in the middle of a block, at byte ${offset}: it was cut off while being made or ` +
      'uploaded. Make or upload it again',
    { offset },
  );
}

/** Inflates gzip of one or more members; zero padding after the last is ignored, as gzip does. */
export async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  const inflater = createGunzip({ chunkSize: 1 << 18 });
  pipeline(Readable.from(source.rest()), inflater, () => {});
  try {
    for await (const chunk of inflater) yield chunk as Uint8Array;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw truncated(source.offset);
    if (!code?.startsWith('Z_')) throw cause;
    throw new InputError(
      'CORRUPT_COMPRESSION',
      `the compressed file is damaged at or before byte ${source.offset} (${(cause as Error).message}). ` +
        'Make or download the file again',
      { offset: source.offset },
    );
  }
}
