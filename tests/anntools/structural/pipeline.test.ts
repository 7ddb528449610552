/** Structural variants through the whole of it: from known ones and a VCF to what a user reads. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anntools } from '../../support/command.ts';
import { makeSmallReference } from '../../support/small-reference.ts';

// Patience for a busy machine.
setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'structural-'));
const referencesFolder = join(folder, 'references');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of records `CHROM POS ID ALT INFO`. */
function vcfOf(name: string, ...records: readonly string[]): string {
  const path = join(folder, name);
  const lines = records.map((record) => {
    const [contig, at, id, alt, info] = record.split(' ');
    return `${contig}\t${at}\t${id}\tN\t${alt}\t.\tPASS\t${info}\n`;
  });
  const info = '##INFO=<ID=AF,Number=A,Type=Float,Description="frequency">\n';
  writeFileSync(path, `##fileformat=VCFv4.4\n${info}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n${lines.join('')}`);
  return path;
}

const input = vcfOf(
  'in.vcf',
  '1 900 a <DEL> END=1300',
  '1 1300 b N[2:1300[ .',
  '1 1450 c <INS> SVLEN=300',
  '1 1500 d A .',
  '2 500 e <DEL>,<DUP> SVLEN=100,200',
);

function run(...args: string[]) {
  return anntools(args, { referencesFolder, now: () => new Date('2026-11-22T10:00:00Z') });
}

/** INFO of the records by ID, without CSQ and the alleles’ source. */
function infoOf(output: string): Record<string, string> {
  const lines = readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, , id = '', , , , , info = ''] = line.split('\t');
      return [
        id,
        info
          .split(';')
          .filter((entry) => !/^(CSQ|Known_N)=/.test(entry))
          .join(';'),
      ];
    }),
  );
}

beforeAll(async () => {
  await makeSmallReference(join(referencesFolder, 'small'));
  const known = vcfOf(
    'known.vcf',
    '1 900 k1 <DEL> END=1310;AF=0.25',
    'chr2 500 k2 <DUP> END=690;AF=1e-04',
    '2 1310 k3 ]1:1290]N .',
  );
  const built = await run('known', 'build', 'SV', '--vcf', known, '--assembly', 'small');
  expect([built.code, built.err]).toEqual([0, '']);
  expect(built.out).toContain('3 structural variants of 3 records of known.vcf');
});

test('genes, fusions and known variants stand in INFO, as the header says', async () => {
  const output = join(folder, 'out.vcf');
  expect(await run('annotate', input, '-o', output, '-r', 'small', '--known', 'sv')).toMatchObject({ code: 0 });
  expect(infoOf(output)).toEqual({
    a: 'END=1300;SV_GENES=1|GENE1|G1|T1|start|1/2|1/1|50.00|50.00;SV_ID=k1;SV_AF=0.25;SV_FILTER=PASS;SV_OVERLAP=0.9756;SV_MATCHES=1',
    b: 'SV_GENES=1|GENE1|G1|T1|breakend||1/1||,1|GENE2|G2|T2|mate||1/1||;SV_FUSIONS=1|GENE1::GENE2|T1|T2|intron1/1|intron1/1|in_frame;SV_ID=k3;SV_FILTER=PASS;SV_MATCHES=1',
    c: 'SVLEN=300;SV_GENES=1|GENE1|G1|T1|inside|2/2|||',
    d: '',
    e: 'SVLEN=100,200;SV_ID=.,k2;SV_AF=.,1e-04;SV_FILTER=.,PASS;SV_OVERLAP=.,0.95;SV_MATCHES=.,1',
  });
  const header = readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('##INFO=<ID=SV_'));
  expect(header.map((line) => /ID=(\w+),Number=(.),Type=(\w+)/.exec(line)?.slice(1).join(' '))).toEqual([
    'SV_GENES . String',
    'SV_FUSIONS . String',
    'SV_ID A String',
    'SV_AF A Float',
    'SV_FILTER A String',
    'SV_OVERLAP A Float',
    'SV_MATCHES A Integer',
  ]);
});

test('a smaller overlap can be asked for, and a larger one', async () => {
  const output = join(folder, 'strict.vcf');
  const annotate = ['annotate', input, '-o', output, '-r', 'small', '--known', 'SV'];
  await run(...annotate, '--sv-overlap', '0.98', '--sv-window', '9');
  expect(Object.values(infoOf(output)).filter((info) => info.includes('SV_ID'))).toEqual([]);
  expect(await run(...annotate, '--sv-overlap', '1.5')).toMatchObject({ code: 2 });
  expect(await run(...annotate, '--sv-window', '-1')).toMatchObject({ code: 2 });
});

test('objects have them as lists', async () => {
  const output = join(folder, 'out.jsonl');
  await run('annotate', input, '-o', output, '-r', 'small', '--known', 'SV', '--format', 'json');
  const [first, second] = readFileSync(output, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(first).toMatchObject({
    genes_hit: [
      {
        allele_num: 1,
        gene_symbol: 'GENE1',
        gene_id: 'G1',
        transcript_id: 'T1',
        hit: 'start',
        exon: '1/2',
        overlappc: 50,
        cds_pc: 50,
      },
    ],
    custom_annotations: {
      SV: [{ allele: '<DEL>', fields: { SV_ID: 'k1', SV_AF: 0.25, SV_OVERLAP: 0.9756, SV_MATCHES: 1 } }],
    },
  });
  expect(second).toMatchObject({ fusions: [{ allele_num: 1, fusion: 'GENE1::GENE2', frame: 'in_frame' }] });
});

test('a file of small variants is a source of alleles; --sv takes its few large ones, --bed regions', async () => {
  const mixed = vcfOf('mixed.vcf', '1 100 m1 A .', '1 200 m2 C .', '1 300 m3 <DEL> END=400');
  expect((await run('known', 'build', 'M', '--vcf', mixed, '--fields', 'ID')).out).toMatch(/2 variants of 3 records/);
  const large = await run('known', 'build', 'M', '--vcf', mixed, '--fields', 'ID', '--sv');
  expect(large.out).toContain('1 structural variant of 3 records');
  expect(large.out).toContain('2 records left out');
  const bed = join(folder, 'known.bed');
  writeFileSync(bed, 'chr1\t300\t400\tr1\tdeletion\n');
  expect((await run('known', 'build', 'B', '--bed', bed)).out).toContain(
    '1 structural variant of 1 record of known.bed',
  );
  expect((await run('known', 'inspect', 'B', '--verify')).out).toContain('every byte is as it was written');
  expect((await run('known', 'list')).out).toMatch(/^ {2}B {2}1 variant: B_ID, B_OVERLAP, B_MATCHES$/m);
});

test('several files make one source', async () => {
  const one = vcfOf('one.vcf', '1 100 x <DEL> END=300');
  const two = vcfOf('two.vcf', '2 100 y <DEL> END=300');
  expect((await run('known', 'build', 'T', '--vcf', one, two)).out).toContain(
    '2 structural variants of 2 records of one.vcf and two.vcf',
  );
});

const conformance = join(import.meta.dir, '../../../../shared/data/conformance/vep-sv');

test.skipIf(!existsSync(conformance))(
  'genes hit are those that CSQ has blocks of within reach of the event (../shared/data/conformance/vep-sv)',
  async () => {
    const built = [
      'reference',
      'build',
      '--genes',
      join(conformance, 'genes.gff3.gz'),
      '-o',
      join(referencesFolder, 'sv'),
    ];
    expect(await run(...built)).toMatchObject({ code: 0 });
    const output = join(folder, 'conformance.vcf');
    // Where VEP departs from SO, blocks of genes that are hit say `intergenic_variant`.
    const fields = ['--manner', 'specification', '--fields', 'Consequence,Gene'];
    expect(await run('annotate', join(conformance, 'variants.vcf'), '-o', output, '-r', 'sv', ...fields)).toMatchObject(
      {
        code: 0,
      },
    );
    let genes = 0;
    for (const line of readFileSync(output, 'utf8').split('\n')) {
      const [contig = '', at = '', , , alt = '', , , info = ''] = line.split('\t');
      if (contig === '' || contig.startsWith('#')) continue;
      const entries = (id: string) => new RegExp(`(?:^|;)${id}=([^;]*)`).exec(info)?.[1]?.split(',') ?? [];
      const within = entries('CSQ').filter((block) => !/^(upstream|downstream|intergenic)/.test(block));
      const expected = new Set(within.map((block) => block.split('|')[1] ?? ''));
      const got = new Set(entries('SV_GENES').map((entry) => entry.split('|')[2] ?? ''));
      expect([at, alt, [...got].sort()]).toEqual([at, alt, [...expected].sort()]);
      genes += got.size;
    }
    expect(genes).toBeGreaterThan(4000);
  },
);
