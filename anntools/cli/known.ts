/** `anntools known build | list | inspect`: makes sources of known variants, says what is in them. */
import { parseArgs } from 'node:util';
import { InputError } from '../errors.ts';
import { type KnownBuilt, type KnownRequest, buildKnown } from '../lookup/build-known.ts';
import type { KnownManifest } from '../lookup/known-format.ts';
import { intakeProblemTexts } from '../lookup/known-intake.ts';
import { KnownVariants, readManifest } from '../lookup/known.ts';
import { findSource, installedFolder, installedSources, sourcesBeside } from '../lookup/sources.ts';
import { findReference, installedReferences } from '../reference/installed.ts';
import { say, sayMany } from '../report/say.ts';
import { type StructuralBuilt, buildStructural } from '../structural/build-structural.ts';
import { KnownStructural } from '../structural/known-structural.ts';
import { TOLERANCE } from '../structural/match.ts';
import { isStructuralVcf } from '../structural/peek.ts';
import { parsed } from './arguments.ts';
import type { CommandContext } from './context.ts';
import { ProgressLine, megabytes } from './progress-line.ts';

export const knownUsage = `usage: anntools known build NAME --vcf FILE… | --tsv FILE | --bed FILE [options]
       anntools known list
       anntools known inspect NAME|FOLDER [--verify] [--json]

build     makes a source of known variants out of any VCF, or several that belong together, or a table with the columns
          CHROM, POS, REF and ALT; plain, gzip or BGZF, in any order. Its fields become NAME_FIELD. Of sources that
          everybody knows, the usual fields are taken by their names:
            anntools known build ClinVar --vcf clinvar.vcf.gz             ID SIG REVIEW DN MC RS GENE
            anntools known build dbSNP   --vcf GCF_000001405.40.gz        ID COMMON
            anntools known build gnomAD  --vcf gnomad.*.sites.chr*.bgz    ID AF AC AN nhomalt AF_grpmax FILTER …
            anntools known build 1000G   --vcf ALL.chr*.vcf.gz            AF AF_AFR AF_AMR AF_EAS AF_EUR AF_SAS (as KG_…)
          Structural variants are matched by reciprocal overlap instead of by alleles. A VCF most of whose records are such
          is taken for a source of them, and so are regions with a column that tells what they are (DEL, gain, …):
            anntools known build gnomAD_SV --vcf gnomad.v4.1.sv.sites.vcf.gz    ID AF AC AN N_HOMALT POPMAX_AF FILTER
            anntools known build DGV       --bed GRCh38_hg38_variants.txt       ID SAMPLES GAINS LOSSES
          They add the fields of the variant most like it, NAME_OVERLAP (its share) and NAME_MATCHES (how many match).
      --vcf FILE…, --tsv FILE   what to make it from
      --bed FILE                structural variants as regions: BED, DGV's tables, a table with named columns
      --sv                      takes the structural variants of a VCF most of whose records are others
      --fields LIST             INFO/AF,INFO/nhomalt,ID,FILTER; NEW:=INFO/OLD renames one; of a table: names of columns,
                                with a type where it cannot be told, AF:float (default: those above by NAME, as far as
                                the file has them; all columns of a table)
  -r, --reference NAME|FOLDER   with sequence: alleles are moved to their left-most place and compared with it
      --version V               default: what the header or the file's name says
      --assembly NAME           default: what the header or the reference says
  -o, --output FOLDER           where to write it (default: beside the references, to be used by its name)
list      the sources that are installed, and those of the installed references
inspect   what a source is made of
      --verify                  reads all of it and compares checksums
      --json                    the manifest as it is
`;

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function knownCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [verb, ...rest] = args;
  switch (verb) {
    case 'build':
      return build(rest, context);
    case 'list':
      return list(rest, context);
    case 'inspect':
      return inspect(rest, context);
    case undefined:
    case '-h':
    case '--help':
      context.out(knownUsage);
      return verb === undefined ? 2 : 0;
    default:
      throw badOption(`there is no "anntools known ${verb}": it is build, list or inspect`);
  }
}

async function build(args: string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: {
        vcf: { type: 'string', multiple: true },
        tsv: { type: 'string' },
        bed: { type: 'string' },
        sv: { type: 'boolean', default: false },
        fields: { type: 'string', multiple: true },
        reference: { type: 'string', short: 'r' },
        version: { type: 'string' },
        assembly: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    }),
  );
  // What a shell makes of `--vcf chr*.vcf.gz`: all but the first stand there by themselves.
  const [name, ...others] = positionals;
  if (name === undefined)
    throw badOption('say what to call it: anntools known build NAME --vcf FILE; its fields become NAME_FIELD');
  const { vcf = [], tsv, bed, version, assembly } = values;
  const table = tsv ?? bed;
  if ([vcf[0], tsv, bed].filter((path) => path !== undefined).length !== 1)
    throw badOption('say what to make it from: --vcf FILE, --tsv FILE or --bed FILE');
  if (table !== undefined && others.length > 0)
    throw badOption(`what is ${others.join(', ')}? A source is made from one table`);
  const output = values.output ?? installedFolder(context.referencesFolder, name);
  const progress = new ProgressLine(context);
  const started = context.now();
  const files = table === undefined ? [...vcf, ...others] : [table];
  const request = {
    name,
    files,
    fields: (values.fields ?? []).flatMap((list) => list.split(',')).filter((field) => field !== ''),
    output,
    ...(version === undefined ? {} : { version }),
    ...(assembly === undefined ? {} : { assembly }),
    now: started,
    onBytes: (done: number, total: number) => progress.show(`reading ${name}`, done, total),
    signal: context.signal,
  };
  const secondsSince = () => (context.now().getTime() - started.getTime()) / 1000;
  if (bed !== undefined || values.sv || (vcf[0] !== undefined && (await isStructuralVcf(vcf[0])))) {
    const form = bed === undefined ? 'vcf' : 'regions';
    const built = await buildStructural({ ...request, form }).finally(() => progress.end());
    context.out(`${described(built.manifest)}\n${structuralOutcome(built, secondsSince())}: ${output}\n`);
    return 0;
  }
  const { reference } = values;
  const alleles: KnownRequest = {
    ...request,
    form: tsv === undefined ? 'vcf' : 'table',
    ...(reference === undefined ? {} : { reference: findReference(reference, context.referencesFolder) }),
  };
  const built = await buildKnown(alleles).finally(() => progress.end());
  context.out(`${described(built.manifest)}\n${outcome(built, secondsSince())}: ${output}\n`);
  return 0;
}

function structuralOutcome({ manifest, records, variants, leftOut, size }: StructuralBuilt, seconds: number): string {
  const odd =
    leftOut > 0
      ? `  ${sayMany(leftOut, 'record')} left out: small variants, breakends without a mate, or unreadable\n`
      : '';
  return (
    `${odd}${sayMany(variants, 'structural variant')} of ${sayMany(records, 'record')} of ${filesOf(manifest)} ` +
    `in ${megabytes(size)}, built in ${seconds.toFixed(1)} s`
  );
}

/** How it went: what was left out, sizes and times. */
function outcome({ records, variants, duplicates, problems, size, manifest }: KnownBuilt, seconds: number): string {
  const odd = problems.map(({ problem, count, examples }) => {
    const some = examples.map((example) => `\n    ${example}`).join('');
    return `  ${say(count)} ${intakeProblemTexts[problem]}${some}${examples.length < count ? '\n    …' : ''}\n`;
  });
  if (duplicates > 0)
    odd.push(`  ${say(duplicates)} variants came again; the first counts, the next fill in what it lacks\n`);
  const perVariant = variants > 0 ? `, ${(size / variants).toFixed(1)} bytes a variant` : '';
  const rate = seconds > 0 ? `, ${say(Math.round(records / seconds))} records/s` : '';
  return (
    `${odd.length > 0 ? `\nodd, and counted\n${odd.join('')}` : ''}\n` +
    `${sayMany(variants, 'variant')} of ${sayMany(records, 'record')} of ${filesOf(manifest)} ` +
    `in ${megabytes(size)}${perVariant}, built in ${seconds.toFixed(1)} s${rate}`
  );
}

function filesOf({ files = [] }: KnownManifest): string {
  return files.length > 2
    ? `${files[0].name} and ${files.length - 1} others`
    : files.map(({ name }) => name).join(' and ');
}

function list(args: string[], context: CommandContext): number {
  parsed(() => parseArgs({ args, options: {} }));
  const installed = installedSources(context.referencesFolder);
  context.out(`installed, for --known NAME\n${lines(installed.map(({ manifest }) => manifest))}`);
  for (const { dir, manifest } of installedReferences(context.referencesFolder)) {
    const beside = sourcesBeside(dir);
    if (beside.length === 0) continue;
    context.out(`\nof the reference ${manifest.name}, used with it\n${lines(beside.map((source) => source.manifest))}`);
  }
  return 0;
}

function lines(manifests: readonly KnownManifest[]): string {
  if (manifests.length === 0) return '  none\n';
  return manifests
    .map(({ name, version, assembly, fields, contigs }) => {
      const what = [assembly, version].filter(Boolean).join(' ');
      const variants = sayMany(entriesOf(contigs), 'variant');
      return `  ${name}  ${what === '' ? '' : `${what}, `}${variants}: ${fields.map(({ id }) => id).join(', ')}\n`;
    })
    .join('');
}

function inspect(args: string[], context: CommandContext): number {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: { verify: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    }),
  );
  const [nameOrFolder, ...more] = positionals;
  if (nameOrFolder === undefined || more.length > 0)
    throw badOption('say which one: anntools known inspect NAME|FOLDER');
  const folder = findSource(nameOrFolder, context.referencesFolder);
  const isStructural = readManifest(folder).kind === 'structural';
  const source = isStructural ? new KnownStructural(folder, TOLERANCE) : new KnownVariants(folder);
  if (values.verify) source.verify();
  if (values.json) context.out(`${JSON.stringify(source.manifest, null, 2)}\n`);
  else context.out(`${described(source.manifest)}${values.verify ? '\nevery byte is as it was written\n' : ''}`);
  return 0;
}

/** What a source is, for people. */
function described({
  kind,
  name,
  version,
  assembly,
  alleles,
  files = [],
  made,
  fields,
  contigs,
}: KnownManifest): string {
  const facts: [string, string][] = [
    ['name', name],
    ['version', version || 'not known'],
    ['assembly', assembly || 'not known'],
    kind === 'structural' ? ['kind', 'structural variants'] : ['alleles', alleles ?? 'trimmed'],
    ...files.map((file): [string, string] => ['file', `${file.name}, SHA-256 ${file.sha256.slice(0, 12)}…`]),
    ...(made === undefined ? [] : [['made', made] as [string, string]]),
    ['variants', `${say(entriesOf(contigs))} on ${sayMany(contigs.length, 'contig')}`],
  ];
  const width = Math.max(...fields.map(({ id }) => id.length));
  return (
    `${facts.map(([fact, value]) => `  ${fact.padEnd(8)}  ${value}\n`).join('')}\n` +
    fields.map(({ id, description }) => `  ${id.padEnd(width)}  ${description}\n`).join('')
  );
}

function entriesOf(contigs: KnownManifest['contigs']): number {
  return contigs.reduce((sum, { entries }) => sum + entries, 0);
}

function badOption(message: string): InputError {
  return new InputError('BAD_OPTION', message);
}
