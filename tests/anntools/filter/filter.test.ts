import { afterAll, describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../../anntools/errors.ts';
import { type FilterSummary, filterVcf } from '../../../anntools/filter/filter.ts';
import { anntools } from '../../support/command.ts';
import { encoded, encodings, inChunks } from '../../support/vcf.ts';

const folder = mkdtempSync(join(tmpdir(), 'filter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = [
  '##fileformat=VCFv4.2',
  '##contig=<ID=1,length=1000000>',
  '##INFO=<ID=AF,Number=A,Type=Float,Description="frequency">',
  '##INFO=<ID=AD,Number=R,Type=Integer,Description="depths">',
  '##INFO=<ID=DP,Number=1,Type=Integer,Description="depth">',
  '##INFO=<ID=CI,Number=2,Type=Integer,Description="interval">',
  '##INFO=<ID=DB,Number=0,Type=Flag,Description="dbSNP">',
  '##INFO=<ID=SRC,Number=.,Type=String,Description="sources">',
  '##INFO=<ID=BIOTYPE,Number=1,Type=String,Description="also a column">',
  '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequences. Format: Allele|Consequence|IMPACT|SYMBOL|BIOTYPE|CANONICAL|SCORE|EXISTING">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
  '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tmother\tchild-1',
];

/** Records by a name, which is their ID. */
const RECORDS = [
  'snv 100 A C 50 PASS AF=0.01;DP=30;DB;CSQ=C|missense_variant|MODERATE|ABC1|protein_coding|YES|0.5|rs1&COSM1,C|intron_variant|MODIFIER|XYZ|lncRNA||| GT:DP:AD 0/1:20:10,10 0/0:7:7,0',
  'two 200 A C,G 20 q10 AF=0.2,0.001;AD=5,6,7;DP=10;SRC=a,b;CSQ=C|stop_gained|HIGH|ABC1|protein_coding|||,G|synonymous_variant|LOW|ABC1|protein_coding|YES|0.1| GT:DP:AD 1|2:9:0,4,5 ./.:.:.',
  'del 300 AT A . . DP=.;SRC=.;CSQ=-|splice_region_variant&intron_variant|LOW|KLM|protein_coding|YES|| GT 0|1 1|1',
  'bare 400 G T 10.5 q10;s50 . GT .|. 0/.',
  'indels 500 CA C,CAA 99 PASS AF=.,0.5;CSQ=-|frameshift_variant|HIGH|NOP|protein_coding|YES||,AA|inframe_insertion|MODERATE|NOP|protein_coding||| GT 0/2 1/2',
].map((text) => {
  const [id, pos, ref, alt, qual, filter, info, ...samples] = text.split(' ');
  return ['1', pos, id, ref, alt, qual, filter, info, samples[0], samples[1] ?? '.', samples[2] ?? '.'].join('\t');
});
const VCF = `${[...HEADER, ...RECORDS].join('\n')}\n`;

/** The bytes and the summary of a filtered text. */
async function filtered(
  expression: string,
  vcf: string | Uint8Array = VCF,
): Promise<{ text: string; summary: FilterSummary }> {
  const parts: Uint8Array[] = [];
  const summary = await filterVcf({
    expression,
    input: inChunks(Buffer.from(vcf), [1 << 16]),
    output: { write: async (bytes) => void parts.push(Uint8Array.from(bytes)) },
  });
  return { text: Buffer.concat(parts).toString(), summary };
}

/** IDs of the records that are kept. */
async function kept(expression: string, vcf = VCF): Promise<string> {
  const { text } = await filtered(expression, vcf);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split('\t')[2]).join(' ');
}

test.each([
  // Columns.
  ['CHROM == 1', 'snv two del bare indels'],
  ['CHROM == chr1', ''],
  ['POS >= 200 and POS < 400', 'two del'],
  ['ID in (snv, bare)', 'snv bare'],
  ['ID not in (snv, bare)', 'two del indels'],
  ['REF == A', 'snv two'],
  ['ALT == G', 'two'],
  ['QUAL > 20', 'snv indels'],
  ['QUAL = 10.5', 'bare'],
  ['QUAL is missing', 'del'],
  ['QUAL is not missing', 'snv two bare indels'],
  ['FILTER == PASS', 'snv indels'],
  ['FILTER == s50', 'bare'],
  ['FILTER != q10', 'snv indels'],
  ['FILTER is missing', 'del'],
  // INFO.
  ['DB', 'snv'],
  ['not DB', 'two del bare indels'],
  ['DP', 'snv two'],
  ['DP >= 10 && DP < 30', 'two'],
  ['INFO/DP > 1e1', 'snv'],
  ['DP is missing', 'del bare indels'],
  ['SRC == b', 'two'],
  ['SRC ~ "^[ab]$"', 'two'],
  ['SRC !~ c', 'two'],
  ['SRC > 3', ''],
  ['CI > 3', ''],
  ['INFO/BIOTYPE is missing', 'snv two del bare indels'],
  // By ALT.
  ['AF < 0.05', 'snv two'],
  ['AF < 0.05 and ALT == C', 'snv'],
  ['AF >= 0.2', 'two indels'],
  ['AF >= 0.2 and ALT == C', 'two'],
  ['all(AF < 0.05)', 'snv'],
  ['AD == 7 and ALT == G', 'two'],
  ['AD == 5', ''],
  // Consequences.
  ['consequence == intron_variant', 'snv del'],
  ['Consequence == missense', 'snv'],
  ['consequence >= missense_variant', 'snv two indels'],
  ['consequence > missense_variant', 'two indels'],
  ['consequence < missense_variant', 'snv two del'],
  ['all(consequence >= missense_variant)', 'indels'],
  ['not any(consequence >= missense_variant)', 'del'],
  ['impact >= MODERATE', 'snv two indels'],
  ['IMPACT == high', 'two indels'],
  ['impact in (LOW, MODIFIER)', 'snv two del'],
  ['pick(impact <= LOW)', 'two del'],
  ['CSQ/BIOTYPE == lncRNA', 'snv'],
  ['SYMBOL ~ "^[AK]"', 'snv two del'],
  ['SCORE > 0.2', 'snv'],
  ['SCORE is missing and SYMBOL == ABC1', 'two'],
  ['EXISTING == COSM1', 'snv'],
  ['SYMBOL is missing', 'bare'],
  // In the same row.
  ['SYMBOL == XYZ and impact >= MODERATE', ''],
  ['any(SYMBOL == XYZ) and impact >= MODERATE', 'snv'],
  ['AF < 0.01 and consequence == stop_gained', ''],
  ['AF < 0.01 and consequence == synonymous_variant', 'two'],
  ['AF == 0.5 and consequence == inframe_insertion', 'indels'],
  ['AF == 0.5 and consequence == frameshift_variant', ''],
  // Samples.
  ['GT == het', 'snv two del indels'],
  ['GT[child-1] == het', 'indels'],
  ['GT[child-1] == hom_alt', 'del'],
  ['GT == hom_ref', 'snv'],
  ['GT[mother] == 0/1', 'snv del'],
  ['GT[mother] == "2|1"', ''],
  ['GT[child-1] is missing', 'two'],
  ['FMT/DP[mother] >= 10', 'snv'],
  ['FORMAT/DP < 10', 'snv two'],
  ['FMT/AD[mother] == 4 and ALT == C', 'two'],
  // Joining, and what is missing.
  ['QUAL > 20 or POS == 300', 'snv del indels'],
  ['not QUAL > 20', 'two bare'],
  ['! (QUAL > 20 || POS == 300)', 'two bare'],
  ['QUAL > 20 OR DB AND FILTER == q10', 'snv indels'],
  ['not (QUAL > 20 and POS > 0)', 'two bare'],
  ['DP > 1000 or QUAL > 20', 'snv indels'],
  ['(((POS == 100)))', 'snv'],
])('%s', async (expression, expected) => {
  expect(await kept(expression)).toBe(expected);
});

test.each([
  ['', 1, 'nothing is asked'],
  ['QUAL', 0, ''],
  ['QUAL >', 7, 'the end where a value should stand'],
  ['QUAL > high', 8, '> needs a number, and high is none'],
  ['DP == many', 7, 'DP is a number, and many is none'],
  ['QUAL >= 30 and', 15, 'the end where a field should stand'],
  ['QUAL >= 30 FILTER == PASS', 12, 'join two with and or or'],
  ['(QUAL >= 30', 1, 'this parenthesis does not close'],
  ['QUAL >= 30)', 11, 'this parenthesis was not opened'],
  ['ID in rs1', 7, 'a list stands in parentheses'],
  ['ID in (a b)', 10, 'values are separated by commas'],
  ['ID in (a', 7, 'this list does not close'],
  ['DP is 3', 7, 'say "is missing"'],
  ['ID == "rs1', 7, 'a quote that does not close'],
  ['ID == rs1 § DB', 11, 'means nothing here'],
  ['"ID" == rs1', 1, 'fields are not quoted'],
  ['DB == 1', 4, 'DB is a Flag and has no value'],
  ['REF > 3', 5, 'REF is text and has no order'],
  ['ID == .', 7, 'say "is missing"'],
  ['ID ~ "("', 6, 'this is no pattern'],
  ['CONSEQENCE == intron_variant', 1, 'did you mean Consequence?'],
  ['INFO/DQ > 3', 1, 'did you mean DP?'],
  ['consequence >= misense_variant', 16, 'did you mean missense_variant?'],
  ['impact >= STRONG', 11, 'it is MODIFIER, LOW, MODERATE, HIGH'],
  ['BIOTYPE == lncRNA', 1, 'say INFO/BIOTYPE or CSQ/BIOTYPE'],
  ['CSQ ~ "missense"', 1, 'CSQ has columns: name one'],
  ['GT[father] == het', 1, "there is no sample 'father'"],
  ['GT == heterozygous', 7, 'heterozygous is no genotype'],
  ['FMT/XX > 3', 1, 'no ##FORMAT line for XX'],
  [`${'('.repeat(300)}DB${')'.repeat(300)}`, 201, 'too many parentheses'],
])('%p: character %i', async (expression, character, words) => {
  const failure = await kept(expression).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (character === 0) return expect(failure).toBeUndefined();
  expect(failure).toBeInstanceOf(InputError);
  const { message, code } = failure as InputError;
  const [sentence = '', line = '', caret = ''] = message.split('\n');
  expect(code).toBe('BAD_OPTION');
  expect(sentence).toContain(`character ${character}: `);
  expect(sentence).toContain(words);
  const under = line[caret.indexOf('^')] ?? '';
  expect(under).toBe((expression[character - 1] ?? '').replace(/\s/, ' '));
});

test('whatever is written, it is understood or refused with a place', async () => {
  const words = [
    'QUAL',
    'AF',
    'consequence',
    'missense',
    'GT[child-1]',
    'FMT/',
    'and',
    'or',
    'not',
    'in',
    'is',
    'missing',
    'all',
    '(',
    ')',
    ',',
    '==',
    '>',
    '~',
    '!',
    '5',
    '"a"',
    "'",
    '[',
    '\\',
    '.',
    '§',
    ' ',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 12 }),
      async (parts) => {
        const answer = await kept(parts.join(' ')).catch((cause: unknown) => cause);
        if (typeof answer !== 'string')
          expect((answer as InputError).message).toMatch(/^the expression: character \d+: /);
      },
    ),
    { numRuns: 300 },
  );
});

test('pick without a column for it, samples without samples and columns without annotation are told of', async () => {
  const bare = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\tx\tA\tC\t.\t.\t.\n';
  expect(kept('pick(QUAL > 3)', bare)).rejects.toThrow('pick needs a column PICK or CANONICAL');
  expect(kept('GT == het', bare)).rejects.toThrow('the file has none');
  expect(kept('consequence == intron_variant', bare)).rejects.toThrow('annotate it first');
});

test('SnpEff’s and bcftools’ columns have the same names', async () => {
  const file = (id: string, description: string, value: string): string =>
    `##fileformat=VCFv4.2\n##INFO=<ID=${id},Number=.,Type=String,Description="${description}">\n` +
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\tx\tA\tC\t.\t.\t${id}=${value}\n`;
  const snpeff = file(
    'ANN',
    "Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name | Gene_ID'",
    'C|missense_variant|MODERATE|ABC|E1',
  );
  const bcftools = file(
    'BCSQ',
    'Local consequence annotation. Format: Consequence|gene|transcript',
    '*missense|ABC|T1',
  );
  expect(
    await kept('consequence >= missense_variant and impact == MODERATE and symbol == ABC and gene == E1', snpeff),
  ).toBe('x');
  expect(await kept('consequence == missense_variant and gene == ABC', bcftools)).toBe('x');
});

const atoms = [
  'QUAL > 20',
  'QUAL is missing',
  'DP >= 10',
  'DB',
  'AF < 0.05',
  'AF is missing',
  'consequence >= missense_variant',
  'SYMBOL == ABC1',
  'SCORE > 0.2',
  'FILTER == PASS',
  'GT == het',
  'all(AF < 0.05)',
  'pick(impact >= LOW)',
  'SRC in (a, c)',
];
const expressions = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...atoms),
    fc.tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('node').map((a) => `not (${a})`),
    tie('node').map((a) => `any(${a})`),
  ),
})).node;

test('what an expression keeps and what its contrary keeps are all records in which it can be told', async () => {
  await fc.assert(
    fc.asyncProperty(expressions, async (expression) => {
      const [yes, no] = [await kept(expression), await kept(`not (${expression})`)];
      const both = await kept(`(${expression}) or not (${expression})`);
      const union = new Set(`${yes} ${no}`.split(' ').filter(Boolean));
      expect(['snv', 'two', 'del', 'bare', 'indels'].filter((id) => union.has(id)).join(' ')).toBe(both);
      // De Morgan.
      expect(await kept(`not (${expression} and DP >= 10)`)).toBe(await kept(`not (${expression}) or not (DP >= 10)`));
    }),
    { numRuns: 60 },
  );
});

test('lines stay as they are, whatever the encoding, the chunks and the line ends', async () => {
  const odd = VCF.replace('SRC=a,b', 'SRC=\xe4,b;UNDECLARED').replaceAll('\n', '\r\n').slice(0, -2);
  for (const encoding of encodings) {
    const { text, summary } = await filtered('POS > 0', encoded(Buffer.from(odd, 'latin1'), encoding));
    const ours = text.split('\r\n').filter((line) => line.startsWith('##anntools_filter='));
    expect(ours).toHaveLength(1);
    expect(text.replace(`${ours[0] ?? ''}\r\n`, '')).toBe(Buffer.from(odd, 'latin1').toString());
    expect(summary).toMatchObject({ records: 5, kept: 5, unreadable: 0 });
  }
});

test('what is no record is left out and counted', async () => {
  const broken = VCF.replace('\n1\t200', '\n\n1\tx\t.\tA\n1\t200');
  const { summary } = await filtered('POS > 0', broken);
  expect(summary).toMatchObject({ records: 5, kept: 5, unreadable: 2, firstUnreadable: HEADER.length + 2 });
});

test('a run on what a run has written says both', async () => {
  const once = (await filtered('QUAL > 20')).text;
  const { text } = await filtered('SRC != "a\\"b"', once);
  expect(text.match(/##anntools_filter=<ID=filter\d,.*/g)).toEqual([
    expect.stringContaining('ID=filter1,Version="0.1.0",Expression="QUAL > 20">'),
    expect.stringContaining('ID=filter2,Version="0.1.0",Expression="SRC != \\"a\\\\\\"b\\"">'),
  ]);
});

describe('anntools filter', () => {
  const stdin = { stdin: () => inChunks(Buffer.from(VCF), [100]) };

  test('writes text to standard output and says how many', async () => {
    const { code, bytes, err } = await anntools(['filter', 'FILTER == PASS', '-'], stdin);
    expect([code, err]).toEqual([0, 'standard input: 2 of 5 records kept\n']);
    expect(bytes.toString()).toBe((await filtered('FILTER == PASS')).text);
  });

  test('writes a compressed file with its index', async () => {
    const output = join(folder, 'out.vcf.gz');
    expect((await anntools(['filter', 'POS >= 200', '-', '-o', output], stdin)).code).toBe(0);
    expect(gunzipSync(readFileSync(output)).toString()).toBe((await filtered('POS >= 200')).text);
    expect(readdirSync(folder).toSorted()).toEqual(['out.vcf.gz', 'out.vcf.gz.tbi']);
    if (Bun.which('tabix')) {
      const { stdout } = Bun.spawnSync(['tabix', output, '1:300-450']);
      expect(
        stdout
          .toString()
          .split('\n')
          .map((line) => line.split('\t')[2]),
      ).toEqual(['del', 'bare', undefined]);
    }
  });

  test('says when there is no index because the records are not in order', async () => {
    const unsorted = { stdin: () => inChunks(Buffer.from(VCF.replace('1\t300', '1\t150')), [100]) };
    const { err } = await anntools(['filter', 'POS > 0', '-', '-o', join(folder, 'unsorted.vcf.gz')], unsorted);
    expect(err).toContain('no index beside the result');
    expect(existsSync(join(folder, 'unsorted.vcf.gz.tbi'))).toBe(false);
  });

  test('ends with 2 and points at the character when the expression is wrong, and writes nothing', async () => {
    const output = join(folder, 'nothing.vcf');
    const { code, err } = await anntools(['filter', 'QUAL > 20 and CONSEQENCE', '-', '-o', output], stdin);
    expect([code, existsSync(output)]).toEqual([2, false]);
    expect(err).toBe(
      'anntools: the expression: character 15: the file has no field CONSEQENCE: did you mean Consequence?\n' +
        '  QUAL > 20 and CONSEQENCE\n                ^\n',
    );
  });

  test('asks for an expression and a file', async () => {
    expect(await anntools(['filter'])).toMatchObject({ code: 2, err: expect.stringContaining('say what to keep') });
    expect(await anntools(['filter', 'QUAL > 3'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('say which file'),
    });
  });
});

const shared = join(import.meta.dir, '../../../../shared/data');

describe.skipIf(!existsSync(shared) || !Bun.which('bcftools'))('real files (need ../shared/data and bcftools)', () => {
  const lines = (bytes: Uint8Array): string =>
    Buffer.from(bytes)
      .toString('latin1')
      .replace(/^#.*\n/gm, '');

  test.each([
    ['vcf/exome_Pfeiffer_grch37.vcf.gz', 'QUAL >= 100 and DP > 20', 'QUAL>=100 && INFO/DP>20'],
    ['vcf/1000G_p3_chr22_10k_2504samples_b37.vcf.gz', 'AF > 0.1 or AC == 1', 'INFO/AF>0.1 || INFO/AC==1'],
    [
      'vcf/mutect2_dream3_chr20_b37.vcf.gz',
      'FILTER == germline_risk or ID ~ "^rs1"',
      'FILTER~"germline_risk" || ID~"^rs1"',
    ],
  ])('%s: %s keeps what bcftools keeps by %s', async (name, ours, theirs) => {
    const path = join(shared, name);
    const { stdout } = Bun.spawnSync(['bcftools', 'view', '-H', '--no-version', '-i', theirs, path]);
    // bcftools writes numbers anew, so places are compared.
    const places = (text: string): string[] => text.split('\n').map((line) => line.split('\t').slice(0, 5).join(' '));
    const { text } = await filtered(ours, readFileSync(path));
    const found = places(lines(Buffer.from(text, 'latin1')));
    expect(found.length).toBeGreaterThan(1);
    expect(found).toEqual(places(lines(stdout)));
  });

  test('in VEP’s own answers, terms by severity are those of each row', async () => {
    const path = join(shared, 'expected/vep.clinvar37.20.vcf.gz');
    const all = lines(gunzipSync(readFileSync(path)))
      .split('\n')
      .slice(0, -1);
    const high = all.filter((line) => line.includes('|HIGH|'));
    const { text } = await filtered('impact == HIGH', readFileSync(path));
    expect(lines(Buffer.from(text)).split('\n').slice(0, -1)).toEqual(high);
    expect(high.length).toBeGreaterThan(100);
    const { summary } = await filtered(
      'consequence >= missense_variant or consequence < missense_variant',
      readFileSync(path),
    );
    expect(summary.kept).toBe(all.filter((line) => line.includes('CSQ=')).length);
  });
});
