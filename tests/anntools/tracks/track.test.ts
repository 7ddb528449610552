/** Tracks from files of every layout, and what they write into INFO. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EOF_BLOCK } from '../../../anntools/bgzf/block.ts';
import { InputError } from '../../../anntools/errors.ts';
import {
  type AnnotateSummary,
  type TrackLimits,
  annotateFile,
  peekTrack,
  readTrack,
  trackSource,
} from '../../../anntools/index.ts';
import { workerUrl } from '../../support/annotation-worker.ts';

const root = mkdtempSync(join(tmpdir(), 'tracks-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

function file(text: string | Uint8Array): string {
  const path = join(root, `${made++}.txt`);
  writeFileSync(path, text);
  return path;
}

/** INFO of the records with the tracks; spaces in records are tabs. */
async function annotated(
  tracks: Record<string, string | Uint8Array>,
  records: readonly string[],
  columns = '',
): Promise<{ infos: string[]; summary: AnnotateSummary; text: string }> {
  const input = file(
    ['##fileformat=VCFv4.2', '#CHROM POS ID REF ALT QUAL FILTER INFO', ...records].join('\n').replaceAll(' ', '\t'),
  );
  const output = join(root, `${made}.annot.vcf`);
  const sources = Object.entries(tracks).map(([name, text]) => trackSource(`${name}=${file(text)}${columns}`));
  const summary = await annotateFile({ input, output, options: { tracks: sources }, threads: 2, workerUrl });
  const text = readFileSync(output, 'latin1');
  const infos = text
    .split('\n')
    .flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.split('\t')[7] ?? '']));
  return { infos, summary, text };
}

const VCF = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n';

describe('every layout is understood by its content', () => {
  test.each([
    ['BED3', 'chr1\t10\t20\n', 'T=11-20'],
    ['BED4', 'track name=x\nbrowser y\n#c\n1\t10\t20\tseg dup;1\n', 'T=seg_dup%3B1'],
    ['BED with spaces', '1 10 20 name 5 +\n', 'T=name'],
    ['BED12', 'chr1\t10\t20\ttx\t0\t+\t10\t20\t0\t1\t10,\t0,\n', 'T=tx'],
    ['BED with Windows line ends and no last one', '1\t10\t20\ta\r\n1\t500\t600\tb', 'T=a'],
    ['gzip', gzipSync('1\t10\t20\ta\n'), 'T=a'],
    ['BGZF without blocks but the last', Buffer.concat([EOF_BLOCK, gzipSync('1\t10\t20\ta\n')]), undefined],
    ['GFF3', '##gff-version 3\nchr1\tx\tgene\t11\t20\t.\t+\t.\tID=gene:1;Name=A%2CB\n', 'T=A%2CB'],
    ['GTF', '1\tx\texon\t11\t20\t.\t-\t.\tgene_id "G1"; gene_name "TP53";\n', 'T=TP53'],
    ['GFF3 without a name', '1\tx\tsilencer\t11\t20\t.\t.\t.\tscore=1\n', 'T=silencer'],
    ['a table of UCSC with bin', '585\tchr1\t10\t20\tRhs1\t5\n', 'T=Rhs1'],
    [
      'with the names of its columns',
      '#bin\tchrom\tchromStart\tchromEnd\totherChrom\tname\n585\tchr1\t10\t20\tchrX\tSD7\n',
      'T=SD7',
    ],
    [
      'the GWAS catalog',
      'Link\tDisease/Trait\tChr_id\tChr_pos\nhttp\tBody height\t1\t15\nx\tLost\t\t\n',
      'T=Body_height',
    ],
    ['a table with start and end', 'chrom\tstart\tend\tgene\n1\t10\t20\tBRCA2\n', 'T=BRCA2'],
    [
      'a table with places',
      '#ISCA ID\tISCA Region Name\tGenomic Location\nI1\tr1\ttbd\nI2\tr 2\tchr1:11-1,020\n',
      'T=r_2',
    ],
    ['bedGraph', 'track type=bedGraph\nchr1\t10\t20\t0.25\n', 'T=0.25'],
    ['VCF', `${VCF}chr1\t15\trs7\tA\tC\t.\t.\tSVTYPE=X\nchr1\t15\t.\tA\tG\t.\t.\t.\n`, 'T=rs7,15-15'],
    ['unsorted', '2\t5\t6\tx\n1\t100\t200\tb\n1\t10\t20\ta\n1\t5\t30\tc\n', 'T=c,a'],
    ['a name twice', '1\t10\t20\ta\n1\t12\t18\ta\n1\t11\t20\tb\n', 'T=a,b'],
    ['other contigs only', '7\t10\t20\ta\n', '.'],
  ])('%s', async (_, text, info) => {
    const answer = annotated({ T: text }, ['1 15 . A C . . .']);
    if (info === undefined) await expect(answer).rejects.toThrow(InputError);
    else expect((await answer).infos).toEqual([info]);
  });

  test.each([
    ['#5', 'T=7'],
    ['#4,5', 'T=a:7'],
    ['#score', 'T=7'],
  ])('the value is the column asked for: %s', async (columns, info) => {
    const table = '#chrom\tchromStart\tchromEnd\tname\tscore\n1\t10\t20\ta\t7\n';
    expect((await annotated({ T: table }, ['1 15 . A C . . .'], columns)).infos).toEqual([info]);
  });

  test('attributes of a GFF3 likewise', async () => {
    const gff = '1\tx\tgene\t11\t20\t.\t+\t.\tID=g;biotype=lncRNA\n';
    expect((await annotated({ T: gff }, ['1 15 . A C . . .'], '#biotype')).infos).toEqual(['T=lncRNA']);
  });
});

/** Lines as they are downloaded; spaces are tabs. */
const UCSC = {
  cytoBand: 'chr1 10 20 p36.33 gneg',
  gwasCatalog:
    '585 chr1 10 20 rs6 21 Li 2012-01-31 J Title_x Body_height 5,0 NA 1p36 G rs6-A 0.2 2E-7 (x) 0.1 [NR] Illumina N',
  genomicSuperDups:
    '585 chr1 10 20 chr15:101 0 _ chr15 10 90 80 11 1000 N/A N/A N/A N/A both 80 1 2 79 78 1 1 0 0.992 0.991 0.007 0.007',
  rmsk: '585 463 13 6 17 chr1 10 20 -2488 + (CCCTAA)n Simple_repeat Simple_repeat 1 471 0 1',
  simpleRepeat: '585 chr1 10 20 trf 6 77.2 6 95 3 789 33 51 0 15 1.43 TAACCC',
  wgEncodeRegTfbsClusteredV3: '585 chr1 10 20 ZBTB33 336 2 204,246 336,254',
  wgEncodeRegTfbsClusteredWithoutBin: 'chr1 10 20 ZBTB33 336 2 204,246 336,254',
  dgvMerged:
    '9 chr1 10 20 dgv1n82 0 + 10 10 9109504 loss Sudmant_2013 23825009 Sequencing x 1 nsv9 97 10 0 c DDX11L1 s',
  targetScanS: '591 chr1 10 20 SKI:miR-124 73 +',
  refGene: '585 NR_046018 chr1 + 10 20 20 20 1 10, 20, 0 DDX11L1 unk unk -1,',
  refFlat: 'DDX11L1 NR_046018 chr1 + 10 20 20 20 1 10, 20,',
  phastConsElements: '585 chr1 10 20 lod=13 237',
};

describe('tables of UCSC are told by their shape', () => {
  test.each([
    ['cytoBand', '', 'p36.33'],
    ['cytoBand', '#gieStain', 'gneg'],
    ['gwasCatalog', '', 'Body_height'],
    ['gwasCatalog', '#name,trait,pValue', 'rs6:Body_height:2E-7'],
    ['genomicSuperDups', '', 'chr15:101'],
    ['genomicSuperDups', '#fracMatch', '0.992'],
    ['rmsk', '', '(CCCTAA)n'],
    ['rmsk', '#repClass', 'Simple_repeat'],
    ['simpleRepeat', '', 'TAACCC'],
    ['wgEncodeRegTfbsClusteredV3', '', 'ZBTB33'],
    ['wgEncodeRegTfbsClusteredWithoutBin', '#name,score', 'ZBTB33:336'],
    ['dgvMerged', '', 'dgv1n82'],
    ['dgvMerged', '#name,varType', 'dgv1n82:loss'],
    ['targetScanS', '', 'SKI:miR-124'],
    ['refGene', '', 'DDX11L1'],
    ['refFlat', '#name', 'NR_046018'],
    ['phastConsElements', '', 'lod%3D13'],
  ] as const)('%s%s', async (name, columns, value) => {
    const text = `${UCSC[name].replaceAll(' ', '\t')}\n`;
    const records = ['1 11 . A C . . .', '1 20 . A C . . .', '1 10 . A C . . .', '1 21 . A C . . .'];
    const { infos } = await annotated({ T: text }, records, columns);
    expect(infos).toEqual([`T=${value}`, `T=${value}`, '.', '.']);
  });

  test('with the line that names the columns likewise', async () => {
    const heading =
      '#bin chrom chromStart chromEnd name period copyNum consensusSize perMatch perIndel score A C G T entropy sequence';
    const text = `${heading}\n${UCSC.simpleRepeat}\n`.replaceAll(' ', '\t');
    expect((await annotated({ T: text }, ['1 15 . A C . . .'])).infos).toEqual(['T=TAACCC']);
  });
});

describe('a VCF as a track: its records are what they change', () => {
  const vcf = `${VCF}${[
    '1 10 snv A C . . AF=0.1;SVTYPE=x',
    '1 20 ins A AG . . AF=0.2',
    '1 30 del AGG A . . AF=0.3',
    '1 40 sv N <DEL> . . END=60;SVTYPE=DEL',
    '1 70 . A . . . .',
    '1 80 two A C,AGG . . .',
    '1 x bad A C . . .',
  ]
    .join('\n')
    .replaceAll(' ', '\t')}\n`;

  test.each([
    ['1 10 . A G . . .', 'T=snv'],
    ['1 11 . A G . . .', '.'],
    ['1 20 . A G . . .', 'T=ins'],
    ['1 20 . A AGT . . .', 'T=ins'],
    ['1 21 . A G . . .', 'T=ins'],
    ['1 30 . A G . . .', '.'],
    ['1 32 . A G . . .', 'T=del'],
    ['1 30 . AGG A . . .', 'T=del'],
    ['1 70 . A G . . .', '.'],
    ['1 80 . A G . . .', 'T=two'],
    ['1 50 . N <DEL> . . END=90', 'END=90;T=sv,two;T_BASES=11;T_PCT=27.5'],
  ])('%s gives %s', async (record, info) => {
    const { infos, summary } = await annotated({ T: vcf }, [record]);
    expect(infos).toEqual([info]);
    expect(summary.tracks?.map(({ intervals, bad_lines }) => [intervals, bad_lines])).toEqual([[5, 1]]);
  });

  test.each([
    ['#AF', 'T=0.1'],
    ['#INFO/AF', 'T=0.1'],
    ['#ID,AF,NONE', 'T=snv:0.1:'],
    ['#REF,ALT', 'T=A:C'],
    ['#NONE', 'T=10-10'],
  ])('its value is %s', async (columns, info) => {
    expect((await annotated({ T: vcf }, ['1 10 . A G . . .'], columns)).infos).toEqual([info]);
  });
});

describe('what overlaps is what the change touches', () => {
  // Zero-based [10, 20) and [30, 40), and a place between bases 24 and 25.
  const bed = '1\t10\t20\ta\n1\t30\t40\tb\n1\t25\t25\tz\n';

  test.each([
    ['1 10 . A C . . .', '.'],
    ['1 11 . A C . . .', 'T=a'],
    ['chr1 20 . A C . . .', 'T=a'],
    ['1 21 . A C . . .', '.'],
    // An insertion lies between two bases; both must be covered.
    ['1 10 . A AG . . .', '.'],
    ['1 11 . A AG . . .', 'T=a'],
    ['1 20 . A AG . . .', '.'],
    // A deletion is its deleted bases, not the one before them.
    ['1 10 . AG A . . .', 'T=a'],
    ['1 20 . AG A . . .', '.'],
    ['1 9 . AAGAAA AAA . . .', 'T=a'],
    ['1 15 . A G,T . . X=1', 'X=1;T=a'],
    ['1 19 . AAAAAAAAAAAAAAAAAAAAA A . . .', 'T=a,z,b'],
    ['1 11 . A * . . .', '.'],
    ['1 11 . A <NON_REF> . . .', '.'],
    ['1 10 . N <DEL> . . END=35', 'END=35;T=a,z,b;T_BASES=15;T_PCT=60'],
    ['1 15 . N <DUP> . . SVLEN=10', 'SVLEN=10;T=a;T_BASES=5;T_PCT=50'],
    ['1 20 . N <DEL> . . END=24', 'END=24'],
    ['1 15 . N <INS> . . END=15', 'END=15;T=a'],
    ['1 15 . A A[2:7[ . . .', 'T=a;T_BASES=1;T_PCT=100'],
    ['1 15 . A C . . .', 'T=a'],
  ])('%s gives %s', async (record, info) => {
    expect((await annotated({ T: bed }, [record])).infos).toEqual([info]);
  });

  test('bases under several intervals count once', async () => {
    const { infos } = await annotated({ T: '1\t0\t15\ta\n1\t10\t20\tb\n1\t12\t14\tc\n' }, ['1 5 . N <DEL> . . END=35']);
    expect(infos).toEqual(['END=35;T=a,b,c;T_BASES=15;T_PCT=50']);
  });
});

test('several tracks, told of in the header, the summary and the warnings', async () => {
  const { infos, summary, text } = await annotated(
    { SEGDUP: '1\t10\t20\ta\n1\t30\tx\n1\t50\t40\n', R: 'chr1\t10\t12\tr\n' },
    ['1 11 . A C . . .', '1 15 . A C . . DP=5', '2 15 . A C . . .'],
  );
  expect(infos).toEqual(['SEGDUP=a;R=r', 'DP=5;SEGDUP=a', '.']);
  expect(
    summary.tracks?.map(({ name, intervals, bad_lines, records }) => [name, intervals, bad_lines, records]),
  ).toEqual([
    ['SEGDUP', 1, 2, 2],
    ['R', 1, 0, 1],
  ]);
  const [warning] = summary.warnings.filter(({ code }) => code === 'TRACK_LINES');
  expect(warning?.message).toMatch(
    /2 lines of the track SEGDUP \(\d+\.txt\) cannot be read and are left out: line 2 has 'x' where a position should be/,
  );
  expect(text).toMatch(
    /##INFO=<ID=SEGDUP,Number=\.,Type=String,Description="Regions of \d+\.txt that the variant overlaps",Source="\d+\.txt",Version="[0-9a-f]{12}">/,
  );
  expect(text).toContain('##INFO=<ID=R_PCT,Number=1,Type=Float');
  expect(text).not.toContain(root);
});

describe('what cannot be is said', () => {
  test.each([
    ['SEGDUP', /NAME=FILE/],
    ['1X=a.bed', /cannot be the name of a track/],
    ['AF=a.bed', /another meaning/],
    ['CSQ=a.bed', /another meaning/],
    ['X=/nowhere.bed', /there is no such file/],
  ])('--track %s', async (text, sentence) => {
    const answer = (async () => readTrack(trackSource(text)))();
    await expect(answer).rejects.toThrow(sentence);
  });

  test.each<[string, Partial<TrackLimits>, string, RegExp]>([
    ['hello\nworld\n', {}, '', /is neither BED .* line 1 is "hello"/],
    ['', {}, '', /has no intervals/],
    ['fixedStep chrom=chr1 start=1 step=1\n1\n', {}, '', /is a wiggle file/],
    ['\x26\xfc\0\0', {}, '', /is a binary file/],
    ['1\t10\t5\n', {}, '', /has no intervals: line 1 begins at 10 and ends at 5/],
    ['1\t10\t20\n', {}, '#9', /has no column 9/],
    ['1\t1\t2\n1\t1\t2\n1\t1\t2\n', { intervals: 2 }, '', /larger than allowed: more than 2 intervals/],
    ['1\t1\t2\n1\t1\t2\n1\t1\t2\n', { bytes: 10 }, '', /larger than allowed: more than 10 bytes/],
  ])('%j with %j and %j', async (text, limits, columns, sentence) => {
    const failure = await readTrack(trackSource(`T=${file(text)}${columns}`), limits).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(sentence);
  });

  test('a limit of one file among others', async () => {
    const source = { ...trackSource(`T=${file('1\t1\t2\n1\t1\t2\n')}`), limits: { intervals: 1 } };
    await expect(readTrack(source)).rejects.toThrow(/larger than allowed: more than 1 intervals/);
  });

  test.each<[string, Uint8Array, boolean, RegExp | object]>([
    ['all of a file', Buffer.from('1\t10\t20\ta\n1\t5'), true, { intervals: 1, badLines: 1, isWhole: true }],
    ['its beginning, cut off in a line', Buffer.from('1\t10\t20\ta\n1\t5'), false, { intervals: 1, badLines: 0 }],
    ['compressed, cut off', gzipSync('1\t10\t20\ta\n').subarray(0, 25), false, { badLines: 0 }],
    ['compressed, all of it, broken', gzipSync('1\t10\t20\ta\n').subarray(0, 25), true, /ends in the middle/],
    ['a bomb', gzipSync(Buffer.alloc(1 << 24)), true, { intervals: 0, isWhole: false }],
    ['no regions', Buffer.from('hello\nworld\n'), false, /is neither BED .* line 1 is "hello"/],
    ['an Excel sheet', Buffer.from('PK\x03\x04'), false, /^InputError: the file is a zip archive/],
  ])('a look at %s', async (_what, head, isWhole, expected) => {
    const answer = await peekTrack(trackSource('T=x.bed'), head, isWhole).catch(String);
    if (expected instanceof RegExp) expect(answer).toMatch(expected);
    else expect(answer).toMatchObject(expected);
  });

  test('two tracks of one name', async () => {
    const tracks = [trackSource(`T=${file('1\t1\t2\n')}`), trackSource(`T=${file('1\t1\t2\n')}`)];
    const input = file('##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n');
    await expect(annotateFile({ input, output: join(root, 'x.vcf'), options: { tracks } })).rejects.toThrow(
      /both write the INFO field T/,
    );
  });
});
