/**
 * Known variants of growing number, up to human scale: files like gnomAD's over the chromosomes of GRCh38, made anew by
 * the same chance every time. Builds a source of each, opens it, looks up a tenth as many sites in it, of which three
 * quarters are known, and does the same with `bcftools annotate` beside it. Prints a table.
 *
 *     bun bench/known-scale.ts [--folder FOLDER] [--rounds N] [VARIANTS…]      50 million need 4 GB
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EOF_BLOCK } from '../anntools/bgzf/block.ts';
import { BgzfWriter } from '../anntools/bgzf/writer.ts';
import { ByteBuffer } from '../anntools/bytes/buffer.ts';
import { ASSEMBLIES } from '../anntools/genome/assemblies.ts';
import { KnownVariants } from '../anntools/lookup/known.ts';
import { AltAlleles } from '../anntools/vcf/alleles.ts';
import { VcfRecord } from '../anntools/vcf/record.ts';
import { inflated } from './inflated.ts';
import { type Command, type Cost, measure, median } from './measure.ts';
import { type Random, randomFrom } from './random.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const rounds = Number(values.rounds);
const root = values.folder ?? join(tmpdir(), 'anntools-known-scale');
const counts = positionals.length > 0 ? positionals.map(Number) : [1_000_000, 5_000_000];

const lengths = ASSEMBLIES.find(({ name }) => name === 'GRCh38')?.lengths ?? [];
const names = lengths.map((_, i) => (i === 22 ? 'chrX' : i === 23 ? 'chrY' : `chr${i + 1}`));
const genome = lengths.reduce((sum, length) => sum + length, 0);

const FIELDS = ['ID', 'AF', 'nhomalt'];
const HEADER = [
  '##fileformat=VCFv4.2',
  '##reference=GRCh38',
  ...names.map((name, i) => `##contig=<ID=${name},length=${lengths[i] ?? 0}>`),
  '##FILTER=<ID=PASS,Description="All filters passed">',
  '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">',
  '##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles called">',
  '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">',
  '##INFO=<ID=nhomalt,Number=A,Type=Integer,Description="Homozygotes">',
  '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
  '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO',
];

process.stdout.write(
  '| variants | building s | CPU s | records/s | peak MB | MB | bytes a variant | opening ms | lookups/s | sites | ' +
    'anntools CPU s | bcftools CPU s | ratio |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n',
);
for (const count of counts) process.stdout.write(`${await row(count)}\n`);

async function row(count: number): Promise<string> {
  const folder = join(root, String(count));
  mkdirSync(folder, { recursive: true });
  const known = join(folder, 'known.vcf.gz');
  const sites = join(folder, 'sites.vcf.gz');
  if (!existsSync(sites)) writeFiles(count, known, sites);
  for (const path of [known, sites]) if (!existsSync(`${path}.tbi`)) run('bcftools', ['index', '-t', path]);

  const source = join(folder, 'source');
  rmSync(source, { recursive: true, force: true });
  const built = await measure(
    ours('known', 'build', 'K', '--vcf', known, '--fields', fieldsOf('INFO/'), '-o', source),
    folder,
  );
  const bytes = readdirSync(source).reduce((sum, name) => sum + statSync(join(source, name)).size, 0);
  const opening = performance.now();
  const opened = new KnownVariants(source);
  const openedMs = performance.now() - opening;
  const lookups = await lookupRate(opened, sites);

  const output = join(folder, 'out.vcf.gz');
  const peer = join(folder, 'out.bcftools.vcf.gz');
  const columns = FIELDS.map((name) => (name === 'ID' ? name : `K_${name}:=INFO/${name}`)).join(',');
  const [own, theirs] = await alternately(
    [
      {
        words: [
          'bun',
          join(import.meta.dir, 'library.ts'),
          JSON.stringify({ input: sites, output, reference: null, options: { known: [source] } }),
        ],
      },
      { words: ['bcftools', 'annotate', '-a', known, '-c', columns, sites, '-Oz', '-o', peer] },
    ],
    folder,
  );
  await compare(output, peer);
  const variants = opened.manifest.contigs.reduce((sum, { entries }) => sum + entries, 0);
  return [
    '',
    say(count),
    built.wallSeconds.toFixed(1),
    built.cpuSeconds.toFixed(1),
    say(Math.round(count / built.cpuSeconds)),
    built.peakMegabytes.toFixed(0),
    (bytes / 1e6).toFixed(0),
    (bytes / variants).toFixed(1),
    openedMs.toFixed(0),
    say(Math.round(lookups)),
    say(count / 10),
    own.toFixed(1),
    theirs.toFixed(1),
    (theirs / own).toFixed(1),
    '',
  ]
    .join(' | ')
    .trim();
}

function fieldsOf(path: string): string {
  return FIELDS.map((name) => (name === 'ID' ? name : `${path}${name}`)).join(',');
}

function ours(...words: readonly string[]): Command {
  return { words: ['bun', join(import.meta.dir, '../bin/anntools.ts'), ...words] };
}

/** Median seconds of processor of each command, run in turn. */
async function alternately(commands: readonly Command[], folder: string): Promise<[number, number]> {
  const costs: Cost[][] = commands.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, command] of commands.entries()) costs[i]?.push(await measure(command, folder));
  }
  const [own = 0, theirs = 0] = costs.map((some) => median(some.map(({ cpuSeconds }) => cpuSeconds)));
  return [own, theirs];
}

/** Lookups in a second, of sites in their order with their values written: what it takes more than only parsing them. */
async function lookupRate(source: KnownVariants, path: string): Promise<number> {
  const record = new VcfRecord();
  const alleles = new AltAlleles();
  const out = new ByteBuffer();
  let contig = -1;
  let name = '';
  let spent = 0;
  let lookups = 0;
  let rest: Uint8Array = new Uint8Array(0);
  const pass = (bytes: Uint8Array, end: number, isLookup: boolean): number => {
    const started = performance.now();
    for (let at = 0; at < end;) {
      const newline = bytes.indexOf(10, at);
      if (bytes[at] !== 35) {
        record.parse(bytes, at, newline, 0);
        alleles.parse(record);
        if (isLookup) {
          const next = record.text(0);
          if (next !== name) contig = source.contigOf((name = next));
          if (source.find(contig, alleles) > 0) source.write(out, true);
          lookups++;
        }
      }
      at = newline + 1;
    }
    out.clear();
    return performance.now() - started;
  };
  for await (const chunk of inflated(path)) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(10) + 1;
    rest = bytes.subarray(end);
    spent += pass(bytes, end, true) - pass(bytes, end, false);
  }
  return lookups / (spent / 1000);
}

/** Throws when a site has other values in one file than in the other. */
async function compare(own: string, theirs: string): Promise<void> {
  const [one = '', other = ''] = [own, theirs].map((path) =>
    run('bcftools', ['query', '-f', '%POS %REF %ALT %K_AF %K_nhomalt\\n', path]),
  );
  // Theirs are 32-bit floats printed again; ours the decimals of the file.
  if (!same(one, other)) throw new Error('bcftools annotate says otherwise');
}

function same(one: string, other: string): boolean {
  const others = other.split('\n');
  return one.split('\n').every((line, i) => {
    const [position, ref, alt, frequency = '', homozygotes] = line.split(' ');
    const [position2, ref2, alt2, frequency2 = '', homozygotes2] = (others[i] ?? '').split(' ');
    return (
      `${position} ${ref} ${alt} ${homozygotes}` === `${position2} ${ref2} ${alt2} ${homozygotes2}` &&
      (frequency === frequency2 || Math.fround(Number(frequency)) === Math.fround(Number(frequency2)))
    );
  });
}

function writeFiles(count: number, knownPath: string, sitesPath: string): void {
  const random = randomFrom(count);
  const known = new TextFile(knownPath);
  const sites = new TextFile(sitesPath);
  for (const file of [known, sites]) for (const line of HEADER) file.line(line);
  const gap = Math.floor((2.2 * genome) / count);
  names.forEach((name, i) => {
    let left = Math.round((count * (lengths[i] ?? 0)) / genome);
    for (let position = 10_000; left > 0;) {
      position += 1 + random(gap);
      const ref = random(4);
      // A tenth of the places have two ALTs; the third one is nobody's.
      const alleles = random(10) === 0 ? [base(ref, 1), base(ref, 2)] : [altText(ref, random)];
      for (const text of alleles.slice(0, left)) {
        const id = random(8) === 0 ? '.' : `rs${1 + random(2_100_000_000)}`;
        known.line(`${name}\t${position}\t${id}\t${text}\t.\tPASS\t${knownInfo(random)}`);
        left--;
      }
      const kind = random(36);
      const asked = kind < 3 ? alleles[0] : kind === 3 ? base(ref, 3) : undefined;
      if (asked === undefined) continue;
      sites.line(`${name}\t${position}\t.\t${asked}\t50\tPASS\tAC=1;AF=0.5;AN=2;DP=${20 + random(30)}`);
    }
  });
  known.close();
  sites.close();
}

/** REF and ALT of an SNV. */
function base(ref: number, step: number): string {
  return `${'ACGT'[ref] ?? ''}\t${'ACGT'[(ref + step) % 4] ?? ''}`;
}

/** REF and ALT: of a hundred 88 SNVs, 7 deletions, 5 insertions, few of them long. */
function altText(ref: number, random: Random): string {
  const kind = random(100);
  if (kind < 88) return base(ref, 1 + random(2));
  const first = 'ACGT'[ref] ?? '';
  let bases = '';
  // None of them is the base before, so that an indel can be written in one way only.
  for (let length = 1 + random(random(3) === 0 ? 20 : 3); length > 0; length--)
    bases += 'ACGT'[(ref + 1 + random(3)) % 4] ?? '';
  return kind < 95 ? `${first}${bases}\t${first}` : `${first}\t${first}${bases}`;
}

/** Counts as of 76,156 genomes: half of the variants were seen once, 2 % are common, fewer have homozygotes. */
function knownInfo(random: Random): string {
  const alleles = 152_312 - 2 * random(random(2) === 0 ? 50 : 3000);
  const rarity = random(100);
  const carriers = 1 + random(rarity < 50 ? 1 : rarity < 75 ? 4 : rarity < 90 ? 64 : rarity < 98 ? 2048 : 150_000);
  const count = Math.min(carriers, alleles);
  const homozygotes = count < 200 ? 0 : Math.floor(((count / 2) * count) / alleles);
  return `AC=${count};AN=${alleles};AF=${frequencyText(count / alleles)};nhomalt=${homozygotes}`;
}

/** As `%g` of C prints it, to six digits. */
function frequencyText(frequency: number): string {
  return frequency < 1e-4
    ? frequency.toExponential(5).replace(/e-(\d)$/, 'e-0$1')
    : String(Number(frequency.toPrecision(6)));
}

/** Lines into BGZF; appears under its name when it is whole. */
class TextFile {
  private readonly file: number;
  private readonly writer = new BgzfWriter(1);

  constructor(private readonly path: string) {
    this.file = openSync(`${path}.partial`, 'w');
  }

  line(text: string): void {
    this.writer.text.ascii(text);
    this.writer.text.byte(10);
    this.writer.settle();
    if (this.writer.out.length > 1 << 20) this.flush();
  }

  close(): void {
    this.writer.flush();
    this.flush();
    writeSync(this.file, EOF_BLOCK);
    closeSync(this.file);
    renameSync(`${this.path}.partial`, this.path);
  }

  private flush(): void {
    writeSync(this.file, this.writer.out.view());
    this.writer.out.clear();
  }
}

function run(program: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { maxBuffer: 2 ** 31 });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed: ${stderr.toString()}`);
  return stdout.toString('latin1');
}

function say(number: number): string {
  return number.toLocaleString('en');
}
