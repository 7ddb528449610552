import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { EOF_BLOCK, PAYLOAD_MAX, blockSize, deflateBlock } from '../../../anntools/bgzf/block.ts';
import { inflate, sniff } from '../../../anntools/bgzf/reader.ts';
import { ByteSource } from '../../../anntools/bgzf/source.ts';
import { BgzfWriter, VIRTUAL_BLOCK } from '../../../anntools/bgzf/writer.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { InputError } from '../../../anntools/errors.ts';

/** The bytes as a stream of chunks of the given sizes, over and over. */
async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

function* zeros(mib: number): Generator<Buffer> {
  for (let i = 0; i < mib; i++) yield Buffer.alloc(1 << 20);
}

async function inflated(bytes: Uint8Array, sizes: readonly number[] = [1 << 20]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(inflate(new ByteSource(cut(bytes, sizes)))));
}

async function failure(bytes: Uint8Array, sizes: readonly number[] = [1 << 20]): Promise<InputError> {
  try {
    await inflated(bytes, sizes);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function bgzf(text: Uint8Array, level: 0 | 1 | 6 = 1): Buffer {
  const writer = new BgzfWriter(level);
  writer.text.append(text);
  writer.flush();
  writer.out.append(EOF_BLOCK);
  return Buffer.from(writer.out.view());
}

const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 200_000, size: 'max' }));
const sizes = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });

describe('BGZF', () => {
  test('what is written is read back, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, sizes, fc.constantFrom(0, 1, 6), async (text, cuts, level) => {
        expect(Buffer.compare(await inflated(bgzf(text, level as 0 | 1 | 6), cuts), text)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('any gzip reader reads it', () => {
    const text = Buffer.from('chr1\t100\t.\tA\tC\n'.repeat(20_000));
    expect(Bun.spawnSync(['gzip', '-dc'], { stdin: bgzf(text) }).stdout.equals(text)).toBe(true);
  });

  test('a virtual offset leads to the byte that is written next', () => {
    const writer = new BgzfWriter(1);
    const line = Buffer.from('0123456789abcdef'.repeat(100));
    const offsets: number[] = [];
    for (let i = 0; i < 200; i++) {
      offsets.push(writer.virtualOffset);
      writer.text.append(line);
      writer.settle();
    }
    writer.flush();
    const file = writer.out.view();
    for (const offset of offsets) {
      const block = Math.floor(offset / VIRTUAL_BLOCK);
      const size = blockSize(file, block, file.length);
      expect(size).toBeGreaterThan(0);
      const text = Bun.gunzipSync(file.subarray(block, block + size) as Uint8Array<ArrayBuffer>);
      expect(text[offset % VIRTUAL_BLOCK]).toBe('0'.charCodeAt(0));
    }
  });

  test('a full block of incompressible text fits', () => {
    const noise = crypto.getRandomValues(new Uint8Array(PAYLOAD_MAX));
    for (const level of [0, 1, 6, 12] as const) {
      const out = new ByteBuffer();
      deflateBlock(noise, level, out);
      expect(blockSize(out.bytes, 0, out.length)).toBe(out.length);
      expect(out.length).toBeLessThanOrEqual(1 << 16);
    }
  });

  test('the empty closing block is no text', async () => {
    expect(await inflated(Buffer.from(EOF_BLOCK))).toEqual(Buffer.alloc(0));
  });

  test('a file cut anywhere is refused with the place, or is whole up to a block', async () => {
    const text = Buffer.from('chr20\t60002\t.\tG\tC\t60\tPASS\tAN=2\n'.repeat(5000));
    const file = bgzf(text);
    for (let keep = 2; keep < file.length; keep += 97) {
      const part = file.subarray(0, keep);
      try {
        const got = await inflated(part, [1000]);
        expect(text.subarray(0, got.length).equals(got)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect(['TRUNCATED', 'CORRUPT_COMPRESSION']).toContain((error as InputError).code);
        expect((error as InputError).place.offset).toBeLessThanOrEqual(keep);
      }
    }
  });

  test('a changed byte is noticed', async () => {
    const file = bgzf(Buffer.from('chr20\t60002\t.\tG\tC\t60\tPASS\tAN=2\n'.repeat(5000)));
    for (const at of [40, 200, blockSize(file, 0, file.length) - 6, blockSize(file, 0, file.length) - 3]) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const error = await failure(changed);
      expect(error.code).toBe('CORRUPT_COMPRESSION');
      expect(error.message).toContain('block at byte 0');
    }
  });

  test('stray bytes between blocks are named with their offset', async () => {
    const file = bgzf(Buffer.from('text'));
    const error = await failure(Buffer.concat([file, Buffer.from('not a block')]));
    expect(error.message).toContain(`at byte ${file.length} there is no BGZF block`);
    expect((await failure(Buffer.concat([file, gzipSync('more')]))).message).toContain('plain gzip member');
  });

  test('a block that claims more than 64 KiB is refused before it is inflated', async () => {
    const file = bgzf(Buffer.from('text'));
    file.writeUInt32LE(1 << 30, blockSize(file, 0, file.length) - 4);
    expect((await failure(file)).message).toContain('claims to hold 1073741824 bytes');
  });
});

describe('gzip and text', () => {
  test('members one after another, padding and all, however cut', async () => {
    const file = Buffer.concat([gzipSync('one '), gzipSync('two '), gzipSync('three'), Buffer.alloc(512)]);
    for (const size of [1, 7, 1000]) expect((await inflated(file, [size])).toString()).toBe('one two three');
  });

  test('a cut gzip file is said to be cut', async () => {
    const file = gzipSync('variants '.repeat(1000));
    expect((await failure(file.subarray(0, file.length - 9))).code).toBe('TRUNCATED');
    expect((await failure(Buffer.concat([file, file.subarray(0, 5)]))).code).toBe('TRUNCATED');
  });

  test('a damaged gzip file is said to be damaged', async () => {
    const file = gzipSync('variants '.repeat(1000));
    file[file.length - 6] = (file[file.length - 6] ?? 0) ^ 1;
    expect((await failure(file)).code).toBe('CORRUPT_COMPRESSION');
  });

  test('a gzip bomb streams in bounded memory', async () => {
    // In a process of its own, which says itself what it held: Linux lets a child's peak begin with its parent's.
    const folder = mkdtempSync(join(tmpdir(), 'gas-bomb-'));
    const bomb = join(folder, 'bomb.gz');
    const mib = 768;
    await pipeline(Readable.from(zeros(mib)), createGzip({ level: 1 }), createWriteStream(bomb));
    const reader = Bun.spawnSync([process.execPath, join(import.meta.dir, 'inflated-length.ts'), bomb]);
    rmSync(folder, { recursive: true });
    const { length, peak } = JSON.parse(reader.stdout.toString()) as { length: number; peak: number };
    expect(length).toBe(mib << 20);
    expect(peak).toBeLessThan((mib / 2) << 20);
  });

  test('text passes as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), sizes, async (text, cuts) => {
        fc.pre(!text.startsWith('PK'));
        expect((await inflated(Buffer.from(`#${text}`), cuts)).toString()).toBe(`#${text}`);
      }),
    );
  });

  for (const [name, magic, word] of [
    ['zip', 'PK\x03\x04....', 'zip archive'],
    ['bzip2', 'BZh91AY', 'bunzip2'],
    ['xz', '\xfd7zXZ\0\0', 'unxz'],
    ['zstd', '\x28\xb5\x2f\xfd....', 'unzstd'],
    ['UTF-16', '\xff\xfe#\0#\0', 'UTF-8'],
    ['PDF', '%PDF-1.7', 'PDF'],
  ] as const) {
    test(`${name} is recognised and refused`, async () => {
      const error = await failure(Buffer.from(magic, 'latin1'));
      expect(error.code).toBe('NOT_VCF');
      expect(error.message).toContain(word);
    });
  }

  test('what a file is does not depend on its name or on how the first bytes arrive', async () => {
    const cases = [
      ['bgzf', bgzf(Buffer.from('x'))],
      ['gzip', gzipSync('x')],
      ['text', Buffer.from('##fileformat=VCFv4.2\n')],
      ['text', Buffer.alloc(0)],
    ] as const;
    for (const [encoding, file] of cases) {
      for (const size of [1, 5, 1000]) expect(await sniff(new ByteSource(cut(file, [size])))).toBe(encoding);
    }
  });
});
