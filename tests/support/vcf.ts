/** VCFs for tests: made up deterministically, in every encoding. */
import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { EOF_BLOCK } from '../../anntools/bgzf/block.ts';
import { BgzfWriter } from '../../anntools/bgzf/writer.ts';

export const COLUMNS = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';

/** A header with the given `##` lines between fileformat and columns. */
export function header(lines: readonly string[] = [], samples: readonly string[] = []): string {
  const columns = samples.length === 0 ? COLUMNS : [COLUMNS, 'FORMAT', ...samples].join('\t');
  return ['##fileformat=VCFv4.2', ...lines, columns, ''].join('\n');
}

export type Encoding = 'text' | 'gzip' | 'gzip of two members' | 'bgzf';
export const encodings: readonly Encoding[] = ['text', 'gzip', 'gzip of two members', 'bgzf'];

export function encoded(text: string | Uint8Array, encoding: Encoding): Uint8Array {
  const bytes = Buffer.from(text);
  const half = bytes.length >> 1;
  if (encoding === 'text') return bytes;
  if (encoding === 'gzip') return gzipSync(bytes);
  if (encoding === 'bgzf') return bgzf(bytes);
  return Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))]);
}

function bgzf(bytes: Uint8Array): Uint8Array {
  const writer = new BgzfWriter(1);
  writer.text.append(bytes);
  writer.flush();
  writer.out.append(EOF_BLOCK);
  return Buffer.from(writer.out.view());
}

/** The bytes as a stream of chunks of the given sizes, over and over. */
export async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const bases = fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 4 });
const alt = fc.oneof(
  { weight: 6, arbitrary: bases },
  fc.constantFrom('*', '.', '<DEL>', '<NON_REF>', 'G]2:50]', 'A,<DEL>', 'C,T,G'),
);
const info = fc.constantFrom('.', 'AC=1', 'END=900;AF=0.5', 'DB', 'CSQ=old|one;AC=2', 'AF=0.1,0.25', 'CSQ=x');

/** A data line in order, without its newline. */
export const recordLine: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('1', 'chr1', '2', 'MT', 'unheard_of'),
    fc.integer({ min: 0, max: 3000 }),
    bases,
    alt,
    fc.constantFrom('.', '0', '37.5', '1e3'),
    info,
    fc.constantFrom('', '\tGT\t0/1\t1|1'),
  )
  .map(
    ([contig, position, ref, alts, quality, rest, samples]) =>
      [contig, position, 'rs1', ref, alts, quality, 'PASS', rest].join('\t') + samples,
  );

/** Any line at all, without its newline: in order, wrong, or rubbish. */
export const anyLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: recordLine },
  fc.constantFrom(
    '',
    ' ',
    '#CHROM again',
    '##late=1',
    '1\t5',
    '1\tx\t.\tA\tC\t.\t.\t.',
    '\t\t\t\t\t\t\t',
    '1\t9\t.\tREF\tALT\t.\t.\t.',
  ),
  fc.string({ maxLength: 40 }).map((text) => `x${text.replace(/[\n\r]/g, '')}`),
);
