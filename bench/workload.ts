/**
 * The files that are measured, made from chromosome 20 of GRCh37 and its GENCODE V7 models: the same bytes every time,
 * so that figures of different days can be compared. Made once and kept; nothing of them is committed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from '../anntools/bundle/build.ts';
import { openBundle } from '../anntools/bundle/open.ts';
import { Chromosome, type Variant } from './chromosome.ts';
import { randomFrom } from './random.ts';
import { TextFile } from './text-file.ts';

/** Changes when the files would: a folder of another version is not used. */
const VERSION = 3;

const SHARED = join(import.meta.dir, '../../shared/data');
export const FASTA = join(SHARED, 'ref/grch37/20.fa.gz');
export const GENES = join(SHARED, 'genes/grch37/gencodeV7.grch37.chr20.gff3.gz');
const CLINVAR = join(SHARED, 'known/clinvar/clinvar_grch37_macarthur.no22XY.vcf.gz');

const CONTIG = '20';
const SAMPLES = 1000;

/** How much is measured. */
export interface Size {
  name: 'quick' | 'full';
  sites: number;
  coding: number;
  /** Records of the file with `SAMPLES` samples. */
  genotyped: number;
  known: number;
  /** For programs that take long. */
  few: number;
  /** Sizes of the files that grow. */
  growing: readonly number[];
}

export const SIZES: Record<Size['name'], Size> = {
  quick: {
    name: 'quick',
    sites: 50_000,
    coding: 20_000,
    genotyped: 1000,
    known: 100_000,
    few: 5000,
    growing: [1, 10_000],
  },
  full: {
    name: 'full',
    sites: 500_000,
    coding: 100_000,
    genotyped: 10_000,
    known: 1_000_000,
    few: 50_000,
    growing: [1, 10_000, 100_000, 1_000_000],
  },
};

export interface Track {
  name: string;
  path: string;
}

export interface Workload {
  size: Size;
  folder: string;
  /** Reference bundle of chromosome 20. */
  reference: string;
  /** 90 % SNVs, 8 % short insertions and deletions, 2 % MNVs, evenly over the chromosome. */
  sites: string;
  /** The same, uncompressed. */
  sitesText: string;
  /** The same mixture in coding sequence only. */
  coding: string;
  /** The same mixture with 1000 samples' genotypes. */
  genotyped: string;
  /** A file like gnomAD's: half of the sites and as many others. */
  frequencies: string;
  /** ClinVar's chromosome 20. */
  clinvar: string;
  tracks: Track[];
  /** Some of the sites, evenly. */
  few: string;
  fewRecords: number;
  /** Files like the sites, of growing size. */
  growing: { path: string; records: number }[];
}

/** Whether the data that the workload is made of is at hand. */
export function hasData(): boolean {
  return [FASTA, GENES, CLINVAR].every((path) => existsSync(path));
}

/** The workload in a folder, made if it is not there yet. */
export async function workload(root: string, size: Size): Promise<Workload> {
  const folder = join(root, `${size.name}-${VERSION}`);
  mkdirSync(folder, { recursive: true });
  const reference = join(root, `chr20-${VERSION}`);
  if (!opens(() => openBundle(reference))) {
    rmSync(reference, { recursive: true, force: true });
    await buildBundle(reference, { fasta: FASTA, genes: GENES }, { name: 'chr20', now: new Date(0) });
  }
  const paths = {
    sites: join(folder, 'sites.vcf.gz'),
    sitesText: join(folder, 'sites.vcf'),
    coding: join(folder, 'coding.vcf.gz'),
    genotyped: join(folder, 'genotyped.vcf.gz'),
    frequencies: join(folder, 'frequencies.vcf.gz'),
    clinvar: join(folder, 'clinvar.vcf.gz'),
  };
  const tracks = TRACKS.map(({ name }) => ({ name, path: join(folder, `${name}.bed.gz`) }));
  const growing = size.growing.map((records) => ({ path: join(folder, `growing-${records}.vcf.gz`), records }));
  const few = join(folder, 'few.vcf.gz');
  const made = { size, folder, reference, ...paths, tracks, few, fewRecords: size.few, growing };
  if (!existsSync(join(folder, 'done'))) make(made);
  return made;
}

/** Whether something that was kept is there, and of a format that is still read. */
export function opens(open: () => unknown): boolean {
  try {
    open();
    return true;
  } catch {
    return false;
  }
}

/** A sum over every byte of the files that the generator makes, uncompressed: what a test pins down. */
export function checksum({ sitesText, coding, genotyped, frequencies, tracks }: Workload): string {
  const hash = createHash('sha256');
  hash.update(readFileSync(sitesText));
  for (const path of [coding, genotyped, frequencies, ...tracks.map((track) => track.path)]) {
    hash.update(spawnSync('gzip', ['-dc', path], { maxBuffer: 2 ** 30 }).stdout);
  }
  return hash.digest('hex');
}

function make(files: Workload): void {
  const { size, reference } = files;
  const chromosome = new Chromosome(reference);
  const sites = chromosome.variants(size.sites, 1, (random) => random(chromosome.length));
  const { starts, ends } = chromosome.codingParts();
  const coding = chromosome.variants(size.coding, 2, (random) => {
    const part = random(starts.length);
    const start = starts[part] ?? 0;
    return start + random((ends[part] ?? start + 1) - start);
  });
  writeVcf(files.sites, sites, [], ({ info }) => info);
  writeVcf(files.sitesText, sites, [], ({ info }) => info);
  writeVcf(files.coding, coding, [], ({ info }) => info);
  writeGenotypes(files.genotyped, everyNth(sites, size.genotyped));
  writeVcf(files.few, everyNth(sites, size.few), [], ({ info }) => info);
  for (const { path, records } of files.growing) {
    const variants = chromosome.variants(records, 6, (random) => random(chromosome.length));
    writeVcf(path, variants, [], ({ info }) => info);
  }
  const others = chromosome.variants(size.known - size.sites / 2, 3, (random) => random(chromosome.length));
  const known = [...sites.filter((_, i) => i % 2 === 0), ...others].sort((a, b) => a.position - b.position);
  writeFrequencies(files.frequencies, known);
  writeClinVar(files.clinvar);
  files.tracks.forEach((track, i) => writeTrack(track, i, chromosome.length));
  for (const path of [files.sites, files.coding, files.genotyped, files.frequencies, files.clinvar]) {
    run('bcftools', ['index', '-f', '-t', path]);
  }
  for (const { path } of files.tracks) run('tabix', ['-f', '-p', 'bed', path]);
  new TextFile(join(files.folder, 'done')).close();
}

function everyNth(variants: readonly Variant[], count: number): Variant[] {
  const step = Math.floor(variants.length / count);
  return variants.filter((_, i) => i % step === 0);
}

const HEADER = [
  '##fileformat=VCFv4.2',
  '##reference=GRCh37',
  '##FILTER=<ID=PASS,Description="All filters passed">',
  `##contig=<ID=${CONTIG},length=63025520>`,
  '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">',
  '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">',
  '##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles called">',
  '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
];
const COLUMNS = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';

function writeVcf(
  path: string,
  variants: readonly Variant[],
  header: readonly string[],
  infoOf: (variant: Variant, index: number) => string,
  idOf: (index: number) => string = () => '.',
): void {
  const file = new TextFile(path);
  for (const line of [...HEADER, ...header, COLUMNS]) file.line(line);
  variants.forEach((variant, i) => {
    const { position, ref, alt } = variant;
    file.line(`${CONTIG}\t${position}\t${idOf(i)}\t${ref}\t${alt}\t100\tPASS\t${infoOf(variant, i)}`);
  });
  file.close();
}

function writeFrequencies(path: string, variants: readonly Variant[]): void {
  const random = randomFrom(4);
  const header = [
    ...['AFR', 'AMR', 'EAS', 'EUR'].map(
      (population) =>
        `##INFO=<ID=AF_${population},Number=A,Type=Float,Description="Allele frequency in ${population}">`,
    ),
    '##INFO=<ID=nhomalt,Number=A,Type=Integer,Description="Homozygotes">',
  ];
  const frequency = (): string => (random(10_000) / 10_000).toString();
  const info = (variant: Variant): string =>
    `${variant.info};AF_AFR=${frequency()};AF_AMR=${frequency()};AF_EAS=${frequency()};AF_EUR=${frequency()};nhomalt=${random(100)}`;
  writeVcf(path, variants, header, info, (i) => `rs${1_000_000 + i}`);
}

function writeGenotypes(path: string, variants: readonly Variant[]): void {
  const random = randomFrom(5);
  const file = new TextFile(path);
  const header = '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">';
  for (const line of [...HEADER, header]) file.line(line);
  file.line(`${COLUMNS}\tFORMAT\t${Array.from({ length: SAMPLES }, (_, i) => `S${i}`).join('\t')}`);
  const genotypes = ['0|0', '0|1', '1|0', '1|1'];
  for (const { position, ref, alt, info } of variants) {
    const common = random(4) === 0;
    const calls = Array.from({ length: SAMPLES }, () => genotypes[random(common ? 2 : 50) === 0 ? random(4) : 0]);
    file.line(`${CONTIG}\t${position}\t.\t${ref}\t${alt}\t100\tPASS\t${info}\tGT\t${calls.join('\t')}`);
  }
  file.close();
}

/** The records of chromosome 20, with contigs that name it. */
function writeClinVar(path: string): void {
  const text = spawnSync('gzip', ['-dc', CLINVAR], { maxBuffer: 2 ** 30 }).stdout.toString('latin1');
  const file = new TextFile(path);
  for (const line of text.split('\n')) {
    if (line.startsWith('#CHROM')) file.line(`##contig=<ID=${CONTIG},length=63025520>`);
    if (line.startsWith('##contig')) continue;
    if (line.startsWith('#') || line.startsWith(`${CONTIG}\t`)) file.line(line);
  }
  file.close();
}

/** Regions like those people add: how many, how long, and whether they overlap each other. */
const TRACKS = [
  { name: 'cytoband', regions: 30, length: 2_100_000 },
  { name: 'segdup', regions: 2000, length: 20_000 },
  { name: 'repeats', regions: 100_000, length: 300 },
  { name: 'tfbs', regions: 50_000, length: 15 },
];

function writeTrack({ name, path }: Track, index: number, length: number): void {
  const random = randomFrom(10 + index);
  const { regions, length: long } = TRACKS[index] ?? { regions: 0, length: 1 };
  const starts = Array.from({ length: regions }, () => random(length - long)).sort((a, b) => a - b);
  const file = new TextFile(path);
  starts.forEach((start, i) => file.line(`${CONTIG}\t${start}\t${start + 1 + random(2 * long)}\t${name}${i}`));
  file.close();
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed: ${stderr?.toString() ?? ''}`);
}
