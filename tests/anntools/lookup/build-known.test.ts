/** Sources of known variants made from files: what is kept, how alleles meet, what is counted. */
import { afterAll, describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { InputError } from '../../../anntools/errors.ts';
import { type KnownBuilt, type KnownRequest, annotateFile, buildKnown } from '../../../anntools/index.ts';
import { KnownVariants } from '../../../anntools/lookup/known.ts';
import { AltAlleles } from '../../../anntools/vcf/alleles.ts';
import { VcfRecord } from '../../../anntools/vcf/record.ts';
import { buildBundleFromModels } from '../../../anntools/bundle/build.ts';

const root = mkdtempSync(join(tmpdir(), 'build-known-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

const HEADER = [
  '##fileformat=VCFv4.2',
  '##fileDate=20260226',
  '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele \\"frequency\\"">',
  '##INFO=<ID=AD,Number=R,Type=Integer,Description="depths">',
  '##INFO=<ID=HOM,Number=A,Type=Integer,Description="homozygotes">',
  '##INFO=<ID=SIG,Number=.,Type=String,Description="significance">',
  '##INFO=<ID=DB,Number=0,Type=Flag,Description="flag">',
  '##INFO=<ID=N,Number=1,Type=Integer,Description="number">',
  '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
];

function vcf(records: readonly string[]): string {
  return `${[...HEADER, ...records.map((record) => record.replaceAll(' ', '\t'))].join('\n')}\n`;
}

async function build(
  text: string | Uint8Array,
  more: Partial<KnownRequest> = {},
): Promise<KnownBuilt & { folder: string }> {
  const file = join(root, `${made++}.vcf`);
  writeFileSync(file, text);
  const folder = join(root, `K${made}`);
  const fields = ['INFO/AF', 'INFO/HOM', 'ID', 'INFO/SIG', 'INFO/DB'];
  const built = await buildKnown({
    name: 'K',
    files: [file],
    form: 'vcf',
    fields,
    output: folder,
    now: new Date(0),
    ...more,
  });
  return { ...built, folder };
}

/** INFO of the annotated records. */
async function annotated(
  folders: readonly string[],
  records: readonly string[],
  reference?: string,
): Promise<string[]> {
  const input = join(root, `${made++}.vcf`);
  const output = join(root, `${made}.annot.vcf`);
  const lines = [
    '##fileformat=VCFv4.2',
    '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
    ...records.map((one) => one.replaceAll(' ', '\t')),
  ];
  writeFileSync(input, `${lines.join('\n')}\n`);
  await annotateFile({ input, output, options: { known: folders }, ...(reference === undefined ? {} : { reference }) });
  return readFileSync(output, 'latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t')[7] ?? '');
}

describe('a VCF becomes a source', () => {
  const records = [
    'chr1 100 rs5 A C,G . PASS AF=0.5,0;HOM=3,0;SIG=Pathogenic,_low;DB',
    'chr1 100 . A T . PASS AF=.;N=-4',
    'chr1 200 rs7;rs8 AT A . PASS AF=3.97994e-06;HOM=-1',
    '1 300 x9 C CACGTACGT . PASS AF=1',
    'chr2 5 . G <DEL> . . AF=1',
    'chr2 6 . G * . . AF=1',
    'chr2 7 . G G . . AF=1',
    'chr2 8 . G A,C . . AF=0.1;HOM=x,2',
    'chr2 nine . G A . . AF=0.1',
    'chrX 1048577 . T A . . AF=1e-9;SIG=50%25;N=1',
    'chrX 3 . T A . . SIG=a,b',
  ];

  test.each([
    ['1 100 . A C . . .', 'K_AF=0.5;K_HOM=3;K_ID=rs5;K_SIG=Pathogenic%2C_low;K_DB=1'],
    ['1 100 . A G . . .', 'K_AF=0;K_HOM=0;K_ID=rs5;K_SIG=Pathogenic%2C_low;K_DB=1'],
    [
      'chr1 100 . A G,C,T . . X=1',
      'X=1;K_AF=0,0.5,.;K_HOM=0,3,.;K_ID=rs5,rs5,.;K_SIG=Pathogenic%2C_low,Pathogenic%2C_low,.;K_DB=1,1,.',
    ],
    ['1 100 . A T . . .', '.'],
    ['NC_000001.10 199 . GAT GA . . .', 'K_AF=0.00000397994;K_HOM=-1;K_ID=rs7%3Brs8'],
    ['1 300 . C CACGTACGT . . .', 'K_AF=1;K_ID=x9'],
    ['1 300 . C CACGTACGA . . .', '.'],
    ['2 8 . G C . . .', 'K_HOM=2'],
    ['X 1048577 . T A . . .', 'K_AF=1e-9;K_SIG=50%25'],
    ['X 3 . T A . . .', 'K_SIG=a%2Cb'],
    ['7 3 . T A . . .', '.'],
  ])('%s gets %s', async (record, info) => {
    const { folder } = await build(vcf(records));
    expect(await annotated([folder], [record])).toEqual([info]);
  });

  test('what was odd is counted with its lines; fields say where they come from', async () => {
    const { manifest, records: count, variants, problems } = await build(vcf(records));
    expect([manifest.version, manifest.rsField, manifest.alleles, count, variants]).toEqual([
      '20260226',
      'K_ID',
      'trimmed',
      10,
      9,
    ]);
    expect(problems.map(({ problem, count: times, examples }) => [problem, times, examples[0]])).toEqual([
      ['symbolic', 2, 'line 14: chr2:5 G><DEL>'],
      ['sameAsRef', 1, 'line 16: chr2:7 G>G'],
      ['badValue', 3, "line 17: K_AF is '0.1'"],
      ['badLine', 1, "line 18: has POS 'nine', which is not a position"],
    ]);
    expect(manifest.fields.map(({ id, type, description }) => [id, type, description])).toEqual([
      ['K_AF', 'Float', 'Allele frequency (K AF)'],
      ['K_HOM', 'Integer', 'homozygotes (K HOM)'],
      ['K_ID', 'String', 'ID in K'],
      ['K_SIG', 'String', 'significance (K SIG)'],
      ['K_DB', 'Integer', 'flag (K DB)'],
    ]);
    expect(manifest.contigs.map(({ name }) => name)).toEqual(['chr1', 'chr2', 'chrX']);
  });

  test.each([
    ['chr1 100 rs5 A C . . .', '&rs5'],
    ['chr1 100 rs5;rs17 A C . . .', '&rs5&rs17'],
    ['chr1 100 . A C . . .', ''],
    ['chr1 100 x7 A C . . .', '&x7'],
    ['chr1 100 rs5 A T . . .', ''],
  ])('%s has the identifiers %j', async (record, identifiers) => {
    const { folder } = await build(vcf(['chr1 3 rs3 A T . . .', record, 'chr1 99 rs4 G T . . .']), { fields: ['ID'] });
    const source = new KnownVariants(folder);
    const line = Buffer.from('1\t100\t.\tA\tC\t.\t.\t.');
    const site = new VcfRecord();
    site.parse(line, 0, line.length, 1);
    const alleles = new AltAlleles();
    alleles.parse(site);
    source.find(0, alleles);
    const out = new ByteBuffer();
    source.writeIdentifiers(0, out);
    expect([source.hasIdentifiers, out.view().toString()]).toEqual([true, identifiers]);
  });

  test('per allele, per record, renamed: REF has a value of its own in Number=R', async () => {
    const { folder } = await build(vcf(['1 5 . A C,T . . AD=9,1,2;N=7']), { fields: ['INFO/AD', 'COUNT:=INFO/N'] });
    expect(await annotated([folder], ['1 5 . A T . . .'])).toEqual(['K_AD=2;K_COUNT=7']);
  });

  test('of a variant that comes twice the first counts, and the next fills in what it lacks', async () => {
    const { folder, duplicates, variants } = await build(
      vcf([
        '1 5 . A C . . AF=0.5',
        '1 5 rs1 A C . . AF=0.25;HOM=2',
        '1 4 . GATTTTTT G . . AF=.',
        '1 4 rs2 GATTTTTTC GC . . AF=0.1',
      ]),
    );
    expect([duplicates, variants]).toEqual([2, 2]);
    expect(await annotated([folder], ['1 5 . A C . . .', '1 4 . GATTTTTT G . . .'])).toEqual([
      'K_AF=0.5;K_HOM=2;K_ID=rs1',
      'K_AF=0.1;K_ID=rs2',
    ]);
  });

  test('order, compression and memory change nothing', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => {
      const position = ((i * 7919) % 2999) * 700 + 1;
      const alt = i % 7 === 0 ? 'ACGTACGTTT' : 'C';
      return `${1 + (i % 3)} ${position} rs${i} A ${alt} . . AF=${(i % 997) / 1000};HOM=${i % 300}`;
    });
    const plain = await build(vcf(many));
    const small = await build(gzipSync(vcf(many.toReversed())), { memoryMax: 10_000 });
    const files = (folder: string): string[] =>
      readdirSync(folder)
        .filter((name) => /^\d/.test(name))
        .sort();
    expect(files(small.folder)).toEqual(files(plain.folder));
    const ask = many.slice(0, 500).map((line) => line.replace(/rs\d+/, '.').replace(/AF=.*/, '.'));
    expect(await annotated([small.folder], ask)).toEqual(await annotated([plain.folder], ask));
    expect(small.variants).toBe(3000);
    expect(readdirSync(small.folder).some((name) => name.includes('unfinished'))).toBe(false);
  });

  test('a dense stretch takes few bytes', async () => {
    const dense = Array.from(
      { length: 30_000 },
      (_, i) =>
        `1 ${i * 3 + 1} rs${1e9 + i * 7919} A ${'CGT'[i % 3]} . . AF=${((i * 31) % 9973) / 1e6};HOM=${i % 50 === 0 ? 70_000 : 0}`,
    );
    const { folder, size, variants } = await build(vcf(dense), { fields: ['INFO/AF', 'INFO/HOM', 'ID'] });
    expect((size - 2 * 8192 - 1000) / variants).toBeLessThan(12);
    const ask = [0, 1, 50, 1365, 1366, 29_999].map((i) => (dense[i] ?? '').replace(/rs\d+/, '.').replace(/AF=.*/, '.'));
    expect(await annotated([folder], ask)).toEqual(
      [0, 1, 50, 1365, 1366, 29_999].map(
        (i) => `K_AF=${((i * 31) % 9973) / 1e6};K_HOM=${i % 50 === 0 ? 70_000 : 0};K_ID=rs${1e9 + i * 7919}`,
      ),
    );
  });
});

describe('with a sequence, alleles meet wherever they are written', () => {
  // 1-based: C at 1, a run of A from 2 to 9, then CAGCAGCAG from 10.
  const bases = 'CAAAAAAAACAGCAGCAGTT';
  const reference = (async () => {
    const folder = join(root, 'reference');
    await buildBundleFromModels(
      folder,
      {
        contigs: [{ name: '1', length: bases.length }],
        genes: [],
        transcripts: [],
        sequences: new Map([['1', Buffer.from(bases)]]),
        sources: [],
      },
      { name: 'repeats', assembly: '', now: new Date(0) },
    );
    return folder;
  })();

  test.each([
    ['1 5 . AA A . . .', 'K_AF=0.1'],
    ['1 1 . CA C . . .', 'K_AF=0.1'],
    ['1 8 . AA A . . .', 'K_AF=0.1'],
    ['1 9 . A AA . . .', 'K_AF=0.2'],
    ['1 9 . A AAA . . .', '.'],
    ['1 12 . GCAG G . . .', 'K_AF=0.3'],
    ['1 15 . GCAG G . . .', 'K_AF=0.3'],
    ['1 9 . ACAG A . . .', 'K_AF=0.3'],
    ['1 18 . G GGCA . . .', '.'],
    ['1 18 . G GCAG . . .', 'K_AF=0.4'],
    ['1 12 . G GCAG . . .', 'K_AF=0.4'],
  ])('%s gets %s', async (record, info) => {
    const folder = await reference;
    const source = vcf([
      '1 7 . AA A . . AF=0.1',
      '1 4 . A AA . . AF=0.2',
      '1 13 . CAGCAG CAG . . AF=0.3',
      '1 15 . G GCAG . . AF=0.4',
    ]);
    const built = await build(source, { reference: folder, fields: ['INFO/AF'] });
    expect([built.manifest.alleles, built.problems]).toEqual(['left-aligned', []]);
    const [found] = await annotated([built.folder], [record], folder);
    expect(found?.replace(/CSQ=[^;]*;?/, '') || '.').toBe(info);
  });

  test('a file of another assembly is refused, single mismatches are counted', async () => {
    const folder = await reference;
    const wrong = Array.from({ length: 25 }, (_, i) => `1 ${(i % 8) + 2} . G ${'CT'[i % 2]} . . AF=0.1`);
    const failure = await build(vcf(wrong), { reference: folder }).catch((cause: unknown) => cause);
    expect(String(failure)).toMatch(
      /is not of the reference's assembly: 25 of 25 records disagree with its sequence \(line 10: 1:2 has REF G/,
    );
    const { problems } = await build(vcf(['1 2 . G C . . AF=0.1']), { reference: folder });
    expect(problems.map(({ problem, count }) => [problem, count])).toEqual([['refMismatch', 1]]);
  });
});

describe('a table becomes a source', () => {
  const table = [
    '#Chrom\tPos\tRef\tAlt\tscore\tgene\tcount',
    'chr1\t100\tA\tC\t0.25\tTP53\t7',
    '1\t101\tG\tT,A\t1e-3\tABC\t',
    '1\tx\tG\tT\t1\tABC\t1',
    '2\t5\tC',
  ].join('\n');

  test('columns are found by name, types by their values', async () => {
    const { folder, manifest, problems } = await build(table, { form: 'table', fields: [] });
    expect(manifest.fields.map(({ id, type }) => [id, type])).toEqual([
      ['K_score', 'Float'],
      ['K_gene', 'String'],
      ['K_count', 'Integer'],
    ]);
    expect(await annotated([folder], ['1 100 . A C . . .', '1 101 . G A . . .'])).toEqual([
      'K_score=0.25;K_gene=TP53;K_count=7',
      'K_score=0.001;K_gene=ABC',
    ]);
    expect(problems).toEqual([
      {
        problem: 'badLine',
        count: 2,
        examples: [
          "line 4: has POS 'x', which is not a position",
          'line 5: has 3 cells where the alleles are in cell 4',
        ],
      },
    ]);
  });

  test.each([
    ['a\tb\n1\t2\n', [], /names no column CHROM/],
    [table, ['nothing'], /has no column nothing. It has score, gene, count/],
    [table, ['score:date'], /integer, float or string, not date/],
    ['chrom\tpos\tref\talt\n1\t2\tA\tC\n', [], /no column besides the variants/],
    ['', [], /there is nothing in it|is empty/],
  ])('%j with %j is refused', async (text, fields, sentence) => {
    const failure = await build(text, { form: 'table', fields }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(sentence);
  });
});

describe('what cannot be is said', () => {
  test.each([
    [{ fields: ['INFO/NOPE'] }, /declares no INFO field NOPE. It has AF, AD/],
    [{ fields: [] }, /say which fields to keep/],
    [{ fields: ['INFO/AF', 'AF'] }, /two fields would be called K_AF/],
    [{ name: '1000 genomes' }, /cannot be the name of INFO fields/],
    [{ output: root }, /is no source of known variants/],
    [{ files: ['/nowhere/x.vcf'] }, /there is no such file/],
    [{ form: 'table' as const, files: ['a', 'b'] }, /from one table, or from any number of VCFs/],
  ])('%j', async (more, sentence) => {
    const failure = await build(vcf([]), more).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(sentence);
  });

  test('a second file of another assembly is refused', async () => {
    const of = (assembly: string): string => {
      const file = join(root, `${made++}.vcf`);
      writeFileSync(file, vcf(['1 5 rs1 A C . . AF=0.5']).replace('##fileDate', `##reference=${assembly}\n##fileDate`));
      return file;
    };
    const failure = await build('', { files: [of('GRCh38'), of('GRCh37')] }).catch((cause: unknown) => cause);
    expect(String(failure)).toMatch(/\d+\.vcf: is of GRCh37, and the file before it of GRCh38/);
  });

  test('a damaged index is refused with one sentence; verify finds a changed byte', async () => {
    const { folder } = await build(vcf(['1 5 rs1 A C . . AF=0.5', '2 5 . A C . . AF=0.5']));
    new KnownVariants(folder).verify();
    const path = join(folder, '1.known');
    const bytes = readFileSync(path);
    const keysAt = 8192 + 64;
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, keysAt), Buffer.of((bytes[keysAt] ?? 0) ^ 1), bytes.subarray(keysAt + 1)]),
    );
    expect(() => new KnownVariants(folder).verify()).toThrow(
      /1\.known is damaged in its section keys. Build them again/,
    );
    truncateSync(path, bytes.length - 3);
    expect(() => new KnownVariants(folder)).toThrow(
      /^the known variants in K\d+ cannot be used: 1\.known has \d+ bytes where \d+ were written\. Build them again$/,
    );
    writeFileSync(
      path,
      readFileSync(join((await build(vcf(['3 5 . A C . . AF=0.5']), { name: 'L' })).folder, '0.known')),
    );
    expect(() => new KnownVariants(folder)).toThrow(/belongs to another source/);
    rmSync(path);
    expect(() => new KnownVariants(folder)).toThrow(/1\.known is not there/);
  });

  test('a source is replaced by a new one, and a failed build leaves the old', async () => {
    const { folder } = await build(vcf(['1 5 rs1 A C . . AF=0.5', '2 5 . A C . . AF=0.5']));
    await build('no vcf', { output: folder }).catch(() => {});
    expect(new KnownVariants(folder).manifest.contigs).toHaveLength(2);
    await build(vcf(['3 5 rs1 A C . . AF=0.5']), { output: folder });
    expect(readdirSync(folder).sort()).toEqual(['0.known', 'known.json', 'words.known']);
  });
});

describe('one command for a source that everybody knows', () => {
  const info = (ids: string): string =>
    ids
      .split(' ')
      .map((id) => `##INFO=<ID=${id},Number=A,Type=Float,Description="${id}">\n`)
      .join('');
  test.each([
    ['ClinVar', 'CLNSIG CLNREVSTAT CLNDN MC RS GENEINFO', 'ID SIG REVIEW DN MC RS GENE'],
    ['clinvar', 'MEASURESET_ID CLINICAL_SIGNIFICANCE REVIEW_STATUS ALL_TRAITS SYMBOL', 'ID SIG REVIEW DN GENE'],
    ['dbSNP', 'RS FREQ COMMON CAF', 'ID COMMON'],
    ['gnomAD', 'AF AC AN nhomalt AF_popmax popmax', 'ID AF AC AN nhomalt AF_popmax popmax FILTER'],
    ['gnomAD', 'AF AC AN nhomalt AF_grpmax grpmax', 'ID AF AC AN nhomalt AF_grpmax grpmax FILTER'],
    ['gnomAD', 'AN AC_hom AC_het AF_hom AF_het max_hl', 'ID AN AF_hom AF_het AC_hom AC_het max_hl FILTER'],
    ['1000G', 'AF EAS_AF EUR_AF', 'AF AF_EAS AF_EUR'],
    ['1000G', 'AF AF_EAS AF_EUR EUR_AF', 'AF AF_EAS AF_EUR'],
  ])('%s with %s gives %s', async (name, ids, fields) => {
    const text = `##fileformat=VCFv4.2\n${info(ids)}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n`;
    const { manifest } = await build(text, { name, fields: [] });
    const prefix = name === '1000G' ? 'KG' : name;
    expect(manifest.fields.map(({ id }) => id)).toEqual(fields.split(' ').map((field) => `${prefix}_${field}`));
  });

  test.each([
    ['gnomad.genomes.v4.1.sites.chr21.vcf', '', 'v4.1'],
    ['gnomad.exomes.r2.1.1.sites.21.vcf', '', 'v2.1.1'],
    ['gnomad_v4.0_exomes.vcf', '', 'v4.0'],
    ['some.vcf', '', ''],
    ['clinvar_v9.vcf', '##fileDate=2026-02-26\n', '2026-02-26'],
    ['GCF_000001405.40.vcf', '##dbSNP_BUILD_ID=157\n##fileDate=20250101\n', 'b157'],
  ])('%s with %j is version %j', async (name, lines, version) => {
    const file = join(root, name);
    writeFileSync(file, `##fileformat=VCFv4.2\n${lines}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n`);
    expect((await build('', { files: [file], fields: ['ID'] })).manifest.version).toBe(version);
  });

  test('its chromosomes may be files of their own', async () => {
    const files = ['1 5 rs1 A C . . AF=0.5', '2 5 rs2 A C . . AF=0.25', '2 x rs2 A C . . .'].map((record) => {
      const file = join(root, `${made++}.vcf`);
      writeFileSync(file, vcf([record]));
      return file;
    });
    const { folder, manifest, problems } = await build('', { files });
    expect(await annotated([folder], ['1 5 . A C . . .', '2 5 . A C . . .'])).toEqual([
      'K_AF=0.5;K_ID=rs1',
      'K_AF=0.25;K_ID=rs2',
    ]);
    expect(manifest.files?.map(({ name }) => join(root, name))).toEqual(files);
    expect(problems[0]?.examples).toEqual([
      `${manifest.files?.[2]?.name} line 10: has POS 'x', which is not a position`,
    ]);
  });
});

test('a source answers as a map of its variants would', async () => {
  const allele = fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 5 });
  const variant = fc.record({
    position: fc.oneof(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 4090, max: 4100 }),
      fc.integer({ min: 1_048_570, max: 1_048_580 }),
    ),
    ref: allele,
    alt: allele,
    af: fc.oneof(
      fc.constant('.'),
      fc.integer({ min: 0, max: 999_999 }).map((n) => String(n / 1e6)),
    ),
    hom: fc.oneof(fc.constant('.'), fc.nat(300), fc.nat(70_000), fc.nat(2 ** 31)),
  });
  const spelled = ({ position, ref, alt }: { position: number; ref: string; alt: string }): string => {
    while (ref !== '' && alt !== '' && ref.at(-1) === alt.at(-1)) [ref, alt] = [ref.slice(0, -1), alt.slice(0, -1)];
    while (ref !== '' && alt !== '' && ref[0] === alt[0])
      [ref, alt, position] = [ref.slice(1), alt.slice(1), position + 1];
    return `${position} ${ref}>${alt}`;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(variant, { maxLength: 60 }),
      fc.array(variant, { maxLength: 20 }),
      async (inside, others) => {
        const { folder } = await build(
          vcf(inside.map(({ position, ref, alt, af, hom }) => `1 ${position} . ${ref} ${alt} . . AF=${af};HOM=${hom}`)),
          {
            fields: ['INFO/AF', 'INFO/HOM'],
            memoryMax: 2000,
          },
        );
        const model = new Map<string, { af: string; hom: string }>();
        for (const one of inside) {
          if (one.ref === one.alt) continue;
          const old = model.get(spelled(one));
          const [af, hom] = [one.af, String(one.hom)];
          model.set(
            spelled(one),
            old ? { af: old.af === '.' ? af : old.af, hom: old.hom === '.' ? hom : old.hom } : { af, hom },
          );
        }
        const asked = [...inside, ...others];
        const answers = await annotated(
          [folder],
          asked.map(({ position, ref, alt }) => `1 ${position} . ${ref} ${alt} . . .`),
        );
        const expected = asked.map((one) => {
          const found = one.ref === one.alt ? undefined : model.get(spelled(one));
          const fields = [
            ...(found && found.af !== '.' ? [`K_AF=${Number(found.af)}`] : []),
            ...(found && found.hom !== '.' ? [`K_HOM=${found.hom}`] : []),
          ];
          return fields.join(';') || '.';
        });
        expect(answers).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});
