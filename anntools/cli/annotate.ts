/** `anntools annotate IN.vcf`: the engine's main work as a command. */
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DeflateLevel } from '../bgzf/block.ts';
import type { TranscriptChoice } from '../engine/choice.ts';
import type { Manner } from '../consequence/spliced.ts';
import { InputError } from '../errors.ts';
import { EXTENSIONS, FORM_NAMES, type FormName } from '../forms/form.ts';
import { UNPHASED } from '../haplotype/genotypes.ts';
import { geneSource } from '../genes/gene-table.ts';
import { findSource } from '../lookup/sources.ts';
import { type AnnotateOptions, type AnnotateRequest, annotateFile } from '../pipeline/run.ts';
import { say, sayMany } from '../report/say.ts';
import type { AnnotateSummary } from '../report/summary.ts';
import { TOLERANCE } from '../structural/match.ts';
import { trackSource } from '../tracks/track.ts';
import { type Input, inputOf, parsed, share, wholeNumber } from './arguments.ts';
import type { CommandContext } from './context.ts';
import { ProgressLine } from './progress-line.ts';
import { referenceOf } from './reference-choice.ts';

export const annotateUsage = `usage: anntools annotate IN.vcf[.gz] [-o OUT.vcf.gz] [-r REFERENCE] [options]

Adds consequences, known variants and bands to the INFO of every record, and of structural variants the genes they hit
(SV_GENES), possible fusions (SV_FUSIONS) and known ones that overlap them. IN is text, gzip or BGZF; - is standard input,
and standard output for -o. Without -o the result is IN.annot.vcf.gz beside IN, with its index, and IN.vcf.count.log.

  -o, --output FILE         the result; a VCF is compressed and indexed (.tbi) unless it ends in .vcf, other forms are
                            compressed where it ends in .gz
  -r, --reference NAME      an installed reference or a folder (default: the one of the file's assembly or, where it says
                            none, the one that has its bases; else the starter)
      --transcripts WHICH   all (default), canonical, mane or pick
      --distance BASES      how far beside a transcript a variant is told of (default 5000)
      --manner WHICH        where Ensembl VEP departs from the specifications of SO and HGVS, follow vep (default) or
                            specification
      --known NAME          a further source of known variants, installed or a folder; may be given several times
      --sv-overlap SHARE    how much of both a structural variant and a known one must overlap, and how like the lengths of
                            insertions must be, to be taken for one (default 0.7)
      --sv-window BASES     how far apart known insertions, and the ends of known breakends, may lie (default 100)
      --track NAME=FILE     regions (BED, GFF3, VCF, a table of UCSC's or with named columns; plain or compressed), whose names
                            go into INFO as NAME; NAME=FILE#COLUMN,… takes other columns; may be given several times
      --genes NAME=FILE     values by gene or transcript (constraint of gnomAD and ExAC, ClinGen dosage, HGNC, a list of genes,
                            any table with a column gene, gene_id or transcript), as columns of csq, tsv and json;
                            NAME=FILE#COLUMN,… takes these columns; may be given several times
      --phased              tell in INFO/BCSQ what the changes of one haplotype do to a protein together, as bcftools csq
                            does: SNVs of one codon, indels that restore the frame
      --unphased HOW        of heterozygous genotypes without phase with --phased: skip (default) leaves them out, as-is
                            reads 0/1 as 0|1, merge takes both haplotypes to have the ALT
      --format FORM         csq (default), ann or bcsq: a VCF with that field, as Ensembl VEP, SnpEff or bcftools csq
                            lay it out; tsv: a table, a row for each allele and transcript; json: an object a record
      --fields A,B,C        the columns of csq or tsv, in this order
      --threads N           annotation threads (default: one for each processor)
      --level N             compression of the result, 0 to 12 (default 1)
      --log FILE            the count log
      --summary FILE        the counts as JSON
      --report FILE         the counts and pictures as a page (HTML) that needs nothing else
`;

const OPTIONS = {
  output: { type: 'string', short: 'o' },
  reference: { type: 'string', short: 'r' },
  transcripts: { type: 'string', default: 'all' },
  distance: { type: 'string', default: '5000' },
  manner: { type: 'string', default: 'vep' },
  known: { type: 'string', multiple: true },
  'sv-overlap': { type: 'string', default: String(TOLERANCE.overlap) },
  'sv-window': { type: 'string', default: String(TOLERANCE.window) },
  track: { type: 'string', multiple: true },
  genes: { type: 'string', multiple: true },
  phased: { type: 'boolean', default: false },
  unphased: { type: 'string', default: 'skip' },
  format: { type: 'string', default: 'csq' },
  fields: { type: 'string' },
  threads: { type: 'string' },
  level: { type: 'string', default: '1' },
  log: { type: 'string' },
  summary: { type: 'string' },
  report: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const TRANSCRIPTS: readonly string[] = ['all', 'canonical', 'mane', 'pick'] satisfies TranscriptChoice[];

const MANNERS: readonly Manner[] = ['vep', 'specification'];

/** Runs the command. Answers the exit code. @throws InputError for people. */
export async function annotateCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true }),
  );
  if (values.help) {
    context.out(annotateUsage);
    return 0;
  }
  if (!TRANSCRIPTS.includes(values.transcripts)) {
    throw new InputError(
      'BAD_OPTION',
      `--transcripts is one of ${TRANSCRIPTS.join(', ')}, not '${values.transcripts}'`,
    );
  }
  const manner = MANNERS.find((name) => name === values.manner);
  if (manner === undefined) {
    throw new InputError('BAD_OPTION', `--manner is one of ${MANNERS.join(', ')}, not '${values.manner}'`);
  }
  const form = FORM_NAMES.find((name) => name === values.format);
  if (form === undefined) {
    throw new InputError('BAD_OPTION', `--format is one of ${FORM_NAMES.join(', ')}, not '${values.format}'`);
  }
  const unphased = UNPHASED.find((name) => name === values.unphased);
  if (unphased === undefined) {
    throw new InputError('BAD_OPTION', `--unphased is one of ${UNPHASED.join(', ')}, not '${values.unphased}'`);
  }
  const fields = values.fields?.split(',').map((name) => name.trim());
  const options: AnnotateOptions = {
    form,
    ...(fields === undefined ? {} : { fields: fields.filter((name) => name !== '') }),
    transcripts: values.transcripts as TranscriptChoice,
    manner,
    distance: wholeNumber('--distance', values.distance, 0, 10_000_000),
    level: wholeNumber('--level', values.level, 0, 12) as DeflateLevel,
    known: (values.known ?? []).map((name) => findSource(name, context.referencesFolder)),
    tolerance: {
      overlap: share('--sv-overlap', values['sv-overlap']),
      window: wholeNumber('--sv-window', values['sv-window'], 0, 1_000_000),
    },
    tracks: (values.track ?? []).map(trackSource),
    genes: (values.genes ?? []).map(geneSource),
    ...(values.phased ? { phased: unphased } : {}),
  };
  const input = inputOf(positionals, context);
  const threads = wholeNumber('--threads', values.threads ?? String(context.processors), 1, 256);
  const reference = await referenceOf(values.reference, input, context);
  const progress = new ProgressLine(context);
  const summary = await annotateFile({
    input: input.path ?? input.chunks,
    inputName: input.name,
    ...targets(input, form, values, context),
    reference,
    threads,
    workerUrl: context.workerUrl,
    options,
    signal: context.signal,
    now: () => context.now().getTime(),
    onProgress: ({ bytes_read: done, bytes_total: total = 0, variants, variants_per_second: rate }) =>
      progress.show(`annotating ${input.name}`, done, total, `${say(variants)} variants, ${say(rate)}/s`),
  }).finally(() => progress.end());
  tell(summary, context);
  return 0;
}

/** Where the outputs go: as told, or the seed's names beside the input. */
function targets(
  input: Input,
  form: FormName,
  { output, log, summary, report }: Partial<Record<'output' | 'log' | 'summary' | 'report', string | undefined>>,
  context: CommandContext,
): Pick<AnnotateRequest, 'output' | 'compress' | 'log' | 'summary' | 'report'> {
  const reports = {
    ...(log === undefined ? {} : { log }),
    ...(summary === undefined ? {} : { summary }),
    ...(report === undefined ? {} : { report }),
  };
  if (output === '-' || (output === undefined && input.path === undefined))
    return { output: context.stdout, ...reports };
  if (output !== undefined) return { output, ...reports };
  const stem = join(
    dirname(input.path ?? ''),
    basename(input.name)
      .replace(/\.b?gz$/i, '')
      .replace(/\.vcf$/i, ''),
  );
  return { output: `${stem}.annot${EXTENSIONS[form]}.gz`, log: `${stem}.vcf.count.log`, ...reports };
}

/** What to know, on standard error: warnings always, the figures where somebody looks. */
function tell(summary: AnnotateSummary, context: CommandContext): void {
  for (const { message } of summary.warnings) context.err(`note: ${message}\n`);
  if (!context.isTerminal) return;
  const { records, variants, seconds } = summary;
  const rate = say(Math.round(records / Math.max(seconds, 0.001)));
  context.err(
    `${sayMany(variants, 'variant')} in ${sayMany(records, 'record')}, ${seconds.toFixed(2)} s, ${rate} records/s\n`,
  );
}
