/**
 * One file from end to end: look at its beginning, decide what to do, then read, annotate and write as three steps of
 * one pipeline over batches, in order (minimap2's `worker_pipeline`). A bounded number of batches is under way, so
 * that memory does not depend on the size of the file. A run that fails or is stopped leaves nothing behind.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type DeflateLevel, EOF_BLOCK } from '../bgzf/block.ts';
import { ByteSource, Rewindable, fileChunks } from '../bgzf/source.ts';
import { BgzfWriter } from '../bgzf/writer.ts';
import { type OpenedBundle, openBundle } from '../bundle/open.ts';
import type { TranscriptChoice } from '../engine/choice.ts';
import type { Manner } from '../consequence/spliced.ts';
import { bandsBeside } from '../lookup/beside.ts';
import type { Unphased } from '../haplotype/genotypes.ts';
import { PhasedConsequences } from '../haplotype/phased.ts';
import { InputError } from '../errors.ts';
import { matchGenes } from '../genes/gene-columns.ts';
import { type GeneSource, type GeneTable, type GeneTableLimits, readGeneTable } from '../genes/gene-table.ts';
import { type InstalledSource, openSources, usedSources } from '../lookup/sources.ts';
import { type FormName, formColumns, isVcf } from '../forms/form.ts';
import { tableHeader } from '../forms/table.ts';
import { htmlReport } from '../report/html.ts';
import { countLog } from '../report/log.ts';
import { type AnnotateSummary, type GeneTableSummary, summarised, trackSummaries } from '../report/summary.ts';
import { EXAMPLES_MAX, type Example, type ExampleKind, type TallyCounts } from '../report/tally.ts';
import { type AnnotatedHeader, type InfoField, annotatedHeader } from '../vcf/header-writer.ts';
import { type IndexKind, IndexWriter, TABIX_LENGTH_MAX } from '../vcf/index-writer.ts';
import { TOLERANCE, type Tolerance } from '../structural/match.ts';
import type { Track, TrackLimits, TrackSource } from '../tracks/track.ts';
import { VERSION } from '../version.ts';
import type { BatchOutput } from './annotate.ts';
import { type Batch, openInput } from './batches.ts';
import { addedFields, provenance, refuseColumnsTwice, sourceFields } from './fields.ts';
import { isAnnotated } from './contigs.ts';
import { contigLengths, fit, knownFits } from './fit.ts';
import { type ByteSink, type Output, openOutput } from './output.ts';
import { phasedBatches } from './phased-batches.ts';
import type { Plan } from './plan.ts';
import { type Annotators, annotators } from './pool.ts';
import { type Progress, ProgressMeter } from './progress.ts';
import { type Survey, survey } from './survey.ts';
import { warningsOf } from './warnings.ts';

export interface AnnotateOptions {
  /** All transcripts in reach by default. */
  transcripts?: TranscriptChoice;
  /** How far beside a transcript a variant is told of, in bases: 5,000 by default, as VEP. */
  distance?: number;
  /** Whom to follow where Ensembl VEP departs from the specifications: `vep` by default. */
  manner?: Manner;
  /** What the result is: a VCF with CSQ by default, with ANN or BCSQ, a table, or JSON lines. */
  form?: FormName;
  /** Columns of CSQ or of the table, in this order; all usual ones by default. */
  fields?: readonly string[];
  /** Compression of the output, 0–12; 1 by default. */
  level?: DeflateLevel;
  /** Folders of further sources of known variants. */
  known?: readonly string[];
  /** Names of sources, among those in the reference's folder too, that add nothing; they still help to tell the assembly. */
  withoutKnown?: readonly string[];
  /** When a structural variant is taken for a known one: 70 % of both overlap, 100 bases between breakends, by default. */
  tolerance?: Partial<Tolerance>;
  /** Files of regions. */
  tracks?: readonly TrackSource[];
  /** What a track's file may not exceed; for files that somebody uploaded. */
  trackLimits?: Partial<TrackLimits>;
  /** Files of values by gene or transcript, which become columns of CSQ, of the table and of the objects. */
  genes?: readonly GeneSource[];
  geneLimits?: Partial<GeneTableLimits>;
  /** What haplotypes do to proteins, in BCSQ as bcftools csq tells it; with what becomes of genotypes without phase. */
  phased?: Unphased;
}

export interface AnnotateRequest {
  /** Path of a VCF (text, gzip, BGZF), or its bytes. */
  input: string | AsyncIterable<Uint8Array>;
  /** What the input is called in the log; the path's last part by default. No path of this machine is written. */
  inputName?: string;
  /** Path of the result, or a stream. Compressed, with an index (`.tbi`, or `.csi` for contigs beyond 512 Mb) beside it, unless the path ends in `.vcf`; tables and JSON lines where it ends in `.gz`, without index. */
  output: string | ByteSink;
  /** Whether a stream gets BGZF; text by default. */
  compress?: boolean;
  /** Paths of the count log, of the summary as JSON, and of the report as a page. */
  log?: string;
  summary?: string;
  report?: string;
  /** Folder of the reference bundle; without one only the file itself is described. */
  reference?: string | null;
  /** Worker threads; 1 by default. */
  threads?: number;
  /** The program's own module, which calls `serveWorker` in worker threads. Without it this thread does the work. */
  workerUrl?: string;
  options?: AnnotateOptions;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * Annotates a VCF.
 * @throws InputError when the input or the reference cannot be used: a sentence for its owner.
 */
export async function annotateFile(request: AnnotateRequest): Promise<AnnotateSummary> {
  const run = new Run(request);
  try {
    return await run.annotate();
  } finally {
    await run.cleanUp();
  }
}

const LEVEL_DEFAULT = 1;
const DISTANCE_DEFAULT = 5000;

class Run {
  private readonly outputs: Output[] = [];
  private readonly inputHash = new Bun.CryptoHasher('sha256');
  private readonly examples: Record<ExampleKind, Example[]> = {
    badLine: [],
    refDisagreeing: [],
    beyondEnd: [],
    unsorted: [],
    known: [],
  };
  private index = new IndexWriter('tbi');
  private readonly now: () => number;
  private inputBytes = 0;
  private lines = 0;
  private readonly chunks: Rewindable;
  private stopWorkers: () => void = () => {};

  constructor(private readonly request: AnnotateRequest) {
    const { input, signal } = request;
    this.now = request.now ?? Date.now;
    this.chunks = new Rewindable(typeof input === 'string' ? fileChunks(input, signal) : input, signal);
  }

  async annotate(): Promise<AnnotateSummary> {
    const { request } = this;
    const startedMs = this.now();
    request.signal?.throwIfAborted();
    const pool = annotators(request.threads ?? 1, request.workerUrl, request.signal);
    this.whenStopped((reason) => pool.close(reason));
    const { input } = request;
    const totalBytes = typeof input === 'string' ? (await stat(input).catch(() => null))?.size : undefined;

    const reference = request.reference ? openBundle(request.reference) : null;
    const { known: further = [], withoutKnown = [] } = request.options ?? {};
    const opened = openSources(request.reference ?? null, further);
    const { tracks: sources = [], trackLimits: limits = {} } = request.options ?? {};
    const reading = pool.readTracks({ sources, limits });
    // What is wrong with the file itself is told first.
    reading.catch(() => {});
    const look = await survey(this.chunks.peek(), reference, opened);
    const known = usedSources(request.reference ?? null, further)
      .filter(({ manifest }) => !withoutKnown.includes(manifest.name))
      // Those of structural variants last, as in the plan.
      .sort((a, b) => Number(isStructural(a)) - Number(isStructural(b)));
    const tracks = await reading;
    const genes = reference ? await this.readGenes() : [];

    const { plan, fields, fits } = this.decide(look, reference, known, tracks, genes);
    const header = resultHeader(plan, look, fields, provenance(plan, reference, known));

    const output = await this.open(request.output);
    const meter = new ProgressMeter(totalBytes, this.now, request.onProgress);
    this.lines = look.header.lineCount;
    const haplotypes = plan.phased && reference ? this.haplotypes(plan, reference) : null;
    // An old BCSQ is gone when the lines come to be annotated.
    const replaced = header.replaced.filter((id) => !haplotypes || id !== 'BCSQ');
    pool.open({ ...plan, replaced });
    const head = compressed(header.bytes, plan.level);
    const { counts, lacksEnd } = await this.pipe(pool, head, haplotypes, output, meter);
    if (plan.level !== null) await output.write(EOF_BLOCK);
    const noIndex = await this.writeIndex(plan);

    const summary: AnnotateSummary = {
      anntools: VERSION,
      input: request.inputName ?? (typeof input === 'string' ? basename(input) : 'standard input'),
      input_bytes: this.inputBytes,
      input_sha256: this.inputHash.digest('hex'),
      output_sha256: output.sha256(),
      vcf_version: look.header.version,
      samples: look.header.samples.filter((name) => name !== '').length,
      assembly: look.verdict,
      reference: reference?.name ?? '',
      reference_assembly: reference?.assembly ?? '',
      sources: reference ? reference.sources.map(({ name, version }) => ({ name, version })) : [],
      options: { transcripts: plan.transcripts, distance: plan.distance, manner: plan.manner },
      ...summarised(counts, reference),
      known: known.map(({ manifest: { name, version } }, i) => ({ name, version, alleles: counts.knownAlleles[i] })),
      ...(tracks.length === 0 ? {} : { tracks: trackSummaries(tracks, counts) }),
      ...(reference && genes.length > 0 ? { gene_tables: geneSummaries(genes, reference) } : {}),
      warnings: warningsOf({
        survey: look,
        reference,
        transcripts: plan.transcripts,
        manner: plan.manner,
        fit: fits,
        counts,
        examples: this.examples,
        lacksEnd,
        replaced: header.replaced,
        replacesVep: header.replacesVep,
        noIndex,
        unfitKnown: known.filter((_, i) => !plan.knownFits[i]).map(({ manifest }) => manifest),
        tracks,
        haplotypes,
        genesLeftOut: plan.columns.genes.length > 0 ? [] : genes.map(({ name }) => name),
      }),
      started: new Date(startedMs).toISOString(),
      seconds: (this.now() - startedMs) / 1000,
    };
    await this.writeReports(summary);
    for (const one of this.outputs) await one.commit();
    return summary;
  }

  private async readGenes(): Promise<GeneTable[]> {
    const { options: { genes = [], geneLimits = {} } = {}, signal } = this.request;
    const read: GeneTable[] = [];
    for (const source of genes) read.push(await readGeneTable(source, geneLimits, signal));
    refuseColumnsTwice(read);
    return read;
  }

  /** What is to be done with every record. */
  private decide(
    look: Survey,
    reference: OpenedBundle | null,
    known: readonly InstalledSource[],
    tracks: readonly Track[],
    genes: readonly GeneTable[],
  ) {
    const { options = {}, output, compress = false } = this.request;
    const fits = reference && fit(look, reference);
    const assembly = look.verdict.name || (fits?.nuclear ? (reference?.assembly ?? '') : '');
    const bands = this.request.reference ? bandsBeside(this.request.reference, assembly) : null;
    const added = sourceFields({ bands, tracks }, known, reference);
    const form = options.form ?? 'csq';
    const isPhased = options.phased !== undefined && reference !== null;
    if (isPhased && !isVcf(form))
      throw new InputError('BAD_OPTION', `haplotypes are told of in INFO/BCSQ of a VCF; ${form} has no place for it`);
    const ids = added.map(({ id }) => id);
    const plan: Plan = {
      form,
      columns: formColumns(
        form,
        options.fields,
        ids,
        genes.flatMap(({ columns }) => columns.map(({ id, isNumber }) => ({ id, isNumber }))),
      ),
      added,
      assembly,
      reference: this.request.reference ?? null,
      known: known.filter((source) => !isStructural(source)).map(({ folder }) => folder),
      knownStructural: known.filter(isStructural).map(({ folder }) => folder),
      tolerance: { ...TOLERANCE, ...options.tolerance },
      knownFits: known.map(({ manifest }) => knownFits(manifest, look, reference, fits)),
      tracks,
      genes,
      bands,
      transcripts: options.transcripts ?? 'all',
      distance: options.distance ?? DISTANCE_DEFAULT,
      manner: options.manner ?? 'vep',
      phased: isPhased,
      nuclear: fits?.nuclear ?? false,
      mitochondrion: fits?.mitochondrion ?? false,
      foreignContigs: fits?.foreignContigs ?? [],
      lengths: contigLengths(look),
      replaced: [],
      level: (typeof output === 'string' ? isCompressed(form, output) : compress)
        ? (options.level ?? LEVEL_DEFAULT)
        : null,
      index: indexKind(look),
    };
    this.index = new IndexWriter(plan.index);
    return { plan, fields: addedFields(plan, reference), fits };
  }

  private haplotypes(plan: Plan, reference: OpenedBundle): PhasedConsequences {
    return new PhasedConsequences(reference, {
      transcripts: plan.transcripts,
      unphased: this.request.options?.phased ?? 'skip',
      contigOf: (name) => (isAnnotated(plan, name) ? reference.contigs.idOf(name) : -1),
    });
  }

  /** Read, annotate, write. */
  private async pipe(
    pool: Annotators,
    header: Uint8Array,
    haplotypes: PhasedConsequences | null,
    output: Output,
    meter: ProgressMeter,
  ): Promise<{ counts: TallyCounts; lacksEnd: boolean }> {
    const { request } = this;
    const source = new ByteSource(this.chunks.read(), (chunk) => {
      this.inputHash.update(chunk);
      this.inputBytes += chunk.length;
    });
    const { batches, lacksEnd } = await openInput(source);
    await output.write(header);
    const underWay: { batch: Batch; answer: Promise<BatchOutput> }[] = [];
    const writeFirst = async (): Promise<void> => {
      const first = underWay.shift();
      if (!first) return;
      const done = await first.answer;
      await this.write(done, output);
      pool.recycle(done);
      meter.tell(first.batch.readBytes, done);
    };
    for await (const batch of haplotypes ? phasedBatches(batches, haplotypes) : batches) {
      request.signal?.throwIfAborted();
      underWay.push({ batch, answer: pool.run(batch) });
      if (underWay.length >= pool.capacity) await writeFirst();
    }
    while (underWay.length > 0) await writeFirst();
    const counts = await pool.finish();
    return { counts, lacksEnd: lacksEnd() };
  }

  /** Calls `stop` when the run is told to stop, and when it ends. */
  private whenStopped(stop: (reason: unknown) => void): void {
    const { signal } = this.request;
    const stopped = (): void => stop(signal?.reason);
    signal?.addEventListener('abort', stopped, { once: true });
    this.stopWorkers = () => {
      signal?.removeEventListener('abort', stopped);
      stop(undefined);
    };
  }

  private async write(done: BatchOutput, output: Output): Promise<void> {
    const wasSorted = this.index.sorted;
    this.index.add(done.parts, output.length);
    await output.write(done.bytes);
    for (const [kind, examples] of Object.entries(done.examples) as [ExampleKind, Example[]][]) {
      const kept = this.examples[kind];
      for (const example of examples.slice(0, EXAMPLES_MAX - kept.length)) {
        kept.push({ ...example, line: example.line + this.lines });
      }
    }
    if (wasSorted && !this.index.sorted && this.examples.unsorted.length === 0) {
      this.examples.unsorted.push({ line: this.lines + 1, text: done.firstPlace });
    }
    this.lines += done.lines;
  }

  /** Writes the index beside the result; answers why not, if not. */
  private async writeIndex(plan: Plan): Promise<'unsorted' | 'long' | null> {
    const { output } = this.request;
    if (!isVcf(plan.form)) return null;
    if (!this.index.sorted) return 'unsorted';
    if (this.index.tooLong) return 'long';
    if (typeof output !== 'string' || plan.level === null) return null;
    const file = await this.open(`${output}.${plan.index}`);
    await file.write(this.index.finish());
    return null;
  }

  private async writeReports(summary: AnnotateSummary): Promise<void> {
    const { request } = this;
    if (request.summary !== undefined) {
      const file = await this.open(request.summary);
      await file.write(Buffer.from(`${JSON.stringify(summary, null, 1)}\n`));
    }
    if (request.report !== undefined) {
      const file = await this.open(request.report);
      await file.write(Buffer.from(htmlReport(summary)));
    }
    if (request.log !== undefined) {
      const file = await this.open(request.log);
      const details = { knownExamples: this.examples.known, threads: request.threads ?? 1 };
      await file.write(Buffer.from(countLog(summary, details)));
    }
  }

  private async open(target: string | ByteSink): Promise<Output> {
    const output = await openOutput(target);
    this.outputs.push(output);
    return output;
  }

  /** Ends what is still under way, and removes what was not finished. */
  async cleanUp(): Promise<void> {
    this.stopWorkers();
    await this.chunks.close();
    for (const output of this.outputs) await output.abandon();
  }
}

function geneSummaries(tables: readonly GeneTable[], reference: OpenedBundle): GeneTableSummary[] {
  return tables.map((table) => {
    const { genes, unmatched, examples } = matchGenes(table, reference);
    const { name, source, columns } = table;
    return { name, source, columns: columns.map(({ id }) => id), genes, unmatched, unmatched_examples: examples };
  });
}

function isStructural({ manifest }: InstalledSource): boolean {
  return manifest.kind === 'structural';
}

/** A .tbi, which every tool reads, unless the header names a contig that is too long for it. */
function indexKind({ header }: Survey): IndexKind {
  return header.contigs.some(({ length }) => length > TABIX_LENGTH_MAX) ? 'csi' : 'tbi';
}

/** Whether a file of this name is compressed: a VCF unless it says not, other forms where it says so. */
function isCompressed(form: FormName, path: string): boolean {
  return isVcf(form) ? !path.endsWith('.vcf') : /\.b?gz$/.test(path);
}

/** What stands before the records. */
function resultHeader(
  { form, columns }: Plan,
  look: Survey,
  fields: readonly InfoField[],
  origins: readonly string[],
): AnnotatedHeader {
  if (isVcf(form)) return annotatedHeader(look.header, fields, origins);
  const text = form === 'tsv' ? tableHeader(columns.table, origins) : '';
  return { bytes: Buffer.from(text, 'latin1'), replaced: [], replacesVep: false };
}

/** The header, as blocks of its own so that the records' virtual offsets count from their start. */
function compressed(header: Uint8Array, level: DeflateLevel | null): Uint8Array {
  if (level === null) return header;
  const writer = new BgzfWriter(level);
  writer.text.append(header);
  writer.flush();
  return writer.out.view();
}
