/**
 * Ordinary records, nearly all there are, annotated by the kernel: runs it over a batch, hands it the contigs, takes
 * what it wrote, logged and counted, and gives the lines that it leaves to the host.
 */
import * as layout from '../kernel/assembly/layout.ts';
import { Kernel, type KernelContig, type KernelOptions, Stop } from '../kernel/kernel.ts';
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { type ContigTally, type TallyCounts, addEach } from '../report/tally.ts';
import type { CollectedRecords, IndexPlace } from '../vcf/index-parts.ts';
import type { Contig } from './contigs.ts';

/** What the rest of the batch's annotation does for the ordinary records. */
export interface OrdinaryHost {
  /** Annotates the line batch[from, to), which comes after `lines` others, the way it annotates all lines; answers the contig that records lie on now. */
  annotateLeft(from: number, to: number, lines: number): Contig | null;
  /** Whether a record that is known shall be told of as an example. */
  wantsKnown(): boolean;
  /** Virtual offset of the first byte of text; how far the index has come. */
  readonly virtualBase: number;
  readonly indexPlace: IndexPlace;
  /** Levels of its bins; 0 when none is made. */
  readonly indexDepth: number;
  /** Records of the current contig were written, up to here: takes text that is long enough, and tells the index. */
  wrote(collected: Omit<CollectedRecords, 'to'>): void;
  /** A record lies before the one before it; told before `wrote`. */
  stepsBack(start: number, line: number): void;
}

export class OrdinaryRecords {
  readonly kernel: Kernel;
  private contig: Contig | null = null;
  private readonly contigs = new WeakMap<Contig, KernelContig>();

  constructor(
    reference: Reference | null,
    options: KernelOptions,
    private readonly text: ByteBuffer,
    private readonly host: OrdinaryHost,
  ) {
    this.kernel = new Kernel(reference, options);
  }

  /** Annotates the lines [start, end) of the text in `kernel.batch`; answers how many they are. */
  run(start: number, end: number, counts: TallyCounts): number {
    const { kernel, text, host } = this;
    text.moveTo(kernel.text);
    kernel.begin(start, end);
    kernel.state[layout.INDEX_DEPTH] = host.indexDepth;
    this.contig = null;
    for (;;) {
      kernel.state[layout.WANTS_KNOWN] = host.wantsKnown() ? 1 : 0;
      this.lendIndex();
      const stop = kernel.run();
      this.takeLog();
      if (stop === Stop.DONE) break;
      if (stop === Stop.LEFT) this.leave();
      kernel.state[layout.TEXT_LENGTH] = text.length;
    }
    this.takeStretches();
    this.takeTally(counts);
    return kernel.state[layout.LINE];
  }

  /** Has the host annotate the line that the kernel did not. */
  private leave(): void {
    const { kernel, text } = this;
    const { state } = kernel;
    const from = state[layout.AT] - layout.BATCH;
    const to = state[layout.STOP] - layout.BATCH;
    const contig = this.host.annotateLeft(from, to, state[layout.LINE]);
    text.moveTo(kernel.text);
    state[layout.AT] = layout.BATCH + to + 1;
    state[layout.LINE]++;
    if (contig === null || contig === this.contig) return;
    this.takeStretches();
    this.contig = contig;
    kernel.enter(this.kernelContig(contig));
  }

  /** What the kernel knows of a contig; the same object for the same contig. */
  private kernelContig(contig: Contig): KernelContig {
    let known = this.contigs.get(contig);
    if (known === undefined) {
      const { name, id, known: sources, tracks, bands, tally } = contig;
      known = { name, id, known: sources, tracks, bands, drawnLength: tally.length, stretches: tally.stretches.length };
      this.contigs.set(contig, known);
    }
    return known;
  }

  /** Hands the index the records that were written, once text that is long enough is taken. */
  private takeLog(): void {
    const { kernel, text, host } = this;
    const { log, state } = kernel;
    text.length = state[layout.TEXT_LENGTH];
    const records = state[layout.INDEX_RECORDS];
    if (records === 0) return;
    const chunks: CollectedRecords['chunks'][number][] = [];
    const windows: CollectedRecords['windows'][number][] = [];
    const base = host.virtualBase;
    for (let at = 0; at < state[layout.LOGGED] * layout.LOG_FIELDS; at += layout.LOG_FIELDS) {
      const [kind, one, other] = [log[at], log[at + 1], log[at + 2]];
      const from = base + log[at + 3];
      if (kind === layout.LOG_CHUNK) chunks.push({ bin: one, from, continues: other > 0 });
      else if (kind === layout.LOG_WINDOW) windows.push({ first: one, last: other, from });
      else host.stepsBack(one, other);
    }
    const first = state[layout.INDEX_FIRST];
    const place = {
      start: state[layout.INDEX_START],
      bin: state[layout.INDEX_BIN],
      window: state[layout.INDEX_WINDOW],
      sorted: state[layout.INDEX_SORTED] !== 0,
    };
    host.wrote({ records, first, endMax: state[layout.INDEX_END_MAX], chunks, windows, place });
    state[layout.LOGGED] = 0;
    state[layout.INDEX_RECORDS] = 0;
  }

  /** Tells the kernel how far the index has come. */
  private lendIndex(): void {
    const { state } = this.kernel;
    const { start, bin, window, sorted } = this.host.indexPlace;
    state[layout.INDEX_START] = start;
    state[layout.INDEX_BIN] = bin;
    state[layout.INDEX_WINDOW] = window;
    state[layout.INDEX_SORTED] = sorted ? 1 : 0;
    state[layout.INDEX_END_MAX] = 0;
  }

  private takeStretches(): void {
    const { contig, kernel } = this;
    if (contig === null) return;
    const { tally } = kernel;
    const own: ContigTally = contig.tally;
    for (let i = 0; i < layout.STRETCHES_MAX; i++) {
      const count = tally[layout.STRETCHES + i];
      if (count === 0) continue;
      while (own.stretches.length <= i) own.stretches.push(0);
      own.stretches[i] += count;
      own.records += count;
      tally[layout.STRETCHES + i] = 0;
    }
  }

  /** Adds what was counted of the batch. */
  private takeTally(counts: TallyCounts): void {
    const { tally } = this.kernel;
    counts.records += tally[layout.RECORDS];
    counts.variants += tally[layout.VARIANTS];
    counts.passing += tally[layout.PASSING];
    counts.transitions += tally[layout.TRANSITIONS];
    counts.transversions += tally[layout.TRANSVERSIONS];
    counts.refCompared += tally[layout.REF_COMPARED];
    counts.banded += tally[layout.BANDED];
    addEach(counts.classes, tally, layout.CLASSES);
    addEach(counts.worstTerms, tally, layout.WORST_TERMS);
    addEach(counts.anyTerms, tally, layout.ANY_TERMS);
    addEach(counts.frequencies, tally, layout.FREQUENCIES);
    addEach(counts.indelLengths, tally, layout.INDEL_LENGTHS);
    addEach(counts.qualities, tally, layout.QUALITIES);
    addEach(counts.knownAlleles, tally, layout.KNOWN_ALLELES);
    addEach(counts.trackRecords, tally, layout.TRACK_RECORDS);
    tally.fill(0);
  }

  /** Adds the records of each gene since the last call. */
  takeGenes(counts: TallyCounts): void {
    const { genes } = this.kernel;
    for (let gene = 0; gene < genes.length; gene++) {
      if (genes[gene] === 0) continue;
      counts.genes.set(gene, (counts.genes.get(gene) ?? 0) + genes[gene]);
      genes[gene] = 0;
    }
  }
}
