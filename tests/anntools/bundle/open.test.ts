import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';

import { buildBundle } from '../../../anntools/bundle/build.ts';
import { readHead } from '../../../anntools/bundle/container.ts';
import { openBundle, verifyBundle } from '../../../anntools/bundle/open.ts';
import { InputError } from '../../../anntools/errors.ts';
import { tabbed } from '../../support/gene-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-open-'));
const good = join(folder, 'good');
const other = join(folder, 'other');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const fasta = join(folder, 'a.fa');
  const genes = join(folder, 'a.gff3');
  writeFileSync(fasta, `>1\n${'ACGTTGCA'.repeat(2000)}\n`);
  writeFileSync(genes, ['1 t mRNA 1 90 . + . ID=t', '1 t exon 1 90 . + . Parent=t'].map(tabbed).join('\n'));
  const now = new Date(0);
  await buildBundle(good, { fasta, genes }, { name: 'good', now });
  await buildBundle(other, { fasta, genes }, { name: 'other', now });
});

/** A copy of the good bundle after something happened to it. */
function spoiled(change: (dir: string) => void): string {
  const dir = join(folder, 'spoiled');
  rmSync(dir, { recursive: true, force: true });
  cpSync(good, dir, { recursive: true });
  change(dir);
  return dir;
}

function patch(path: string, at: number, ...bytes: number[]): void {
  const content = readFileSync(path);
  content.set(bytes, at);
  writeFileSync(path, content);
}

test.each<[what: string, change: (dir: string) => void, message: RegExp]>([
  ['no folder', (dir) => rmSync(dir, { recursive: true }), /is not a reference bundle: it has no manifest\.json/],
  ['no manifest', (dir) => rmSync(join(dir, 'manifest.json')), /has no manifest\.json/],
  ['a manifest cut short', (dir) => truncateSync(join(dir, 'manifest.json'), 100), /damaged manifest\.json/],
  ['a manifest of something else', (dir) => writeFileSync(join(dir, 'manifest.json'), '{"name": "x"}'), /can read/],
  ['no models', (dir) => rmSync(join(dir, 'models.bin')), /models\.bin is not there/],
  ['no sequence', (dir) => rmSync(join(dir, 'sequence.bin')), /sequence\.bin is not there/],
  [
    'models cut short',
    (dir) => truncateSync(join(dir, 'models.bin'), 9000),
    /models\.bin has 9000 bytes where \d+ were written/,
  ],
  ['models cut in the header', (dir) => truncateSync(join(dir, 'models.bin'), 100), /models\.bin is cut short/],
  [
    'an empty file',
    (dir) => truncateSync(join(dir, 'models.bin'), 0),
    /models\.bin is not a file of an anntools bundle/,
  ],
  [
    'a file that grew',
    (dir) => writeFileSync(join(dir, 'sequence.bin'), 'more', { flag: 'a' }),
    /sequence\.bin has \d+ bytes/,
  ],
  [
    'a foreign file',
    (dir) => writeFileSync(join(dir, 'models.bin'), 'x'.repeat(20_000)),
    /not a file of an anntools bundle/,
  ],
  ['another format version', (dir) => patch(join(dir, 'models.bin'), 8, 9), /models\.bin is of format version 9/],
  ['a changed section table', (dir) => patch(join(dir, 'models.bin'), 64 + 48, 1), /damaged header/],
  ['files swapped', (dir) => cpSync(join(dir, 'sequence.bin'), join(dir, 'models.bin')), /does not hold models/],
  [
    'files of two bundles',
    (dir) => cpSync(join(other, 'sequence.bin'), join(dir, 'sequence.bin')),
    /different bundles/,
  ],
])('a bundle with %s is refused in a sentence', (_, change, message) => {
  const dir = spoiled(change);
  expect(() => openBundle(dir)).toThrow(message);
  expect(() => openBundle(dir)).toThrow(InputError);
  expect(() => verifyBundle(dir)).toThrow(message);
});

test('a changed byte anywhere in the sections is found by verifying', () => {
  const size = readFileSync(join(good, 'sequence.bin')).length;
  const path = 'sequence.bin';
  fc.assert(
    fc.property(fc.integer({ min: 8192, max: size - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const dir = spoiled((copy) => patch(join(copy, path), at, (readFileSync(join(copy, path))[at] ?? 0) ^ change));
      // Bytes between sections belong to none; they are zero and nobody reads them.
      const isPadding = readFileSync(join(good, path))[at] === 0 && !isInSection(at);
      if (isPadding) expect(() => verifyBundle(dir)).not.toThrow();
      else expect(() => verifyBundle(dir)).toThrow(/sequence\.bin has damaged bytes in its section/);
    }),
    { numRuns: 30 },
  );
});

/** Reads the section table as FORMAT.md draws it. */
function isInSection(at: number): boolean {
  const head = readFileSync(join(good, 'sequence.bin'));
  return Array.from({ length: head.readUInt32LE(24) }, (_, i) => 64 + i * 64).some((row) => {
    const offset = Number(head.readBigUInt64LE(row + 48));
    return at >= offset && at < offset + Number(head.readBigUInt64LE(row + 56));
  });
}

test('FORMAT.md names every section there is, and no other', () => {
  const text = readFileSync(join(import.meta.dir, '../../../anntools/bundle/FORMAT.md'), 'utf8');
  const told = [...text.matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm)].flatMap(([, names = '', numbers = '']) => {
    let before = '';
    return [...names.matchAll(/`([^`]+)`/g)].flatMap(([, name = ''], i) => {
      const full = name.startsWith('.') ? before.slice(0, before.lastIndexOf('.')) + name : name;
      before = full;
      const isPool = numbers.includes('pools') || (numbers.split(/,? /)[i] ?? '') === 'pool';
      return isPool ? [`${full}.bytes`, `${full}.offsets`] : [full];
    });
  });
  const written = (['models', 'sequence'] as const).flatMap((kind) => [
    ...readHead(join(good, `${kind}.bin`), kind).sections.keys(),
  ]);
  expect(told.sort()).toEqual(written.sort());
});

test('verifying tells how many bytes it has read', () => {
  let read = 0;
  expect(verifyBundle(good, (count) => (read += count)).name).toBe('good');
  expect(read).toBeGreaterThan(4000);
});

const shared = join(import.meta.dir, '../../../../shared/data');
const small = join(shared, 'small');
const cases = [
  [
    'E. coli',
    'small/ecoli_K12/NC_000913.3.fa.gz',
    'small/ecoli_K12/NC_000913.3.gff3.gz',
    4242,
    ['GENE_WITHOUT_TRANSCRIPT'],
  ],
  [
    'SARS-CoV-2',
    'small/sars-cov-2_wuhan/NC_045512v2.fa',
    'small/sars-cov-2_wuhan/genome_annotation.gff3',
    27,
    ['NO_STOP_CODON', 'NO_START_CODON'],
  ],
  [
    'SARS-CoV-2, gene map',
    'small/sars-cov-2_wuhan_orfs/reference.fasta',
    'small/sars-cov-2_wuhan_orfs/genome_annotation.gff3',
    12,
    ['NO_STOP_CODON', 'NO_START_CODON'],
  ],
  [
    'yeast chromosome IV',
    'small/yeast_sacCer3_chrIV/sacCer3_chrIV.fa.gz',
    'small/yeast_sacCer3_chrIV/sacCer3_chrIV.gtf.gz',
    836,
    [],
  ],
  ['the human mitochondrion', 'small/human_rCRS_MT.fa', 'conformance/vep-mt/genes.gff3', 13, []],
  [
    'MANE on slices of GRCh38',
    'ref/grch38/grch38.slices_A.fa.gz',
    'genes/grch38/mane.grch38.chr3_5_9_13_20.gff3.gz',
    3488,
    [],
  ],
  [
    'GENCODE V7 on chromosome 20',
    'ref/grch37/20.fa.gz',
    'genes/grch37/gencodeV7.grch37.chr20.gff3.gz',
    1597,
    ['NO_STOP_CODON', 'NO_START_CODON'],
  ],
  ['phage lambda, no genes', 'small/lambda_virus.fa.gz', undefined, 0, []],
] as const;

test.skipIf(!existsSync(small)).each(cases)(
  '%s builds, verifies and opens (needs shared)',
  async (name, fasta, genes, coding, odd) => {
    const dir = join(folder, name.replace(/\W/g, '-'));
    // Debian's file calls the contig MT_human; the name is the user's to mend.
    const sequence = name.includes('mito') ? renamed(join(shared, fasta)) : join(shared, fasta);
    const files = { fasta: sequence, ...(genes === undefined ? {} : { genes: join(shared, genes) }) };
    const manifest = await buildBundle(dir, files, { name, now: new Date(0) });
    expect(manifest.counts.codingTranscripts).toBe(coding);
    expect(manifest.problems.map(({ code }) => code) as string[]).toEqual([...odd]);
    expect(verifyBundle(dir)).toEqual(manifest);
    expect(openBundle(dir).sequence.has(0)).toBe(true);
  },
  60_000,
);

function renamed(path: string): string {
  const copy = join(folder, 'MT.fa');
  writeFileSync(copy, readFileSync(path, 'latin1').replace(/^>\S+/, '>MT'));
  return copy;
}
