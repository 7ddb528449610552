/** `anntools reference build | install | list | inspect`: makes references, fetches published ones, says what is in them. */
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout } from 'node:timers/promises';
import type { BuildProgress } from '../bundle/build.ts';
import { buildBundle } from '../bundle/build.ts';
import type { Manifest } from '../bundle/manifest.ts';
import { readManifest } from '../bundle/manifest.ts';
import { openBundle, verifyBundle } from '../bundle/open.ts';
import { problemTexts } from '../models/problems.ts';
import { InputError } from '../errors.ts';
import { KNOWN_FOLDER } from '../lookup/beside.ts';
import { buildKnown } from '../lookup/build-known.ts';
import { catalogue } from '../reference/catalogue.ts';
import { installReference } from '../reference/install.ts';
import { findReference, installedReferences } from '../reference/installed.ts';
import { CLINVAR } from '../starter/clinvar.ts';
import type { CommandContext } from './context.ts';
import { ProgressLine, megabytes } from './progress-line.ts';

export const referenceUsage = `usage: anntools reference build --fasta FILE [--genes FILE] [options] -o FOLDER
       anntools reference install NAME
       anntools reference list
       anntools reference inspect NAME|FOLDER [--verify] [--json]

build     makes a reference out of a FASTA and gene models (GFF3 or GTF of Ensembl, GENCODE, RefSeq and others; plain,
          gzip or BGZF)
  --name NAME               the name it is known by (default: that of the folder)
  --assembly NAME           e.g. GRCh38 (default: found out from the files)
  --codon-table CONTIG=N    NCBI translation table of a contig; may be given several times
  -o, --output FOLDER       where to write it; a reference that is there is replaced
install   fetches a published reference and builds it; can be stopped and started again
list      what is installed, and what can be
inspect   what a reference is made of, and what was odd about that
  --verify                  reads all of it and compares checksums
  --json                    the manifest as it is
`;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function referenceCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [verb, ...rest] = args;
  switch (verb) {
    case 'build':
      return build(rest, context);
    case 'install':
      return install(rest, context);
    case 'list':
      return list(rest, context);
    case 'inspect':
      return inspect(rest, context);
    case undefined:
    case '-h':
    case '--help':
      context.out(referenceUsage);
      return verb === undefined ? 2 : 0;
    default:
      throw badOption(`there is no "anntools reference ${verb}": it is build, install, list or inspect`);
  }
}

async function build(args: string[], context: CommandContext): Promise<number> {
  const { values } = options(args, {
    fasta: { type: 'string', short: 'f' },
    genes: { type: 'string', short: 'g' },
    name: { type: 'string' },
    assembly: { type: 'string' },
    'codon-table': { type: 'string', multiple: true },
    output: { type: 'string', short: 'o' },
  });
  const { fasta, genes, name, assembly, output } = values;
  if (output === undefined) throw badOption('say where to write the reference: -o FOLDER');
  if (fasta === undefined && genes === undefined)
    throw badOption('say what to build from: --fasta FILE and --genes FILE');

  const progress = new ProgressLine(context);
  const started = context.now();
  const manifest = await buildBundle(
    output,
    { ...(fasta === undefined ? {} : { fasta }), ...(genes === undefined ? {} : { genes }) },
    {
      name: name ?? basename(resolve(output)),
      ...(assembly === undefined ? {} : { assembly }),
      codonTables: codonTablesOf(values['codon-table'] ?? []),
      now: started,
      signal: context.signal,
      onProgress: (step) => showBuild(progress, step),
    },
  ).finally(() => progress.end());
  verifyBundle(output);
  const seconds = (context.now().getTime() - started.getTime()) / 1000;
  context.out(`${described(manifest)}\n\nbuilt in ${seconds.toFixed(1)} s: ${output}\n`);
  return 0;
}

function codonTablesOf(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    texts.map((text) => {
      const [, contig, table] = /^(.+)=(\d+)$/.exec(text) ?? [];
      if (contig === undefined || !(Number(table) >= 1 && Number(table) <= 33)) {
        throw badOption(`--codon-table takes CONTIG=N, N being an NCBI translation table, not '${text}'`);
      }
      return [contig, Number(table)];
    }),
  );
}

async function install(args: string[], context: CommandContext): Promise<number> {
  const { positionals } = options(args, {}, true);
  const [name] = positionals;
  if (name === undefined || positionals.length > 1)
    throw badOption('say which one: anntools reference install NAME; "anntools reference list" has the names');
  const published = catalogue.find((entry) => entry.name === name.toLowerCase());
  if (published === undefined) {
    throw badOption(
      `there is no published reference '${name}': it is one of ${catalogue.map((entry) => entry.name).join(', ')}`,
    );
  }
  const progress = new ProgressLine(context);
  const { dir, manifest, fresh } = await installReference(published, {
    folder: context.referencesFolder,
    fetch: context.fetch,
    now: context.now(),
    signal: context.signal,
    sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}),
    async buildKnown({ name: source, vcf, reference }) {
      await installKnown(source, vcf, reference, context);
    },
    onProgress(step) {
      if (step.step === 'download') progress.show(`fetching ${step.file}`, step.done, step.total);
      else if (step.step === 'check') progress.show(`checking ${step.file}`, 0, 0);
      else if (step.step === 'known') progress.show(`indexing ${step.file}`, 0, 0);
      else showBuild(progress, step);
    },
  }).finally(() => progress.end());
  context.out(`${described(manifest)}\n\n${fresh ? 'installed' : 'is installed already'}: ${dir}\n`);
  return 0;
}

/** A source of known variants out of a VCF that came with a reference, into its folder. */
async function installKnown(source: string, vcf: string, reference: string, context: CommandContext): Promise<void> {
  const name = PUBLISHED_NAMES[source] ?? source;
  await buildKnown({
    name,
    files: [vcf],
    form: 'vcf',
    fields: [],
    output: join(reference, KNOWN_FOLDER, name),
    reference,
    now: context.now(),
    signal: context.signal,
  });
}

/** How sources are called whose fields people know by another spelling. */
const PUBLISHED_NAMES: Record<string, string> = { clinvar: CLINVAR };

function list(args: string[], context: CommandContext): number {
  options(args, {});
  const installed = installedReferences(context.referencesFolder);
  const rows = installed.map(({ manifest: { name, assembly, counts, made } }) => [
    name,
    assembly,
    `${counted(counts.transcripts, 'transcript')}, ${counted(counts.bases, 'base')}, made ${made.slice(0, 10)}`,
  ]);
  const names = new Set(installed.map(({ manifest }) => manifest.name));
  const others = catalogue
    .filter(({ name }) => !names.has(name))
    .map(({ name, assembly, title, megabytes: size }) => [
      name,
      assembly,
      `${title}, about ${size.toLocaleString('en')} MB to fetch`,
    ]);
  context.out(`installed in ${context.referencesFolder}\n${rows.length > 0 ? table(rows) : '  none\n'}`);
  if (others.length > 0) context.out(`\ncan be installed by name\n${table(others)}`);
  return 0;
}

function inspect(args: string[], context: CommandContext): number {
  const { values, positionals } = options(args, { verify: { type: 'boolean' }, json: { type: 'boolean' } }, true);
  const [nameOrDir] = positionals;
  if (nameOrDir === undefined || positionals.length > 1)
    throw badOption('say which one: anntools reference inspect NAME|FOLDER');
  const dir = findReference(nameOrDir, context.referencesFolder);
  const manifest = values.verify ? verified(dir, context) : openBundle(dir).manifest;
  context.out(values.json ? `${JSON.stringify(manifest, null, 2)}\n` : `${described(manifest)}\n`);
  if (values.verify && !values.json) context.out('\nevery byte is as it was written\n');
  return 0;
}

function verified(dir: string, context: CommandContext): Manifest {
  const progress = new ProgressLine(context);
  const total = Object.values(readManifest(dir).files).reduce((sum, bytes) => sum + bytes, 0);
  let done = 0;
  try {
    return verifyBundle(dir, (count) => progress.show('verifying', (done += count), total));
  } finally {
    progress.end();
  }
}

function showBuild(progress: ProgressLine, { step, done, total }: BuildProgress): void {
  const labels = {
    sequence: 'reading the sequence',
    genes: 'reading the gene models',
    checking: 'checking the models',
    writing: 'writing',
  };
  progress.show(labels[step], done, total);
}

/** What a reference is, for people. */
function described({ name, assembly, made, sources, counts, canonical, problems, files }: Manifest): string {
  const size = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
  const unknown = counts.unknownBases > 0 ? ` (${counts.unknownBases.toLocaleString('en')} unknown)` : '';
  const without =
    counts.contigsWithoutModels > 0 ? `; ${counted(counts.contigsWithoutModels, 'contig')} without models` : '';
  const facts: [string, string][] = [
    ['name', name],
    ['assembly', assembly || 'not known'],
    ['made', made],
    ...sources.map(({ role, name: file, version, format, flavour, sha256 }): [string, string] => [
      role,
      [file, [flavour, format].filter(Boolean).join(' '), version, sha256 && `SHA-256 ${sha256.slice(0, 12)}…`]
        .filter(Boolean)
        .join(', '),
    ]),
    ['contigs', `${counts.contigs.toLocaleString('en')}, ${counted(counts.bases, 'base')}${unknown}${without}`],
    [
      'models',
      `${counted(counts.genes, 'gene')}, ${counted(counts.transcripts, 'transcript')}, ${counts.codingTranscripts.toLocaleString('en')} coding`,
    ],
    [
      'canonical',
      canonical === 'told' ? 'as the source says' : 'chosen here: the longest coding sequence of each gene',
    ],
    ['size', megabytes(size)],
  ];
  const odd = problems.map(({ code, count, examples }) => {
    const some = examples.map((example) => `\n    ${example}`).join('');
    return `  ${count.toLocaleString('en')} ${problemTexts[code]}${some}${examples.length < count ? '\n    …' : ''}`;
  });
  return `${table(facts).trimEnd()}${odd.length > 0 ? `\n\nodd, kept and counted\n${odd.join('\n')}` : ''}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Columns as wide as their widest cell, but the last. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]))).join('  ')}\n`,
    )
    .join('');
}

type OptionTable = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function options<Table extends NonNullable<OptionTable>>(args: string[], known: Table, allowPositionals = false) {
  try {
    return parseArgs({ args, options: known, allowPositionals, strict: true });
  } catch (cause) {
    throw badOption(cause instanceof Error ? cause.message : String(cause));
  }
}

function badOption(message: string): InputError {
  return new InputError('BAD_OPTION', message);
}
