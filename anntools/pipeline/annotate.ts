/**
 * Computing: one batch in, bytes out. Every line comes out, in order, unchanged but for what is added to its INFO; a
 * line that cannot be read as a record passes as it is and is counted. This is the hot loop: no string is made for a
 * record that is in order.
 */
import { BgzfWriter } from '../bgzf/writer.ts';
import { openBundle } from '../bundle/open.ts';
import type { Reference } from '../bundle/reference.ts';
import { InputError } from '../errors.ts';
import { type Annotations, annotationsOf } from '../forms/annotations.ts';
import { isVcf } from '../forms/form.ts';
import { type RecordLines, recordLines } from '../forms/record-lines.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import { offsetOf } from '../genome/position.ts';
import { BAND_FIELD, BandWriter, bandsOf } from '../lookup/bands.ts';
import { KnownVariants } from '../lookup/known.ts';
import { LeftMost } from '../lookup/left-most.ts';
import {
  type ContigTally,
  EXAMPLES_MAX,
  type Example,
  type ExampleKind,
  type TallyCounts,
  contigTally,
  countAlleles,
  countPlace,
  countTerms,
  emptyCounts,
} from '../report/tally.ts';
import { SpanReader } from '../tracks/span.ts';
import { TrackWriter } from '../tracks/track-writer.ts';
import { AlleleClass, AltAlleles } from '../vcf/alleles.ts';
import { IndexCollector, type IndexParts } from '../vcf/index-parts.ts';
import { depthOf } from '../vcf/index-writer.ts';
import { copyInfo, infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { BatchText } from './batch-text.ts';
import type { Batch } from './batches.ts';
import { countColumns, decimalAt } from './columns.ts';
import type { Plan } from './plan.ts';

export interface BatchOutput {
  index: number;
  bytes: Uint8Array<ArrayBuffer>;
  lines: number;
  records: number;
  variants: number;
  examples: Partial<Record<ExampleKind, Example[]>>;
  /** `chr20:60002` of the first record. */
  firstPlace: string;
  parts: IndexParts;
}

/** What is known about a contig of the file. */
interface Contig {
  /** Its name as bytes, for recognising the next record's. */
  name: Uint8Array;
  /** The reference's id; -1 when records here are not annotated. */
  id: number;
  /** Length in the reference; 0 when it is not there. */
  length: number;
  hasSequence: boolean;
  /** Id in each source of known variants, or -1. */
  known: number[];
  /** Id in each track, or -1. */
  tracks: number[];
  bands: BandWriter | null;
  tally: ContigTally;
}

const TAB = 9;
const NEWLINE = 10;
const HASH = 35;
const DOT = 46;
const SEMICOLON = 59;
const LESS = 60;

/** What is added of consequences, with the form's key; table and objects are made out of CSQ. */
const CONSEQUENCE = {
  csq: infoKey('CSQ='),
  ann: infoKey('ANN='),
  bcsq: infoKey('BCSQ='),
  tsv: infoKey('CSQ='),
  json: infoKey('CSQ='),
};
const BAND = infoKey(`${BAND_FIELD}=`);
const END = infoKey('END');

export class BatchAnnotator {
  private readonly reference: Reference | null;
  private readonly engine: Annotations | null;
  private readonly consequence: Uint8Array;
  /** Writes the lines of a form that is no VCF. */
  private readonly lines: RecordLines | null;
  private readonly known: KnownVariants[];
  private readonly leftMost: LeftMost | null;
  private readonly tracks: TrackWriter[];
  private readonly span = new SpanReader();
  private readonly replaced: Uint8Array[];
  private readonly collector: IndexCollector;
  private readonly writer: BgzfWriter;
  private readonly record = new VcfRecord();
  private readonly alleles = new AltAlleles();
  private readonly contigs = new Map<string, Contig>();
  private counts: TallyCounts;
  private contig: Contig | null = null;
  private readonly text = new BatchText();
  private bases = new Uint8Array(256);
  private examples: BatchOutput['examples'] = {};
  private firstPlace = '';
  private line = 0;

  constructor(private readonly plan: Plan) {
    this.reference = plan.reference === null ? null : openBundle(plan.reference);
    const { form, columns, added, assembly, transcripts, distance } = plan;
    const options = { transcripts, distance, columns: columns.engine };
    this.engine = this.reference && annotationsOf(form, this.reference, options);
    this.consequence = CONSEQUENCE[form];
    this.lines = isVcf(form) ? null : recordLines(form, columns, added, assembly);
    this.known = plan.known.map((folder) => new KnownVariants(folder));
    this.leftMost = this.reference && new LeftMost(this.reference.sequence);
    this.tracks = plan.tracks.map((track) => new TrackWriter(track));
    this.replaced = plan.replaced.map(infoKey);
    this.collector = new IndexCollector(depthOf(plan.index));
    this.writer = new BgzfWriter(plan.level ?? 0);
    this.counts = emptyCounts(this.known.length, this.tracks.length);
  }

  /** Annotates a batch. @throws InputError when its blocks are damaged. */
  run(batch: Batch): BatchOutput {
    const { counts, writer } = this;
    const before = { lines: counts.lines, records: counts.records, variants: counts.variants };
    this.examples = {};
    this.firstPlace = '';
    this.line = 0;
    this.contig = null;
    this.virtualStart = 0;
    const { bytes, end } = this.text.read(batch);
    for (let at = batch.skip; at < end;) {
      const newline = bytes.indexOf(NEWLINE, at);
      const stop = newline < 0 || newline >= end ? end : newline;
      this.line++;
      this.annotateLine(bytes, at, stop);
      if (stop < end) writer.text.byte(NEWLINE);
      at = stop + 1;
      if (this.plan.level !== null) writer.settle();
      this.indexLine();
    }
    counts.lines += this.line;
    return {
      index: batch.index,
      bytes: this.takeOutput(),
      lines: counts.lines - before.lines,
      records: counts.records - before.records,
      variants: counts.variants - before.variants,
      examples: this.examples,
      firstPlace: this.firstPlace,
      parts: this.collector.take(),
    };
  }

  /** What was counted since the last call. */
  takeCounts(): TallyCounts {
    const { counts } = this;
    this.counts = emptyCounts(this.known.length, this.tracks.length);
    this.contigs.clear();
    return counts;
  }

  private takeOutput(): Uint8Array<ArrayBuffer> {
    const { writer, plan } = this;
    if (plan.level !== null) writer.flush();
    const output = plan.level === null ? writer.text : writer.out;
    const bytes = new Uint8Array(output.view());
    output.clear();
    return bytes;
  }

  /** Start and end of the last record, zero-based and half-open, for the index; start -1 when there was none. */
  private recordStart = -1;
  private recordEnd = 0;
  private virtualStart = 0;

  private indexLine(): void {
    const { collector, writer } = this;
    const from = this.virtualStart;
    this.virtualStart = writer.virtualOffset;
    if (this.recordStart < 0 || this.plan.level === null || this.lines !== null) return;
    const wasSorted = collector.sorted;
    collector.add(this.recordStart, this.recordEnd, from, this.virtualStart);
    if (wasSorted && !collector.sorted) this.example('unsorted', this.place());
  }

  private annotateLine(bytes: Uint8Array, start: number, end: number): void {
    const { record, alleles, counts } = this;
    this.recordStart = -1;
    if (!this.parse(bytes, start, end)) {
      this.passLine(bytes, start, end);
      return;
    }
    const contig = this.enter();
    const offset = offsetOf(record.position);
    const refEnd = record.ends[3];
    this.recordStart = offset;
    this.recordEnd = Math.max(this.endOf(), offset + refEnd - record.ends[2] - 1);
    alleles.parse(record);
    const problem = this.alleleProblem();
    if (problem !== '') {
      this.badLine(problem, alleles.refValid ? 'ALT' : 'REF');
      this.passLine(bytes, start, end);
      return;
    }
    counts.records++;
    if (this.firstPlace === '') this.firstPlace = this.place();
    countPlace(contig.tally, offset);
    countAlleles(counts, alleles);
    countColumns(counts, record);
    this.compareRef(contig, offset);
    if (this.lines === null) this.writeAnnotated(contig, bytes, end);
    else this.writeLines(contig, this.lines);
  }

  /** Writes a line that is no record. */
  private passLine(bytes: Uint8Array, start: number, end: number): void {
    const out = this.writer.text;
    if (this.lines === null) out.append(bytes, start, end);
    else out.ascii(this.lines.unreadable(Buffer.prototype.latin1Slice.call(bytes, start, end).replace(/\r$/, '')));
  }

  private parse(bytes: Uint8Array, start: number, end: number): boolean {
    const { record } = this;
    if (bytes[start] === HASH) return this.badLine('begins with # among the records');
    try {
      record.parse(bytes, start, end, this.line);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      return this.badLine(isBlank(bytes, start, end) ? 'is blank' : cause.message, cause.place.field);
    }
    return record.ends[0] > start || this.badLine('has an empty CHROM', 'CHROM');
  }

  private badLine(text: string, field?: string): false {
    this.counts.badLines++;
    this.example('badLine', text, field);
    return false;
  }

  private wants(kind: ExampleKind): boolean {
    return (this.examples[kind]?.length ?? 0) < EXAMPLES_MAX;
  }

  private example(kind: ExampleKind, text: string, field?: string): void {
    if (!this.wants(kind)) return;
    (this.examples[kind] ??= []).push({ line: this.line, text, ...(field === undefined ? {} : { field }) });
  }

  /** `chr20:60002` of the record, for examples. */
  private place(): string {
    return `${this.record.text(0)}:${this.record.text(1)}`;
  }

  /** Why the alleles cannot be annotated; empty when they can. */
  private alleleProblem(): string {
    const { record, alleles } = this;
    if (!alleles.refValid) return `has REF '${record.text(3).slice(0, 40)}', which is not bases`;
    for (let i = 0; i < alleles.count; i++) {
      if (alleles.classes[i] === AlleleClass.INVALID) {
        return `has ALT '${record.text(4).slice(0, 40)}', which is neither bases nor a symbol that VCF knows`;
      }
    }
    return '';
  }

  /** The contig of the record. */
  private enter(): Contig {
    const { record, contig } = this;
    const { bytes, start, ends } = record;
    if (contig !== null && contig.name.length === ends[0] - start) {
      let i = 0;
      while (i < contig.name.length && contig.name[i] === bytes[start + i]) i++;
      if (i === contig.name.length) return contig;
    }
    const name = record.text(0);
    let entered = this.contigs.get(name);
    if (entered === undefined) this.contigs.set(name, (entered = this.contigNamed(name)));
    this.collector.enter(name);
    return (this.contig = entered);
  }

  private contigNamed(name: string): Contig {
    const { reference, plan } = this;
    const chromosome = chromosomeOf(name);
    const ofAssembly = chromosome === 'MT' ? plan.mitochondrion : plan.nuclear;
    const usable = ofAssembly && !plan.foreignContigs.includes(name);
    const inReference = reference?.contigs.idOf(name) ?? -1;
    const id = usable ? inReference : -1;
    const length = id < 0 ? 0 : (reference?.contigs.lengths[id] ?? 0);
    const bands = bandsOf(plan.bands, name);
    return {
      name: infoKey(name),
      id,
      length,
      hasSequence: id >= 0 && reference?.sequence.has(id) === true,
      known: this.known.map((source, i) => (this.knownOn(chromosome, name, i) ? source.contigOf(name) : -1)),
      tracks: this.tracks.map((track) => track.contigOf(name)),
      bands: bands ? new BandWriter(chromosome ?? '', bands) : null,
      tally: contigTally(this.counts, name, plan.lengths.get(name) ?? length, inReference >= 0),
    };
  }

  /** Whether records on a contig are looked up in source `i`. */
  private knownOn(chromosome: string | null, name: string, i: number): boolean {
    const { reference, mitochondrion, knownFits, foreignContigs } = this.plan;
    const fits = chromosome === 'MT' ? reference === null || mitochondrion : knownFits[i];
    return fits && !foreignContigs.includes(name);
  }

  /** INFO/END, one-based and so the exclusive end, where it is later than POS; 0 otherwise. */
  private endOf(): number {
    const { record } = this;
    const { bytes, ends } = record;
    const infoStart = ends[6] + 1;
    // END matters for symbolic alleles and for blocks of gVCFs.
    if (bytes[ends[3] + 1] !== LESS && bytes[infoStart] !== END[0] && bytes[ends[3] + 1] !== DOT) return 0;
    const at = infoValue(bytes, infoStart, ends[7], END);
    if (at < 0) return 0;
    const end = decimalAt(bytes, at, infoValueEnd(bytes, at, ends[7]));
    return end >= record.position && end <= 0x7fffffff ? end : 0;
  }

  /** Compares REF with the sequence, where there is one. */
  private compareRef(contig: Contig, offset: number): void {
    const { record, counts, reference } = this;
    if (contig.id < 0 || reference === null || record.position === 0) return;
    if (offset >= contig.length) {
      counts.beyondEnd++;
      if (this.wants('beyondEnd')) this.example('beyondEnd', this.place(), 'POS');
      return;
    }
    if (!contig.hasSequence) return;
    const { bytes, ends } = record;
    const refStart = ends[2] + 1;
    const length = ends[3] - refStart;
    if (this.bases.length < length) this.bases = new Uint8Array(length * 2);
    const { bases } = this;
    reference.sequence.read(contig.id, offset, offset + length, bases, 0);
    counts.refCompared++;
    for (let i = 0; i < length; i++) {
      const base = bytes[refStart + i] & 0xdf;
      if (base === bases[i] || base === 78 || bases[i] === 78) continue;
      counts.refDisagreeing++;
      if (this.wants('refDisagreeing')) {
        const theirs = record.text(3).slice(0, 20);
        const ours = Buffer.prototype.latin1Slice.call(bases, 0, Math.min(length, 20));
        this.example('refDisagreeing', `${this.place()} has REF ${theirs}, the reference ${ours}`, 'REF');
      }
      return;
    }
  }

  /** Writes the line with our fields added to its INFO. */
  private writeAnnotated(contig: Contig, bytes: Uint8Array, end: number): void {
    const { record, replaced } = this;
    const out = this.writer.text;
    const infoStart = record.ends[6] + 1;
    const infoEnd = record.ends[7];
    out.append(bytes, record.start, infoStart);
    const infoAt = out.length;
    this.writeAdded(contig, !copyInfo(bytes, infoStart, infoEnd, replaced, out));
    if (out.length === infoAt) {
      // Nothing was there or nothing is left: as it was, or the dot that stands for nothing.
      if (replaced.length === 0) out.append(bytes, infoStart, infoEnd);
      else out.byte(DOT);
    }
    out.append(bytes, infoEnd, end);
  }

  /** Writes the record as the form's own lines. The INFO they are made of is in the output for a moment only. */
  private writeLines(contig: Contig, lines: RecordLines): void {
    const out = this.writer.text;
    const start = out.length;
    this.writeAdded(contig, true);
    const added = out.bytes.toString('latin1', start, out.length);
    out.length = start;
    out.ascii(lines.record(this.record, added));
  }

  /** Writes what is added to INFO, `empty` being whether nothing stands before it. */
  private writeAdded(contig: Contig, empty: boolean): void {
    if (this.writeConsequences(contig, empty)) empty = false;
    if (this.writeKnown(contig, empty)) empty = false;
    if (this.writeTracks(contig, empty)) empty = false;
    this.writeBand(contig, empty);
  }

  /** Writes what is known of the alleles; false when nothing is. */
  private writeKnown(contig: Contig, empty: boolean): boolean {
    const { known, alleles, counts, record } = this;
    const out = this.writer.text;
    const wasEmpty = empty;
    const isMovable = known.length > 0 && contig.hasSequence;
    const moved = isMovable ? this.leftMost?.of(contig.id, alleles) : undefined;
    for (let i = 0; i < known.length; i++) {
      if (contig.known[i] < 0) continue;
      const start = out.length;
      const found = known[i].annotate(contig.known[i], alleles, out, empty, moved);
      if (found === 0) continue;
      counts.knownAlleles[i] += found;
      if (out.length === start) continue;
      if (this.wants('known')) {
        const what = out.bytes.toString('latin1', empty ? start : start + 1, out.length).slice(0, 300);
        this.example('known', `${this.place()} ${record.text(3).slice(0, 20)}>${record.text(4).slice(0, 20)} ${what}`);
      }
      empty = false;
    }
    return empty !== wasEmpty;
  }

  /** Writes the regions that the variants overlap; false when there are none. */
  private writeTracks(contig: Contig, empty: boolean): boolean {
    const { tracks, counts } = this;
    if (tracks.length === 0 || !this.span.read(this.record, this.alleles)) return false;
    let any = false;
    for (let i = 0; i < tracks.length; i++) {
      if (contig.tracks[i] < 0) continue;
      if (!tracks[i].write(contig.tracks[i], this.span.span, this.writer.text, empty && !any)) continue;
      counts.trackRecords[i]++;
      any = true;
    }
    return any;
  }

  private writeBand(contig: Contig, empty: boolean): void {
    if (contig.bands === null) return;
    const out = this.writer.text;
    const start = out.length;
    if (!empty) out.byte(SEMICOLON);
    out.append(BAND);
    if (contig.bands.write(this.recordStart, this.recordEnd, out)) this.counts.banded++;
    else out.length = start;
  }

  private writeConsequences(contig: Contig, empty: boolean): boolean {
    const { engine, counts } = this;
    if (engine === null || contig.id < 0) return false;
    const out = this.writer.text;
    const start = out.length;
    if (!empty) out.byte(SEMICOLON);
    out.append(this.consequence);
    const facts = engine.annotate(this.record, contig.id, out);
    countTerms(counts, facts.worstRank, facts.low, facts.high);
    if (facts.gene >= 0) counts.genes.set(facts.gene, (counts.genes.get(facts.gene) ?? 0) + 1);
    if (facts.blocks > 0) return true;
    out.length = start;
    return false;
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== TAB && bytes[i] !== 13) return false;
  return true;
}
