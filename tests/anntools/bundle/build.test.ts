import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';

import type { BundleFiles } from '../../../anntools/bundle/build.ts';
import { buildBundle, buildBundleFromModels } from '../../../anntools/bundle/build.ts';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Manifest } from '../../../anntools/bundle/manifest.ts';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import type { OpenedBundle } from '../../../anntools/bundle/open.ts';
import { openBundle, verifyBundle } from '../../../anntools/bundle/open.ts';
import { stringAt } from '../../../anntools/bundle/string-pool.ts';
import { tabbed } from '../../support/gene-files.ts';
import { gene, transcript } from '../../support/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-build-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date('2026-11-22T12:00:00Z');
let files = 0;

function file(text: string | Uint8Array, extension: string): string {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, text);
  return path;
}

interface Built {
  bundle: OpenedBundle;
  manifest: Manifest;
  /** Problem code → count and examples. */
  problems: Record<string, unknown[]>;
}

async function build(input: { fasta?: string; genes?: string[]; options?: object }): Promise<Built> {
  const { fasta, genes, options } = input;
  const paths: BundleFiles = {
    ...(fasta === undefined ? {} : { fasta: file(fasta, 'fa') }),
    ...(genes === undefined ? {} : { genes: file(`${genes.map(tabbed).join('\n')}\n`, 'gff3') }),
  };
  const dir = join(folder, `bundle${files++}`);
  const manifest = await buildBundle(dir, paths, { name: 'test', now, ...options });
  const problems = Object.fromEntries(
    manifest.problems.map(({ code, count, examples }) => [code, [count, ...examples]]),
  );
  return { bundle: openBundle(dir), manifest, problems };
}

function bases({ sequence }: OpenedBundle, contig: number, start: number, end: number): string {
  const out = new Uint8Array(end - start);
  sequence.read(contig, start, end, out, 0);
  return Buffer.from(out).toString();
}

function flagsOf({ transcripts }: OpenedBundle): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: transcripts.count }, (_, t) => [stringAt(transcripts.ids, t), transcripts.flags[t] ?? 0]),
  );
}

const exon = (id: string, start: number, end: number, strand = '+'): string[] => [
  `1 t mRNA ${start} ${end} . ${strand} . ID=${id};Parent=g`,
  `1 t exon ${start} ${end} . ${strand} . Parent=${id}`,
];

test('a bundle says what it is, what it was made from, and opens with the same contigs, bases and models', async () => {
  const fasta = '>chr1 one\nATGGCCTAAN\n>chrM\nACGTACGTAC\n';
  const { bundle, manifest } = await build({
    fasta,
    genes: ['1 t gene 1 9 . + . ID=g;Name=G', ...exon('t', 1, 9), '1 t CDS 1 9 . + 0 ID=p;Parent=t'],
  });
  expect(manifest).toMatchObject({
    name: 'test',
    assembly: '',
    made: '2026-11-22T12:00:00.000Z',
    counts: {
      contigs: 2,
      bases: 20,
      unknownBases: 1,
      contigsWithoutModels: 1,
      genes: 1,
      transcripts: 1,
      codingTranscripts: 1,
    },
    canonical: 'chosen',
    problems: [],
  });
  expect(manifest.sources.map(({ role, bytes, sha256 }) => [role, typeof bytes, sha256?.length])).toEqual([
    ['genes', 'number', 64],
    ['sequence', 'number', 64],
  ]);
  expect(bundle.contigs.names).toEqual(['chr1', 'chrM']);
  expect([...bundle.contigs.codonTables]).toEqual([1, 2]);
  expect([...bundle.contigs.circular]).toEqual([0, 1]);
  expect(['1', 'MT', 'chr1', '2'].map((name) => bundle.contigs.idOf(name))).toEqual([0, 1, 0, -1]);
  expect(bases(bundle, 0, 0, 12)).toBe('ATGGCCTAANNN');
  expect(stringAt(bundle.transcripts.labels, 0)).toBe('G|g|Transcript|t|protein_coding');
});

test('gzip, and a GFF3 that carries its own FASTA', async () => {
  const dir = join(folder, 'zipped');
  const lines = ['1 t mRNA 1 6 . + . ID=t', '1 t exon 1 6 . + . Parent=t'].map(tabbed).join('\n');
  await buildBundle(
    dir,
    { genes: file(gzipSync(`${lines}\n##FASTA\n>1\nACGTAC\n`), 'gff3.gz') },
    { name: 'zipped', now },
  );
  expect(bases(openBundle(dir), 0, 0, 6)).toBe('ACGTAC');
  await buildBundle(dir, { fasta: file(gzipSync('>1\nTTTT\n'), 'fa.gz') }, { name: 'zipped', now });
  expect(bases(openBundle(dir), 0, 0, 6)).toBe('TTTTNN');
});

test('models that disagree with their sequence are kept, flagged, counted', async () => {
  const reading: [string, string, string, number?][] = [
    // id, sequence, attributes of the CDS, flags expected
    ['good', 'ATGGCCTAA', ''],
    ['noStart', 'CTGGCCTAA', ''],
    ['noStop', 'ATGGCCGCC', ''],
    ['inner', 'ATGTAGTAA', ''],
    ['length', 'ATGGCCTAAC', ''],
    ['unknown', 'NNNGCCNNN', ''],
    ['endless', 'ATGGCCGC', ''],
  ];
  const { NO_START_CODON, NO_STOP_CODON, INNER_STOP, NOT_MULTIPLE_OF_THREE, CDS_END_NF, CANONICAL } = TranscriptFlag;
  let at = 1;
  const genes = reading.flatMap(([id, sequence]) => {
    const lines = exon(id, at, at + sequence.length - 1);
    lines.push(`1 t CDS ${at} ${at + sequence.length - 1} . + 0 ID=p;Parent=${id}`);
    at += sequence.length;
    return lines;
  });
  const { bundle, problems } = await build({
    fasta: `>1\n${reading.map(([, sequence]) => sequence).join('')}`,
    genes: ['1 t gene 1 99 . + . ID=g', ...genes],
  });
  const flags = flagsOf(bundle);
  delete flags.length;
  const found = Object.fromEntries(Object.entries(flagsOf(bundle)).map(([id, value]) => [id, value & ~CANONICAL]));
  expect(found).toEqual({
    good: 0,
    noStart: NO_START_CODON,
    noStop: NO_STOP_CODON,
    inner: INNER_STOP,
    length: NOT_MULTIPLE_OF_THREE,
    unknown: 0,
    endless: NOT_MULTIPLE_OF_THREE | CDS_END_NF,
  });
  expect(problems).toEqual({
    NO_START_CODON: [1, 'noStart'],
    NO_STOP_CODON: [1, 'noStop'],
    INNER_STOP: [1, 'inner at codon 2'],
    NOT_MULTIPLE_OF_THREE: [2, 'length', 'endless'],
  });
});

test('an end that the file says is missing is no disagreement', async () => {
  const { problems } = await build({
    fasta: '>1\nCCATGGCCGCC\n',
    genes: [
      '1 HAVANA transcript 1 11 . + . ID=t;transcript_type=protein_coding;tag=cds_start_NF,cds_end_NF',
      '1 HAVANA exon 1 11 . + . Parent=t',
      '1 HAVANA CDS 1 11 . + 2 ID=p;Parent=t',
    ],
  });
  expect(problems).toEqual({});
});

test('the reverse strand, a slippage and a selenocysteine read as they are translated', async () => {
  // ATG GCC TGA GCC TAA with the C of GCC read twice; on the reverse strand the same.
  const forward = 'ATGGCCTGAGCTAA';
  const reverse = [...forward]
    .reverse()
    .map((base) => 'TGCA'['ACGT'.indexOf(base)])
    .join('');
  const { problems, bundle } = await build({
    fasta: `>1\n${forward}${reverse}\n`,
    genes: [
      '1 RefSeq gene 1 14 . + . ID=gene-f;Name=f',
      '1 RefSeq CDS 1 12 . + 0 ID=f;Parent=gene-f;transl_except=(pos:7..9%2Caa:Sec);protein_id=F.1',
      '1 RefSeq CDS 12 14 . + 0 ID=f;Parent=gene-f;transl_except=(pos:7..9%2Caa:Sec);protein_id=F.1',
      '1 RefSeq gene 15 28 . - . ID=gene-r;Name=r',
      '1 RefSeq CDS 17 28 . - 0 ID=r;Parent=gene-r;transl_except=(pos:complement(20..22)%2Caa:Sec);protein_id=R.1',
      '1 RefSeq CDS 15 17 . - 0 ID=r;Parent=gene-r;transl_except=(pos:complement(20..22)%2Caa:Sec);protein_id=R.1',
    ],
  });
  expect(problems).toEqual({});
  expect([...bundle.transcripts.selenocysteines.position]).toEqual([3, 3]);
  expect([...bundle.transcripts.slippages.stop]).toEqual([12, 12]);
  expect([...bundle.transcripts.slippages.resume]).toEqual([11, 11]);
});

test('a TGA inside a known selenoprotein is read as selenocysteine though the file says nothing', async () => {
  const cds = (id: string, at: number): string[] => [
    ...exon(id, at, at + 8).map((line) => line.replace('Parent=g', `Parent=g${id}`)),
    `1 t CDS ${at} ${at + 8} . + 0 ID=p;Parent=${id}`,
  ];
  const { bundle, problems } = await build({
    fasta: '>1\nATGTGATAAATGTGATAA\n',
    genes: [
      '1 t gene 1 9 . + . ID=ga;Name=GPX4',
      ...cds('a', 1),
      '1 t gene 10 18 . + . ID=gb;Name=TTN',
      ...cds('b', 10),
    ],
  });
  expect([...bundle.transcripts.selenocysteines.position]).toEqual([2]);
  expect(problems).toEqual({ INNER_STOP: [1, 'b at codon 2'] });
});

test('in a mitochondrion TGA is Trp, AGA stops, and a last T or TA is completed to a stop', async () => {
  const { problems } = await build({
    fasta: '>MT\nATATGAAGAATGGCCTATGGCCTA\n',
    genes: [
      [1, 9],
      [10, 16],
      [17, 24],
    ].flatMap(([start, end], i) => [
      `MT t mRNA ${start} ${end} . + . ID=t${i}`,
      `MT t exon ${start} ${end} . + . Parent=t${i}`,
      `MT t CDS ${start} ${end} . + 0 ID=p${i};Parent=t${i}`,
    ]),
  });
  expect(problems).toEqual({});
});

test('translation tables: told by the file, or by the user, who wins', async () => {
  const genes = [
    'C RefSeq CDS 1 9 . + 0 ID=a;transl_table=11',
    'C RefSeq CDS 1 9 . + 0 ID=b;transl_table=11',
    'C RefSeq CDS 1 9 . + 0 ID=c;transl_table=4',
  ];
  const told = await build({ fasta: '>C\nATGTGATAA', genes });
  expect([...told.bundle.contigs.codonTables]).toEqual([11]);
  expect(told.problems.CODON_TABLES_DISAGREE).toEqual([1, 'C: mostly 11, also 4']);
  const wanted = await build({ fasta: '>C\nATGTGATAA', genes, options: { codonTables: new Map([['C', 4]]) } });
  expect([...wanted.bundle.contigs.codonTables]).toEqual([4]);
  const nowhere = build({ fasta: '>C\nATGTGATAA', genes, options: { codonTables: new Map([['D', 4]]) } });
  await expect(nowhere).rejects.toThrow(/no contig D/);
});

test.each([
  ['chr1', '1', ''],
  ['NC_000001.11', 'chr1', ''],
  ['seq', '.', ''],
  ['U00096.3', 'NC_000913.3', '##sequence-region NC_000913.3 1 1200'],
  ['chromosome_I', 'I', 'I RefSeq region 1 1200 . + . ID=x;Alias=chromosome_I'],
])('models on %s of the FASTA when their file calls it %s', async (inFasta, inGenes, line) => {
  const { bundle, manifest } = await build({
    fasta: `>${inFasta}\n${'ACGT'.repeat(300)}\n`,
    genes: [...(line === '' ? [] : [line]), `${inGenes} t mRNA 1 9 . + . ID=t`, `${inGenes} t exon 1 9 . + . Parent=t`],
  });
  expect(bundle.contigs.names).toEqual([inFasta]);
  expect(bundle.transcripts.count).toBe(1);
  expect(manifest.problems.map(({ code }) => code)).toEqual(inFasta === 'U00096.3' ? ['CONTIG_BY_LENGTH'] : []);
  if (inGenes !== '.') expect(bundle.contigs.idOf(inGenes)).toBe(0);
});

test('models on contigs that the FASTA has not, or beyond an end, are left out and counted; the rest is built', async () => {
  const { bundle, problems } = await build({
    fasta: '>1\nACGTACGTACRYGTAC\n>empty\n',
    genes: [
      ...['1', '2', '2', '3'].flatMap((contig, i) => [
        `${contig} t mRNA 1 9 . + . ID=t${i}`,
        `${contig} t exon 1 9 . + . Parent=t${i}`,
      ]),
      '1 t mRNA 10 99 . + . ID=long',
      '1 t exon 10 99 . + . Parent=long',
    ],
  });
  expect(flagsOf(bundle)).toEqual({ t0: 0 });
  expect(problems).toEqual({
    AMBIGUOUS_BASES: [2, '1: 2, first R at 11'],
    EMPTY_CONTIG: [1, 'empty'],
    CONTIG_WITHOUT_SEQUENCE: [3, '2 (2 transcripts)', '3 (1 transcript)'],
    OUTSIDE_CONTIG: [1, 'long on 1'],
  });
});

test('genes of another genome are refused by name', async () => {
  const strangers = build({
    fasta: '>scaffold_1\nACGT\n',
    genes: ['chr1 t mRNA 1 9 . + . ID=t', 'chr1 t exon 1 9 . + . Parent=t'],
  });
  expect(strangers).rejects.toThrow(/genes are on chr1, the FASTA has scaffold_1/);
});

test('a gene across the origin of a circle is cut there; the piece read first keeps its frame', async () => {
  const genes = ['+', '-'].flatMap((strand, i) => [
    `C RefSeq gene 17 26 . ${strand} . ID=gene-${i};Name=g${i};locus_tag=g${i}`,
    `C RefSeq CDS 17 26 . ${strand} 0 ID=cds-${i};Parent=gene-${i};locus_tag=g${i}`,
  ]);
  const { bundle, problems } = await build({
    fasta: `>C\n${'ATGC'.repeat(5)}\n`,
    genes: ['C RefSeq region 1 20 . + . ID=C;Is_circular=true', ...genes],
  });
  const { transcripts } = bundle;
  const { NO_FRAME } = TranscriptFlag;
  const pieces = Array.from({ length: transcripts.count }, (_, t) => [
    stringAt(transcripts.ids, t),
    transcripts.start[t],
    transcripts.end[t],
    ((transcripts.flags[t] ?? 0) & NO_FRAME) !== 0,
  ]);
  expect(pieces).toEqual([
    ['g0', 0, 6, true],
    ['g1', 0, 6, false],
    ['g0', 16, 20, false],
    ['g1', 16, 20, true],
  ]);
  expect(problems.ACROSS_ORIGIN).toEqual([2, 'g0 on C', 'g1 on C']);
});

test('canonical transcripts are those the file names, else the longest coding ones', async () => {
  const genes = [
    '1 t gene 1 99 . + . ID=g',
    ...exon('long', 1, 90),
    ...exon('coding', 1, 30),
    '1 t CDS 1 30 . + 0 ID=p;Parent=coding',
    ...exon('other', 1, 40),
    '1 t CDS 1 30 . + 0 ID=q;Parent=other',
  ];
  const chosen = await build({ genes });
  const canonical = ({ bundle }: Built): string[] =>
    Object.entries(flagsOf(bundle)).flatMap(([id, flags]) => (flags & TranscriptFlag.CANONICAL ? [id] : []));
  expect([chosen.manifest.canonical, canonical(chosen)]).toEqual(['chosen', ['other']]);
  const told = await build({ genes: genes.map((line) => line.replace('ID=long', 'ID=long;tag=Ensembl_canonical')) });
  expect([told.manifest.canonical, canonical(told)]).toEqual(['told', ['long']]);
});

test('without a sequence contigs are as long as the file or its models say', async () => {
  const { bundle, manifest } = await build({
    genes: ['##sequence-region 1 1 500', ...exon('t', 1, 9), '2 t exon 1 70 . + . Parent=u'],
  });
  expect([...bundle.contigs.lengths]).toEqual([500, 70]);
  expect(manifest.files).not.toHaveProperty('sequence.bin');
  expect([bundle.sequence.has(0), bases(bundle, 0, 0, 3)]).toEqual([false, 'NNN']);
});

test('the assembly is known by the lengths of its chromosomes, and else by what the files say', async () => {
  const lengths = ['##sequence-region 20 1 63025520', '##sequence-region 21 1 48129895', '#!genome-build hg19ish'];
  const grch37 = await build({ genes: [...lengths, '20 t exon 1 9 . + . Parent=t', '21 t exon 1 9 . + . Parent=u'] });
  expect(grch37.bundle.assembly).toBe('GRCh37');
  const other = await build({ fasta: '>I dna:chromosome chromosome:R64-1-1:I:1:4:1 REF\nACGT\n' });
  expect(other.bundle.assembly).toBe('R64-1-1');
  const wanted = await build({ fasta: '>I\nACGT\n', options: { assembly: 'mine' } });
  expect(wanted.bundle.assembly).toBe('mine');
});

test.each([
  ['a FASTA with a stray letter', { fasta: '>1\nAC\nA!C\n' }, /\d+\.fa: line 3 .*'!'/],
  ['genes with a bad line', { fasta: '>1\nAC\n', genes: ['1 t exon 9 1 . + . Parent=t'] }, /\d+\.gff3: line 1 /],
  ['a zip archive', { fasta: 'PK\x03\x04 and more bytes than a header has' }, /\d+\.fa: the file is a zip archive/],
  ['a FASTA without bases', { fasta: '>1\n>2\n' }, /no bases/],
])('%s is refused and nothing is left behind', async (_, input, message) => {
  const before = readdirSync(folder).filter((name) => name.includes('bundle'));
  await expect(build(input)).rejects.toThrow(message);
  expect(readdirSync(folder).filter((name) => name.includes('bundle'))).toEqual(before);
});

test('a build that is stopped leaves nothing behind', async () => {
  const stop = AbortSignal.abort(new Error('stopped'));
  await expect(build({ fasta: '>1\nACGT\n', options: { signal: stop } })).rejects.toThrow('stopped');
  expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('a folder that is something else is not touched, a bundle is replaced', async () => {
  const dir = join(folder, 'mine');
  mkdirSync(dir);
  writeFileSync(join(dir, 'thesis.txt'), 'do not lose me');
  const fasta = file('>1\nACGT\n', 'fa');
  await expect(buildBundle(dir, { fasta }, { name: 'x', now })).rejects.toThrow(/is no reference bundle/);
  expect(readFileSync(join(dir, 'thesis.txt'), 'utf8')).toBe('do not lose me');
  rmSync(join(dir, 'thesis.txt'));
  await buildBundle(dir, { fasta }, { name: 'first', now });
  const first = openBundle(dir);
  await buildBundle(dir, { fasta: file('>1\nTTTT\n', 'fa') }, { name: 'second', now });
  expect(openBundle(dir).name).toBe('second');
  // Who has the old one open goes on reading it.
  expect(bases(first, 0, 0, 4)).toBe('ACGT');
  expect(existsSync(dir)).toBe(true);
});

test('a place where nothing can be written is refused with the reason', async () => {
  const fasta = file('>1\nACGT\n', 'fa');
  await expect(buildBundle(join(fasta, 'inside'), { fasta }, { name: 'x', now })).rejects.toThrow(
    /cannot write .*there is a file where a folder should be/,
  );
});

test('progress tells the bytes of each file', async () => {
  const seen: string[] = [];
  await build({
    fasta: '>1\nACGT\n',
    genes: exon('t', 1, 4),
    options: {
      onProgress: ({ step, done, total }: { step: string; done: number; total: number }) =>
        seen.push(`${step} ${done}/${total}`),
    },
  });
  expect(seen).toEqual([expect.stringMatching(/^genes (\d+)\/\1$/), 'sequence 8/8', 'checking 0/0', 'writing 0/0']);
});

const span = fc
  .tuple(fc.nat(400), fc.integer({ min: 1, max: 60 }))
  .map(([start, length]) => ({ start, end: start + length }));
const word = fc.string({ maxLength: 12 });
const anyTranscript = fc
  .record({
    contig: fc.constantFrom('1', '2'),
    strand: fc.constantFrom(1 as const, -1 as const),
    exon: span,
    coding: fc.boolean(),
    biotype: word,
    proteinId: word,
    maneMate: word,
    ccdsId: word,
    version: word,
  })
  .map(({ exon: one, coding, ...rest }) => ({
    ...rest,
    exons: [one, { start: one.end + 20, end: one.end + 50 }],
    cds: coding ? [one] : null,
  }));

test('built from models and opened, every array is what it is in memory', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTranscript, { maxLength: 12 }),
      fc.string({ minLength: 1, maxLength: 12 }),
      async (some, symbol) => {
        const contigs = [
          { name: '1', length: 600, codonTable: 11, circular: false, aliases: ['eins'] },
          { name: '2', length: 600, codonTable: 1, circular: true },
          { name: '3', length: 4, codonTable: 1 },
        ];
        const transcripts = some.map((part, i) =>
          transcript({ ...part, id: `T${i}`, geneId: 'G', flags: TranscriptFlag.CANONICAL }),
        );
        const models = {
          contigs,
          genes: [gene({ id: 'G', symbol })],
          transcripts,
          sequences: new Map([['3', Buffer.from('ACGN')]]),
        };
        const dir = join(folder, 'property');
        await buildBundleFromModels(
          dir,
          { ...models, sources: [{ role: 'data', name: 'made', version: '1' }] },
          { name: 'n', assembly: 'A', now },
        );
        const { manifest, contigs: found, sequence, ...rest } = openBundle(dir);
        const {
          contigs: expected,
          sequence: _,
          ...others
        } = referenceFromModels({ ...models, name: 'n', assembly: 'A', sources: [{ name: 'made', version: '1' }] });
        expect(plain(rest)).toEqual(plain(others));
        expect(plain({ ...found, idOf: found.idOf('eins') })).toEqual(
          plain({ ...expected, idOf: expected.idOf('eins') }),
        );
        expect([sequence.has(0), sequence.has(2)]).toEqual([false, true]);
        expect(verifyBundle(dir)).toEqual(manifest);
      },
    ),
    { numRuns: 25 },
  );
});

/** Typed arrays as plain ones, so that where their bytes lie does not matter. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
