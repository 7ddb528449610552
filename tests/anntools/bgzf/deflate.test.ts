/** What our own deflater makes of a text, any other program makes the text of again. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { inflateRawSync } from 'node:zlib';
import { PAYLOAD_MAX, blockSize, deflateBlock, inflateBlock } from '../../../anntools/bgzf/block.ts';
import { deflate } from '../../../anntools/bgzf/deflate.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';

/** Compresses the bytes, and expects them back from zlib; answers how many bytes they became. */
function compressed(bytes: Uint8Array): number {
  // Copied, since the answer lies in the deflater's memory.
  const deflated = Buffer.from(deflate(bytes));
  expect(inflateRawSync(deflated).equals(bytes)).toBe(true);
  // Nothing stands behind the last block.
  expect(() => inflateRawSync(deflated.subarray(0, -1))).toThrow();
  return deflated.length;
}

const noise = (length: number): Buffer<ArrayBuffer> => Buffer.from(crypto.getRandomValues(new Uint8Array(length)));

/** Each byte as often as it is told, in an order without seven bytes that stood before, as far as there is one: all are literals. */
function literals(counts: ReadonlyMap<number, number>): Uint8Array {
  const left = new Map(counts);
  const seen = new Set<string>();
  const shareOf = (byte: number): number => (left.get(byte) ?? 0) / (counts.get(byte) ?? 1);
  let last = '';
  const total = counts.values().reduce((sum, count) => sum + count, 0);
  return Uint8Array.from({ length: total }, () => {
    const bytes = [...left.keys()].sort((a, b) => shareOf(b) - shareOf(a));
    const next = bytes.find((byte) => !seen.has(last + String.fromCharCode(byte))) ?? bytes[0] ?? 0;
    seen.add(last + String.fromCharCode(next));
    last = (last + String.fromCharCode(next)).slice(-6);
    left.set(next, (left.get(next) ?? 0) - 1);
    if (left.get(next) === 0) left.delete(next);
    return next;
  });
}

/** 1, 1, 2, 3, 5, … */
function fibonacci(count: number): number[] {
  const numbers = [1, 1];
  while (numbers.length < count) numbers.push((numbers.at(-1) ?? 1) + (numbers.at(-2) ?? 1));
  return numbers;
}

/** Bytes of a few kinds, each as likely as chance makes it. */
const skewed = fc
  .tuple(
    fc.array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 12 })), { minLength: 1 }),
    fc.integer(),
    length(PAYLOAD_MAX),
  )
  .map(([kinds, seed, total]) => {
    const bag = kinds.flatMap(([byte, weight]) => Array.from({ length: 2 ** weight }, () => byte));
    let state = seed;
    return Uint8Array.from({ length: total }, () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return bag[(state >> 8) % bag.length] ?? 0;
    });
  });

/** Text that repeats itself at every distance: pieces of a few sizes, over and over in any order. */
const repetitive = fc
  .tuple(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 700, size: 'max' }), { minLength: 1, maxLength: 8 }),
    fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 500, size: 'max' }),
  )
  .map(([pieces, order]) => {
    return Buffer.concat(order.map((i) => pieces[i % pieces.length] ?? Buffer.alloc(1))).subarray(0, PAYLOAD_MAX);
  });

const gene = fc.constantFrom('BRCA2|ENSG00000139618', 'DDX11L1|ENSG00000223972', 'SAMD11|ENSG00000187634');
const line = fc
  .tuple(
    fc.nat({ max: 2e8 }),
    fc.constantFrom(...'ACGT'),
    fc.constantFrom(...'ACGT'),
    fc.array(gene, { minLength: 1, maxLength: 9 }),
  )
  .map(([position, ref, alt, genes]) => {
    const blocks = genes.map(
      (name) => `${alt}|intron_variant&non_coding_transcript_variant|MODIFIER|${name}|Transcript||||||1`,
    );
    return `20\t${position}\t.\t${ref}\t${alt}\t100\tPASS\tAC=${position % 99};CSQ=${blocks.join(',')}\tGT\t0|1\n`;
  });
const annotated = fc
  .array(line, { minLength: 1, maxLength: 120, size: 'max' })
  .map((lines) => Buffer.from(lines.join('')).subarray(0, PAYLOAD_MAX));

function length(max: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max }),
    fc.constantFrom(1, 7, 8, 9, max - 1, max),
  );
}

describe('what is compressed is inflated again', () => {
  test.each([
    ['bytes without order', length(PAYLOAD_MAX).map(noise)],
    ['bytes some of which are rare', skewed],
    ['pieces over and over', repetitive],
    ['annotated lines', annotated],
    [
      'one byte over and over',
      fc.tuple(length(PAYLOAD_MAX), fc.nat({ max: 255 })).map(([n, byte]) => Buffer.alloc(n, byte)),
    ],
  ])('%s', (_, bytes: fc.Arbitrary<Uint8Array>) => {
    fc.assert(
      fc.property(bytes, (one) => void compressed(one)),
      { numRuns: 200 },
    );
  });

  test('the shortest texts', () => {
    for (let length = 1; length <= 20; length++) {
      for (const step of [0, 1, 85]) compressed(Uint8Array.from({ length }, (_, i) => i * step));
    }
    for (let byte = 0; byte < 256; byte++) compressed(Uint8Array.of(byte));
  });

  test('every byte as often as every other', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    compressed(all);
    compressed(Buffer.concat([all, all.toReversed(), all]));
    compressed(Uint8Array.from({ length: PAYLOAD_MAX }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24));
  });

  // Each symbol as often as the two before it together: the rarest would have a code of a bit for each of them, which
  // is more than the fifteen (of lengths of codes: seven) that there are.
  test.each([15, 16, 17, 18, 19])('%i bytes so rare that their codes must be shortened', (kinds) => {
    // The end of the block is another that comes once.
    const counts = fibonacci(kinds + 1).slice(1);
    compressed(literals(new Map(counts.map((count, i) => [33 + i, count]))));
    compressed(literals(new Map(counts.map((count, i) => [33 + kinds - i, count]))));
  });

  test('lengths of codes so rare that their own codes must be shortened', () => {
    // One byte with a code of one bit, one of two, and then more and more of each length, those of a length apart.
    const lengths = [1, 2, ...fibonacci(10).flatMap((count, i) => Array.from({ length: count }, () => i + 4))];
    const byteOf = (i: number): number => (i * 101) % 256;
    compressed(literals(new Map(lengths.map((length, i) => [byteOf(i), 2 ** (13 - length)]))));
  });

  test('many distances, each half as often as a nearer one', () => {
    // Four new bytes, and seven that stood so many times eleven bytes before.
    const units: Buffer[] = [];
    for (let power = 0; power < 12; power++) {
      for (let n = 0; n < 2 ** (11 - power); n++) {
        const unit = noise(4);
        const before = Buffer.concat([units.at(-(2 ** power)) ?? unit, unit]);
        units.push(Buffer.concat([unit, before.subarray(0, 7)]));
      }
    }
    compressed(Buffer.concat(units));
  });

  test.each([32_766, 32_767, 32_768, 32_769, 32_770])('a repeat %i bytes apart, of every length', (distance) => {
    for (const length of [6, 7, 8, 9, 10, 11, 12, 18, 66, 130, 131, 256, 257, 258, 259, 260, 516, 600]) {
      const repeated = noise(length);
      const between = noise(distance - length);
      const size = compressed(Buffer.concat([repeated, between, repeated]));
      // Farther than 32,768 bytes nothing can be told; nearer a long repeat is.
      const all = distance + length;
      if (length >= 256) expect(size < all - 100).toBe(distance <= 32_768);
    }
  });

  test('a run of each length from its first byte on', () => {
    for (let length = 1; length < 540; length++)
      compressed(Buffer.concat([Buffer.alloc(length, 65), Buffer.from('BCD')]));
  });

  test('the same bytes become the same, whatever came before', () => {
    fc.assert(
      fc.property(annotated, fc.oneof(annotated, repetitive, skewed), (bytes, other) => {
        const first = Buffer.from(deflate(bytes));
        deflate(other);
        expect(first.equals(deflate(bytes))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('annotated lines become much shorter, and any bytes hardly longer', () => {
    const [lines = Buffer.alloc(1)] = fc.sample(annotated, { numRuns: 1, seed: 1 });
    expect(compressed(lines)).toBeLessThan(lines.length / 4);
    expect(compressed(noise(PAYLOAD_MAX))).toBeLessThan(PAYLOAD_MAX + 400);
  });
});

describe('as a block', () => {
  test('of any bytes it is no larger than a block may be, and read back', () => {
    const half = Buffer.alloc(PAYLOAD_MAX);
    noise(PAYLOAD_MAX / 2).copy(half);
    for (const bytes of [noise(PAYLOAD_MAX), noise(PAYLOAD_MAX - 1), noise(1), half, Buffer.alloc(PAYLOAD_MAX)]) {
      const out = new ByteBuffer();
      deflateBlock(bytes, 1, out);
      expect(blockSize(out.bytes, 0, out.length)).toBe(out.length);
      expect(out.length).toBeLessThanOrEqual(1 << 16);
      expect(Buffer.from(inflateBlock(out.bytes, 0, out.length, 0)).equals(bytes)).toBe(true);
    }
  });
});
