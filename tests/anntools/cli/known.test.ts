import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anntools, type Ran } from '../../support/command.ts';
import { makeSmallReference, basesOf } from '../../support/small-reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-known-'));
const referencesFolder = join(folder, 'references');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reference = join(referencesFolder, 'small');
await makeSmallReference(reference);

const base = basesOf('1')[0] ?? 'N';
const other = base === 'A' ? 'C' : 'A';
const vcf = join(folder, 'known.vcf');
writeFileSync(
  vcf,
  [
    '##fileformat=VCFv4.2',
    '##fileDate=2026',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="frequency">',
    '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
    `1\t1\trs1\t${base}\t${other}\t.\t.\tAF=0.25`,
    `1\t1\trs2\t${base}\t${other}\t.\t.\tAF=0.5`,
    '1\tx\t.\tA\tC\t.\t.\t.',
    '',
  ].join('\n'),
);
const input = join(folder, 'in.vcf');
writeFileSync(
  input,
  `##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t1\t.\t${base}\t${other}\t.\t.\t.\n`,
);

function run(...args: string[]): Promise<Ran> {
  return anntools(args, { referencesFolder, now: () => new Date('2026-11-22T10:00:00Z') });
}

test('build says what it made and what was odd; list and inspect find it by name; annotate uses it', async () => {
  const built = await run('known', 'build', 'My', '--vcf', vcf, '--fields', 'INFO/AF,ID', '--reference', 'small');
  expect([built.code, built.err]).toEqual([0, '']);
  expect(built.out).toContain('1 variants came again');
  expect(built.out).toContain("line 7: has POS 'x', which is not a position");
  expect(built.out).toMatch(/1 variant of 2 records of known\.vcf in \d+ kB, [\d,.]+ bytes a variant, built in 0\.0 s/);
  expect(built.out).toMatch(/alleles {3}left-aligned/);

  const listed = await run('known', 'list');
  expect(listed.out).toMatch(/^ {2}My {2}small 2026, 1 variant: My_AF, My_ID$/m);
  expect(listed.out).toMatch(/of the reference small, used with it\n {2}Known {2}small 1, 3,000 variants: Known_N/);

  expect((await run('known', 'inspect', 'my', '--verify')).out).toContain('every byte is as it was written');
  expect(JSON.parse((await run('known', 'inspect', 'My', '--json')).out)).toMatchObject({
    name: 'My',
    version: '2026',
  });

  const output = join(folder, 'out.vcf');
  const track = join(folder, 'genes.bed');
  writeFileSync(track, '1\t0\t5\tfirst\n');
  const log = join(folder, 'log');
  const annotated = await run(
    'annotate',
    input,
    '-o',
    output,
    '-r',
    'small',
    '--known',
    'My',
    '--track',
    `GENES=${track}`,
    '--log',
    log,
  );
  expect([annotated.code, annotated.err]).toEqual([0, expect.not.stringContaining('anntools:')]);
  const text = readFileSync(output, 'utf8');
  expect(text).toContain(';My_AF=0.25;My_ID=rs1;GENES=first');
  expect(text).toContain(
    '##INFO=<ID=My_AF,Number=A,Type=Float,Description="frequency (My AF)",Source="My",Version="2026">',
  );
  expect(readFileSync(log, 'utf8')).toMatch(/1 {2}My 2026\n/);
  expect(readFileSync(log, 'utf8')).toMatch(/1 {2}GENES \(genes\.bed, 1 interval\)/);
});

test('several files are one source, as a shell spells them out', async () => {
  const parts = ['1', '2'].map((contig, i) => {
    const path = join(folder, `part${contig}.vcf`);
    writeFileSync(
      path,
      `##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n${contig}\t1\trs${i}\tA\tC\t.\t.\t.\n`,
    );
    return path;
  });
  const place = join(folder, 'Parts');
  const built = await run('known', 'build', 'Parts', '--fields', 'ID', '-o', place, '--vcf', ...parts);
  expect([built.code, built.err]).toEqual([0, '']);
  expect(built.out).toMatch(/2 variants of 2 records of part1\.vcf and part2\.vcf/);
  expect(built.out).toContain('variants  2 on 2 contigs');
});

test('a table of variants likewise', async () => {
  const tsv = join(folder, 'scores.tsv');
  writeFileSync(tsv, `chrom\tpos\tref\talt\tscore\n1\t1\t${base}\t${other}\t0.5\n`);
  const place = join(folder, 'Scores');
  expect((await run('known', 'build', 'S', '--tsv', tsv, '-o', place)).code).toBe(0);
  const output = join(folder, 'scored.vcf');
  await run('annotate', input, '-o', output, '-r', 'small', '--known', place);
  expect(readFileSync(output, 'utf8')).toContain('S_score=0.5');
});

test.each([
  [['known'], 2, ''],
  [['known', 'bild'], 2, 'there is no "anntools known bild"'],
  [['known', 'build'], 2, 'say what to call it'],
  [['known', 'build', 'X'], 2, '--vcf FILE, --tsv FILE or --bed FILE'],
  [['known', 'build', 'X', '--tsv', 'a', 'b'], 2, 'what is b? A source is made from one table'],
  [['known', 'build', 'X', '--vcf', '/nowhere.vcf', '-o', join(folder, 'X')], 1, 'there is no such file'],
  [['known', 'build', 'X', '--vcf', vcf, '--fields', 'INFO/Y', '-o', join(folder, 'X')], 2, 'declares no INFO field Y'],
  [['known', 'inspect', 'nothing'], 1, "there is no source of known variants 'nothing'"],
  [['known', 'list', '--odd'], 2, '--odd'],
  [['annotate', input, '-r', 'small', '--known', 'nothing', '-o', '-'], 1, 'no source of known variants'],
  [['annotate', input, '-r', 'small', '--track', 'x', '-o', '-'], 2, 'NAME=FILE'],
])('%j ends with %i', async (args, code, sentence) => {
  const ran = await run(...args);
  expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(sentence)]);
});
