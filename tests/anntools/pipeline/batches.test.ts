import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ByteSource } from '../../../anntools/bgzf/source.ts';
import { InputError } from '../../../anntools/errors.ts';
import { BatchText } from '../../../anntools/pipeline/batch-text.ts';
import { openInput } from '../../../anntools/pipeline/batches.ts';
import { encoded, encodings, header, inChunks } from '../../support/vcf.ts';

const text = new BatchText();

/** The data of a file, batch by batch. */
async function batches(file: Uint8Array, batchSize: number, chunks: readonly number[]): Promise<string[]> {
  const opened = await openInput(new ByteSource(inChunks(file, chunks)), batchSize);
  const parts: string[] = [];
  for await (const batch of opened.batches) {
    const { bytes, end } = text.read(batch);
    parts.push(Buffer.from(bytes.subarray(batch.skip, end)).toString('latin1'));
    expect(batch.index).toBe(parts.length - 1);
  }
  return parts;
}

const line = fc.integer({ min: 0, max: 3000 }).map((length) => 'x'.repeat(length));
const body = fc
  .tuple(fc.array(line, { maxLength: 200 }), fc.boolean())
  .map(([lines, newline]) => lines.join('\n') + (newline ? '\n' : ''));
const cuts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 4 });

test('batches are whole lines, in order, complete, whatever the encoding and the chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.constantFrom(...encodings),
      fc.integer({ min: 16, max: 200_000 }),
      cuts,
      async (data, encoding, size, chunks) => {
        const parts = await batches(encoded(header() + data, encoding), size, chunks);
        expect(parts.join('')).toBe(data);
        for (const part of parts.slice(0, -1)) expect(part.endsWith('\n')).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test('where batches are cut depends on the file alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.constantFrom(...encodings),
      fc.integer({ min: 16, max: 50_000 }),
      cuts,
      async (data, encoding, size, chunks) => {
        const file = encoded(header() + data, encoding);
        expect(await batches(file, size, chunks)).toEqual(await batches(file, size, [1 << 20]));
      },
    ),
    { numRuns: 60 },
  );
});

test('a batch is about as large as asked for', async () => {
  const data = `${'x'.repeat(99)}\n`.repeat(20_000);
  for (const encoding of encodings) {
    const parts = await batches(encoded(header() + data, encoding), 100_000, [4096]);
    for (const part of parts.slice(0, -1)) {
      expect(part.length).toBeGreaterThan(60_000);
      expect(part.length).toBeLessThan(200_000);
    }
  }
});

test('a file without its closing block is read, and it is said that it may be cut', async () => {
  const whole = encoded(header(), 'bgzf');
  const lacking = whole.subarray(0, whole.length - 28);
  for (const [file, lacks] of [
    [whole, false],
    [lacking, true],
  ] as const) {
    const opened = await openInput(new ByteSource(inChunks(file, [100])));
    await Array.fromAsync(opened.batches);
    expect(opened.lacksEnd()).toBe(lacks);
  }
});

test('a line without end is refused before it fills the memory', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(header());
    for (let i = 0; i < 200; i++) yield new Uint8Array(1 << 20).fill(65);
  }
  const opened = await openInput(new ByteSource(endless()));
  await expect(Array.fromAsync(opened.batches)).rejects.toThrow(InputError);
});

test('an alignment or a BCF inside gzip is named', async () => {
  for (const [magic, word] of [
    ['BCF\x02\x02', 'BCF'],
    ['BAM\x01', 'BAM'],
    ['TBI\x01', 'tabix'],
  ] as const) {
    for (const encoding of ['gzip', 'bgzf'] as const) {
      const file = encoded(Buffer.from(`${magic}${'\0'.repeat(100)}`, 'latin1'), encoding);
      await expect(openInput(new ByteSource(inChunks(file, [1 << 16])))).rejects.toThrow(word);
    }
  }
});
