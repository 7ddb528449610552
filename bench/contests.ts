/**
 * Who is measured against whom: in each contest the same file goes through our command and through those of the peers
 * that are installed. What a program cannot do yet, or is not there, is left out and said.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnnotateRequest } from '../anntools/index.ts';
import { KnownVariants } from '../anntools/lookup/known.ts';
import type { LongInput } from './long-workload.ts';
import type { Command } from './measure.ts';
import { FASTA, GENES, type Workload, opens } from './workload.ts';

export interface Runner extends Command {
  name: string;
  output: string;
  /** INFO keys that the output must carry, on at least one record; `every` on all of them. */
  carries: readonly string[];
  every?: boolean;
}

export interface Contest {
  title: string;
  records: number;
  runners: Runner[];
  /** Who or what is missing, and why. */
  absent: string[];
  /** How often each is run; the benchmark's usual number when absent. */
  rounds?: number;
}

const ANNTOOLS = join(import.meta.dir, '../bin/anntools.ts');

/** Columns that say no more than bcftools csq does: no HGVS, no positions on the transcript. */
const TERMS = 'Allele Consequence IMPACT SYMBOL Gene Feature_type Feature BIOTYPE STRAND Amino_acids'.split(' ');

/** What the command has no words for: other columns, and no reference at all. */
function library(request: Omit<AnnotateRequest, 'onProgress' | 'signal' | 'now'>): string[] {
  return ['bun', join(import.meta.dir, 'library.ts'), JSON.stringify(request)];
}

function hasProgram(name: string): boolean {
  return Bun.which(name) !== null;
}

export function contests(files: Workload): Contest[] {
  const { size, folder, reference, sites, sitesText, coding, genotyped, tracks } = files;
  const out = (name: string): string => join(folder, `out.${name}`);
  const annotate = (input: string, output: string, threads: number, ...words: readonly string[]): string[] => [
    'bun',
    ANNTOOLS,
    'annotate',
    input,
    '-o',
    output,
    '--threads',
    String(threads),
    ...words,
  ];
  const our = (name: string, input: string, output: string, threads: number, ...words: readonly string[]): Runner => ({
    name: `anntools, ${name}`,
    words: annotate(input, out(output), threads, '-r', reference, ...words),
    output: out(output),
    carries: ['CSQ'],
    every: true,
  });
  const csq = (name: string, input: string, output: string, ...words: readonly string[]): Runner => ({
    name: `bcftools csq, ${name}`,
    words: ['bcftools', 'csq', '-l', '-f', FASTA, '-g', GENES, input, '-o', out(output), ...words],
    output: out(output),
    carries: ['BCSQ'],
  });
  const terms = (input: string, output: string, threads: number): Runner => ({
    name: `anntools, terms, ${threads} thread${threads > 1 ? 's' : ''}`,
    words: library({ input, output: out(output), reference, threads, options: { fields: TERMS } }),
    output: out(output),
    carries: ['CSQ'],
    every: true,
  });
  const all: Contest[] = [
    {
      title: 'Terms, text to text',
      records: size.sites,
      runners: [terms(sitesText, 'terms.vcf', 1), csq('terms', sitesText, 'csq.vcf', '-Ov')],
      absent: [],
    },
    {
      title: 'Terms, .gz to .gz',
      records: size.sites,
      runners: [
        terms(sites, 'terms.vcf.gz', 1),
        terms(sites, 'terms2.vcf.gz', 2),
        csq('terms', sites, 'csq.vcf.gz', '-Oz'),
        csq('terms, +1 thread', sites, 'csq2.vcf.gz', '-Oz', '--threads', '1'),
      ],
      absent: [],
    },
    {
      title: 'Coding variants only, .gz to .gz',
      records: size.coding,
      runners: [
        our('terms and HGVS, 1 thread', coding, 'coding.vcf.gz', 1),
        our('terms and HGVS, 2 threads', coding, 'coding2.vcf.gz', 2),
        csq('terms', coding, 'csq-coding.vcf.gz', '-Oz'),
      ],
      absent: [],
    },
    {
      title: '1000 samples, .gz to .gz',
      records: size.genotyped,
      runners: [
        our('terms and HGVS, 1 thread', genotyped, 'genotyped.vcf.gz', 1),
        csq('terms', genotyped, 'csq-genotyped.vcf.gz', '-Oz'),
      ],
      absent: [],
    },
    hgvs(files, our),
    knownVariants(files),
    regionTracks(files),
  ];
  const whole = [
    ...knownFolders(files).flatMap(({ dir }) => ['--known', dir]),
    ...tracks.flatMap(({ name, path }) => ['--track', `${name}=${path}`]),
  ];
  all.push({
    title: 'The whole job: all transcripts, HGVS, two sources of known variants, four tracks, .gz to .gz',
    records: size.sites,
    runners: [
      our('1 thread', sites, 'whole.vcf.gz', 1, ...whole),
      our('2 threads', sites, 'whole2.vcf.gz', 2, ...whole),
    ],
    absent: [],
  });
  return all;
}

type MakeOurs = (name: string, input: string, output: string, threads: number, ...words: readonly string[]) => Runner;
/** Against snpEff, which takes so long that it is run once, on fewer records. */
function hgvs({ size, folder, few, fewRecords }: Workload, our: MakeOurs): Contest {
  const output = join(folder, 'out.snpeff.vcf');
  const absent: string[] = [];
  const runners = [our('terms and HGVS, 1 thread', few, 'few.vcf.gz', 1)];
  if (hasProgram('snpEff')) {
    runners.push({
      name: 'snpEff, terms and HGVS',
      words: ['snpEff', 'ann', '-c', snpEffConfig(folder), '-noStats', '-noLog', '-nodownload', 'chr20', few],
      stdout: output,
      output,
      carries: ['ANN'],
    });
  } else absent.push('snpEff is not installed');
  return { title: 'Terms and HGVS', records: fewRecords, runners, absent, rounds: size.name === 'quick' ? 1 : 2 };
}

/** Builds snpEff's database of chromosome 20 once. */
function snpEffConfig(folder: string): string {
  const home = join(folder, 'snpeff');
  const data = join(home, 'data', 'chr20');
  const config = join(home, 'snpEff.config');
  if (existsSync(join(data, 'snpEffectPredictor.bin'))) return config;
  mkdirSync(data, { recursive: true });
  writeFileSync(config, `data.dir = ${join(home, 'data')}\nchr20.genome : chr20\n`);
  writeFileSync(join(data, 'sequences.fa'), spawnSync('gzip', ['-dc', FASTA], { maxBuffer: 2 ** 30 }).stdout);
  writeFileSync(join(data, 'genes.gff'), spawnSync('gzip', ['-dc', GENES], { maxBuffer: 2 ** 30 }).stdout);
  run(['snpEff', 'build', '-gff3', '-noLog', '-noCheckCds', '-noCheckProtein', '-c', config, 'chr20']);
  return config;
}

/** Fields of the frequencies that everybody adds; with the identifier seven. */
const FREQUENCIES = ['AF', 'AF_AFR', 'AF_AMR', 'AF_EAS', 'AF_EUR', 'nhomalt'];

function knownFolders({
  folder,
  frequencies,
  clinvar,
}: Workload): { name: string; vcf: string; fields: string; dir: string }[] {
  const fields = ['ID', ...FREQUENCIES.map((name) => `INFO/${name}`)].join(',');
  return [
    { name: 'gnomAD', vcf: frequencies, fields, dir: join(folder, 'known-frequencies') },
    { name: 'ClinVar', vcf: clinvar, fields: 'ID', dir: join(folder, 'known-clinvar') },
  ];
}

function knownVariants(files: Workload): Contest {
  const { size, folder, sites, frequencies } = files;
  const absent: string[] = [];
  const runners: Runner[] = [];
  const folders = knownFolders(files);
  for (const { name, vcf, fields, dir } of folders) {
    const words = ['bun', ANNTOOLS, 'known', 'build', name, '--vcf', vcf, '--fields', fields];
    if (!opens(() => new KnownVariants(dir))) {
      rmSync(dir, { recursive: true, force: true });
      run([...words, '--assembly', 'GRCh37', '-o', dir]);
    }
  }
  const known = folders.slice(0, 1).map(({ dir }) => dir);
  for (const threads of [1, 2]) {
    const output = join(folder, `out.known${threads}.vcf.gz`);
    const words = library({ input: sites, output, reference: null, threads, options: { known } });
    const name = `anntools, ${threads} thread${threads > 1 ? 's' : ''}`;
    runners.push({ name, words, output, carries: ['gnomAD_AF'] });
  }
  const output = join(folder, 'out.bcftools-known.vcf.gz');
  const columns = ['ID', ...FREQUENCIES.map((name) => `K_${name}:=INFO/${name}`)].join(',');
  runners.push({
    name: 'bcftools annotate',
    words: ['bcftools', 'annotate', '-a', frequencies, '-c', columns, sites, '-Oz', '-o', output],
    output,
    carries: ['K_AF'],
  });
  if (hasProgram('vcfanno')) {
    const text = join(folder, 'out.vcfanno-known.vcf');
    const fields = ['ID', ...FREQUENCIES];
    const config = vcfannoConfig(join(folder, 'known.toml'), [
      `file="${frequencies}"`,
      `fields=${JSON.stringify(fields)}`,
      `names=${JSON.stringify(fields.map((name) => `K_${name}`))}`,
      `ops=${JSON.stringify(fields.map(() => 'self'))}`,
    ]);
    runners.push({
      name: 'vcfanno -p 2, text out',
      words: ['vcfanno', '-p', '2', config, sites],
      stdout: text,
      output: text,
      carries: ['K_AF'],
    });
  } else absent.push('vcfanno is not installed');
  return { title: 'Known variants alone, 7 fields', records: size.sites, runners, absent };
}

function regionTracks({ size, folder, sites, tracks }: Workload): Contest {
  const absent: string[] = [];
  const output = join(folder, 'out.tracks.vcf.gz');
  const runners: Runner[] = [
    {
      name: 'anntools, 1 thread',
      words: library({ input: sites, output, reference: null, threads: 1, options: { tracks } }),
      output,
      carries: tracks.map(({ name }) => name),
    },
  ];
  if (hasProgram('vcfanno')) {
    const text = join(folder, 'out.vcfanno-tracks.vcf');
    const config = vcfannoConfig(
      join(folder, 'tracks.toml'),
      ...tracks.map(({ name, path }) => [`file="${path}"`, 'columns=[4]', `names=["${name}"]`, 'ops=["uniq"]']),
    );
    runners.push({
      name: 'vcfanno -p 2, text out',
      words: ['vcfanno', '-p', '2', config, sites],
      stdout: text,
      output: text,
      carries: tracks.map(({ name }) => name),
    });
  } else absent.push('vcfanno is not installed');
  return { title: 'Four tracks of regions alone', records: size.sites, runners, absent };
}

function vcfannoConfig(path: string, ...sections: readonly (readonly string[])[]): string {
  writeFileSync(path, sections.map((lines) => `[[annotation]]\n${lines.join('\n')}\n`).join('\n'));
  return path;
}

/** What bounds us: the same bytes in and out without an annotation, and only compressed. */
export function limits({ size, folder, sites }: Workload, wholeText: string): Contest {
  const limit = (name: string, what: string, input: string, output: string): Runner => ({
    name,
    words: ['bun', join(import.meta.dir, 'limits.ts'), what, input, join(folder, output)],
    output: join(folder, output),
    carries: [],
  });
  return {
    title: 'Limits of this machine and runtime, one thread',
    records: size.sites,
    runners: [
      limit('inflate, find columns, deflate the input', 'copy', sites, 'out.copy.vcf.gz'),
      limit('deflate the whole job’s text', 'deflate', wholeText, 'out.deflate.vcf.gz'),
    ],
    absent: [],
  };
}

/** The same job on inputs that differ in size. */
export function scale(folder: string, inputs: readonly LongInput[]): Contest[] {
  return inputs.map(({ title, path, records, reference }) => ({
    title,
    records,
    absent: [],
    runners: [1, 2].map((threads) => {
      const output = join(folder, `out.scale${threads}.vcf.gz`);
      const words = ['bun', ANNTOOLS, 'annotate', path, '-o', output, '-r', reference, '--threads', String(threads)];
      return { name: String(threads), words, output, carries: ['CSQ'], every: true };
    }),
  }));
}

function run(words: readonly string[]): void {
  const [program = '', ...rest] = words;
  const { status, stderr } = spawnSync(program, rest, { maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${words.join(' ')} failed: ${stderr?.toString().slice(-2000) ?? ''}`);
}
