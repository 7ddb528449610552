import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CommandContext } from '../../../anntools/cli/context.ts';
import { quietContext } from '../../support/command.ts';
import { ProgressLine } from '../../../anntools/cli/progress-line.ts';
import { referenceCommand } from '../../../anntools/cli/reference.ts';
import { tabbed } from '../../support/gene-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-reference-'));
const referencesFolder = join(folder, 'references');
afterAll(() => rmSync(folder, { recursive: true }));

const fasta = join(folder, 'toy.fa');
const genes = join(folder, 'toy.gff3');
writeFileSync(fasta, '>1\nATGGCCTAARGGGGG\n');
writeFileSync(
  genes,
  [
    '#!genome-build Toy1',
    '1 t mRNA 1 9 . + . ID=transcript:T',
    '1 t exon 1 9 . + . Parent=transcript:T',
    '1 t CDS 1 9 . + 0 Parent=transcript:T',
    ...Array.from({ length: 7 }, (_, i) => `1 t exon 10 12 . + . Parent=lost${i}`),
  ]
    .map(tabbed)
    .join('\n'),
);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const context: CommandContext = {
    ...quietContext(),
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    referencesFolder,
    now: () => new Date('2026-11-22T10:00:00Z'),
  };
  const code = await referenceCommand(args, context);
  return { code, out, err };
}

test('build says what it made and what was odd; list and inspect find it by name', async () => {
  const dir = join(referencesFolder, 'toy');
  const built = await run('build', '--fasta', fasta, '--genes', genes, '--codon-table', '1=11', '-o', dir);
  expect([built.code, built.err]).toEqual([0, '']);
  expect(built.out).toContain('1, 15 bases (1 unknown)');
  expect(built.out).toContain('toy.gff3, Ensembl GFF3, SHA-256');
  expect(built.out).toContain('7 features name a parent that is not in the file');
  expect(built.out).toMatch(/line 9 names lost4\n {4}…/);
  expect(built.out).toContain(`built in 0.0 s: ${dir}`);

  const listed = await run('list');
  expect(listed.out).toMatch(/^ {2}toy {2}Toy1 {2}8 transcripts, 15 bases, made 2026-11-22$/m);
  expect(listed.out).toMatch(/^ {2}grch38 +GRCh38 +Human.* MB to fetch$/m);

  const inspected = await run('inspect', 'toy', '--verify');
  expect(inspected.out).toContain('every byte is as it was written');
  const { out } = await run('inspect', dir, '--json');
  expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')));
});

test('a damaged reference is found by inspect --verify', async () => {
  const dir = join(folder, 'damaged');
  await run('build', '-f', fasta, '-o', dir);
  const path = join(dir, 'sequence.bin');
  const bytes = readFileSync(path);
  bytes[8192] = 255;
  writeFileSync(path, bytes);
  expect((await run('inspect', dir)).code).toBe(0);
  await expect(run('inspect', dir, '--verify')).rejects.toThrow(/sequence\.bin has damaged bytes/);
});

test.each<[args: string[], message: RegExp]>([
  [['make'], /no "anntools reference make"/],
  [['build', '--fasta', fasta], /-o FOLDER/],
  [['build', '-o', join(folder, 'x')], /--fasta FILE/],
  [['build', '--fasta', fasta, '-o', join(folder, 'x'), '--codon-table', '1=99'], /CONTIG=N.*'1=99'/],
  [['build', '--fasta', fasta, '--speed', '9'], /'--speed'/],
  [['build', '--fasta', join(folder, 'none.fa'), '-o', join(folder, 'x')], /none\.fa/],
  [['inspect'], /say which one/],
  [['inspect', 'hg99'], /no reference 'hg99'/],
  [['install'], /say which one/],
  [['install', 'hg99'], /one of grch38, grch37/],
])('%j is refused with a sentence', async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});

test('help is the usage', async () => {
  expect(await run('--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('usage: anntools reference build'),
  });
  expect((await run()).code).toBe(2);
});

test('the progress line: bar, percent, rate, time left; one line a label, nothing where nobody looks', () => {
  let drawn = '';
  let now = 0;
  const context = { err: (text: string) => void (drawn += text), isTerminal: true, now: () => new Date(now) };
  const line = new ProgressLine(context);
  line.show('fetching a', 0, 4_000_000);
  now = 50;
  line.show('fetching a', 1000, 4_000_000);
  now = 2000;
  line.show('fetching a', 2_000_000, 4_000_000);
  line.show('checking', 0, 0);
  line.end();
  line.end();
  expect(drawn.split('\r\x1b[K').map((text) => text.trimEnd())).toEqual([
    '',
    `fetching a ${'░'.repeat(24)} 0 % of 4 MB, 0 kB/s`,
    `fetching a ${'█'.repeat(12)}${'░'.repeat(12)} 50 % of 4 MB, 1 MB/s, 2 s left`,
    'checking …',
  ]);
  drawn = '';
  new ProgressLine({ ...context, isTerminal: false }).show('x', 1, 2);
  expect(drawn).toBe('');
});
