import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';

import { ContainerWriter, readHead } from '../../../anntools/bundle/container.ts';
import { MappedSequence, SequenceWriter } from '../../../anntools/bundle/sequence-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sequence-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** Writes contigs (null: not known) and maps them, a few bytes at a time. */
function written(contigs: readonly (string | null)[], groupSize?: number): MappedSequence {
  const path = join(folder, `${files++}.bin`);
  const file = new ContainerWriter(path, 'sequence', new Uint8Array(16));
  const writer = new SequenceWriter(file);
  for (const letters of contigs) {
    if (letters === null) {
      writer.skipContig();
      continue;
    }
    const bytes = Buffer.from(letters);
    const half = bytes.length >> 1;
    expect(writer.add(bytes, 0, half)).toBe(-1);
    expect(writer.add(bytes, half, bytes.length)).toBe(-1);
    writer.endContig();
  }
  writer.finish();
  file.finish();
  return new MappedSequence(
    readHead(path, 'sequence'),
    Uint32Array.from(contigs, (letters) => letters?.length ?? 77),
    groupSize,
  );
}

function text(sequence: MappedSequence, contig: number, start: number, end: number): string {
  const out = new Uint8Array(end - start + 2).fill(33);
  sequence.read(contig, start, end, out, 1);
  expect([out[0], out[out.length - 1]]).toEqual([33, 33]);
  return Buffer.from(out.subarray(1, -1)).toString();
}

const letters = fc
  .array(fc.constantFrom('A', 'C', 'G', 'T', 'a', 'c', 'g', 't', 'N', 'NNNNNNN', 'n', 'R', 'y', 'u'), {
    minLength: 1,
    maxLength: 60,
  })
  .map((parts) => parts.join(''));

function plain(contig: string): string {
  return contig.toUpperCase().replaceAll('U', 'T').replace(/[RY]/g, 'N');
}

test('any stretch of any contig reads as it was written: upper case, ambiguity codes as N, N outside', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(letters), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: -9, max: 400 }),
      fc.nat(80),
      (contigs, groupSize, start, length) => {
        const sequence = written(contigs, groupSize);
        contigs.forEach((contig, id) => {
          expect(sequence.has(id)).toBe(contig !== null);
          const expected = Array.from({ length }, (_, i) => plain(contig ?? '')[start + i] ?? 'N').join('');
          expect(text(sequence, id, start, start + length)).toBe(expected);
          for (let i = 0; i < length; i += 7) expect(sequence.base(id, start + i)).toBe(expected.charCodeAt(i));
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('a contig longer than the buffer, and runs of N across it', () => {
  const block = 'ACGTTGCAAC'.repeat(50_000);
  const long = `${block}${'N'.repeat(5_000_001)}${block}`;
  const sequence = written(['G', long, 'T']);
  expect(text(sequence, 1, 499_998, 500_003)).toBe('ACNNN');
  expect(text(sequence, 1, 5_499_999, 5_500_006)).toBe('NNACGTT');
  expect(text(sequence, 1, long.length - 3, long.length + 2)).toBe('AACNN');
  expect([sequence.base(0, 0), sequence.base(2, 0)]).toEqual([71, 84]);
});

test('counts what is not a base, and finds what is none', () => {
  const file = new ContainerWriter(join(folder, 'counts.bin'), 'sequence', new Uint8Array(16));
  const writer = new SequenceWriter(file);
  expect(writer.add(Buffer.from('ACRGNYAC'), 0, 8)).toBe(-1);
  expect(writer.add(Buffer.from('ACGT*ACGT'), 0, 9)).toBe(4);
  expect(writer.endContig()).toEqual({ length: 12, ambiguous: 2, firstAmbiguous: 'R at 3' });
  writer.finish();
  file.finish();
  expect(writer.unknownBases).toBe(3);
});
