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
    ['repeat masker', '585\t463\t13\t6\t17\tchr1\t10\t20\t-2488\t+\tL1M\tLINE\tL1\n', 'T=L1M'],
    [
      'the GWAS catalog',
      'Link\tDisease/Trait\tChr_id\tChr_pos\nhttp\tBody height\t1\t15\nx\tLost\t\t\n',
      'T=Body_height',
    ],
    ['a table with start and end', 'chrom\tstart\tend\tgene\n1\t10\t20\tBRCA2\n', 'T=BRCA2'],
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
    ['1\t10\t5\n', {}, '', /has no intervals: line 1 begins at 10 and ends at 5/],
    ['1\t10\t20\n', {}, '#9', /has no column 9/],
    ['1\t1\t2\n1\t1\t2\n1\t1\t2\n', { intervals: 2 }, '', /larger than allowed: more than 2 intervals/],
    ['1\t1\t2\n1\t1\t2\n1\t1\t2\n', { bytes: 10 }, '', /larger than allowed: more than 10 bytes/],
  ])('%j with %j and %j', async (text, limits, columns, sentence) => {
    const failure = await readTrack(trackSource(`T=${file(text)}${columns}`), limits).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(sentence);
  });

  test('two tracks of one name', async () => {
    const tracks = [trackSource(`T=${file('1\t1\t2\n')}`), trackSource(`T=${file('1\t1\t2\n')}`)];
    const input = file('##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n');
    await expect(annotateFile({ input, output: join(root, 'x.vcf'), options: { tracks } })).rejects.toThrow(
      /both write the INFO field T/,
    );
  });
});
