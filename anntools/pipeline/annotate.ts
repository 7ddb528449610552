/**
 * Computing: one batch in, bytes out. Every line comes out, in order, unchanged but for what is added to its INFO; a
 * line that cannot be read as a record passes as it is and is counted. This is the hot loop: no string is made for a
 * record that is in order.
 */
import { PAYLOAD_MAX } from '../bgzf/block.ts';
import { BgzfWriter } from '../bgzf/writer.ts';
import type { Reference } from '../bundle/reference.ts';
import { openBundle } from '../bundle/open.ts';
import type { AlleleColumn, ColumnName, TranscriptColumn } from '../engine/columns.ts';
import { InputError } from '../errors.ts';
import { annotationsOf } from '../forms/annotations.ts';
import { isVcf } from '../forms/form.ts';
import { type RecordLines, recordLines } from '../forms/record-lines.ts';
import { geneColumns } from '../genes/gene-columns.ts';
import { Kernel } from '../kernel/kernel.ts';
import { KnownVariants } from '../lookup/known.ts';
import { LeftMost } from '../lookup/left-most.ts';
import { type Example, type ExampleKind, type TallyCounts, countAlleles, countPlace } from '../report/tally.ts';
import { KnownStructural } from '../structural/known-structural.ts';
import { TrackWriter } from '../tracks/track-writer.ts';
import { IndexCollector, type IndexParts } from '../vcf/index-parts.ts';
import { depthOf } from '../vcf/index-writer.ts';
import { copyInfo, infoKey } from '../vcf/info.ts';
import { BandField, ConsequenceField, KnownFields, TrackFields } from './added-fields.ts';
import { BatchText } from './batch-text.ts';
import type { Batch } from './batches.ts';
import { countColumns } from './columns.ts';
import { RefComparison } from './compare-ref.ts';
import { type Contig, Contigs } from './contigs.ts';
import { existingVariation } from './existing-variation.ts';
import { Findings } from './findings.ts';
import { type OrdinaryHost, OrdinaryRecords } from './ordinary.ts';
import type { Plan } from './plan.ts';
import { Site } from './site.ts';
import { StructuralFields } from './structural-fields.ts';

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

const TAB = 9;
const NEWLINE = 10;
const HASH = 35;
const DOT = 46;

/** What is added of consequences, with the form's key; table and objects are made out of CSQ. */
const CONSEQUENCE = {
  csq: infoKey('CSQ='),
  ann: infoKey('ANN='),
  bcsq: infoKey('BCSQ='),
  tsv: infoKey('CSQ='),
  json: infoKey('CSQ='),
};

export class BatchAnnotator {
  private readonly findings: Findings;
  private readonly contigs: Contigs;
  private readonly comparison: RefComparison | null;
  private readonly consequences: ConsequenceField | null;
  private readonly structural: StructuralFields;
  private readonly known: KnownFields | null;
  private readonly tracks: TrackFields | null;
  private readonly band: BandField;
  /** Writes the lines of a form that is no VCF. */
  private readonly lines: RecordLines | null;
  private readonly replaced: Uint8Array[];
  private readonly collector: IndexCollector;
  private readonly writer: BgzfWriter;
  private readonly ordinary: OrdinaryRecords | null;
  private readonly text: BatchText;
  private readonly site = new Site();
  /** Where the text of the batch ends. */
  private end = 0;
  private firstPlace = '';
  private virtualStart = 0;

  constructor(private readonly plan: Plan) {
    const { form, columns, added, assembly, transcripts, distance, manner } = plan;
    const reference = plan.reference === null ? null : openBundle(plan.reference);
    const known = plan.known.map((folder) => new KnownVariants(folder));
    const structural = plan.knownStructural.map((folder) => new KnownStructural(folder, plan.tolerance));
    const tracks = plan.tracks.map((track) => new TrackWriter(track));
    const findings = new Findings(known.length + structural.length, tracks.length);
    this.findings = findings;
    this.contigs = new Contigs(plan, reference, [...known, ...structural], tracks);
    const existing = reference && existingVariation(columns.engine, known);
    const genes = reference ? geneColumns(plan.genes, reference) : [];
    const others = existing ? [...genes, existing] : genes;
    const options = { transcripts, distance, manner, columns: columns.engine, others };
    const engine = reference && annotationsOf(form, reference, options, plan.phased);
    this.comparison = reference && new RefComparison(reference, findings);
    this.consequences = engine && new ConsequenceField(engine, CONSEQUENCE[form], findings);
    this.structural = new StructuralFields(reference, structural, known.length, findings);
    const leftMost = reference && new LeftMost(reference.sequence);
    this.known = known.length > 0 ? new KnownFields(known, leftMost, existing, findings) : null;
    this.tracks = tracks.length > 0 ? new TrackFields(tracks, findings) : null;
    this.band = new BandField(findings);
    this.lines = isVcf(form) ? null : recordLines(form, columns, added, assembly);
    this.replaced = plan.replaced.map(infoKey);
    this.collector = new IndexCollector(depthOf(plan.index));
    this.writer = new BgzfWriter(plan.level);
    this.ordinary = this.ordinaryRecords(reference, others, known);
    this.text = new BatchText(this.ordinary?.kernel.batch);
  }

  /** What annotates ordinary records faster, where it can do what is asked for; null where this class does all of it. */
  private ordinaryRecords(
    reference: Reference | null,
    others: readonly (TranscriptColumn | AlleleColumn)[],
    known: readonly KnownVariants[],
  ): OrdinaryRecords | null {
    const { form, manner, transcripts, distance, phased, replaced, tracks, columns: asked } = this.plan;
    const columns = asked.engine.map((name) => others.find((other) => other.name === name) ?? (name as ColumnName));
    const isUsual = form === 'csq' && manner === 'vep' && transcripts !== 'pick' && !phased && replaced.length === 0;
    if (!isUsual) return null;
    const options = {
      transcripts,
      distance,
      columns,
      enough: PAYLOAD_MAX,
      known,
      tellsIdentifiers: others.some((column) => 'writeAllele' in column),
      tracks,
    };
    if (!Kernel.does(options)) return null;
    const { text } = this.writer;
    return new OrdinaryRecords(reference, options, text, this.hostOfOrdinary());
  }

  private hostOfOrdinary(): OrdinaryHost {
    const { writer, collector, findings, contigs } = this;
    return {
      indexDepth: this.isIndexed ? depthOf(this.plan.index) : 0,
      wantsKnown: () => this.known !== null && findings.wants('known'),
      get virtualBase() {
        return writer.virtualBase;
      },
      get indexPlace() {
        return collector.place;
      },
      annotateLeft: (from, to, lines) => {
        findings.line = lines;
        this.annotateOne(this.ordinary!.kernel.batch, from, to, this.end);
        return contigs.current;
      },
      wrote: (collected) => {
        if (this.firstPlace === '') this.firstPlace = this.placeOf(collected.first);
        writer.settle();
        this.virtualStart = writer.virtualOffset;
        if (this.isIndexed) collector.takeOver({ ...collected, to: this.virtualStart });
      },
      stepsBack: (start, line) => {
        findings.line = line;
        findings.example('unsorted', this.placeOf(start));
      },
    };
  }

  /** Whether the result gets an index. */
  private get isIndexed(): boolean {
    return this.plan.level !== null && this.lines === null;
  }

  /**
   * Annotates a batch.
   * @param spare memory of an output that has been written, for the next one.
   * @throws InputError when its blocks are damaged.
   */
  run(batch: Batch, spare?: ArrayBuffer): BatchOutput {
    const { findings } = this;
    const { counts } = findings;
    const before = { lines: counts.lines, records: counts.records, variants: counts.variants };
    this.firstPlace = '';
    this.virtualStart = 0;
    this.contigs.leave();
    findings.line = 0;
    const { bytes, end } = this.text.read(batch);
    this.end = end;
    if (this.ordinary !== null && bytes === this.ordinary.kernel.batch) {
      findings.line = this.ordinary.run(batch.skip, end, counts);
    } else {
      for (let at = batch.skip; at < end;) {
        const newline = bytes.indexOf(NEWLINE, at);
        const stop = newline < 0 || newline >= end ? end : newline;
        this.annotateOne(bytes, at, stop, end);
        at = stop + 1;
      }
    }
    counts.lines += findings.line;
    return {
      index: batch.index,
      bytes: this.takeOutput(spare),
      lines: counts.lines - before.lines,
      records: counts.records - before.records,
      variants: counts.variants - before.variants,
      examples: findings.takeExamples(),
      firstPlace: this.firstPlace,
      parts: this.collector.take(),
    };
  }

  /** What was counted since the last call. */
  takeCounts(): TallyCounts {
    this.contigs.clear();
    this.ordinary?.takeGenes(this.findings.counts);
    return this.findings.takeCounts();
  }

  private takeOutput(spare: ArrayBuffer | undefined): Uint8Array<ArrayBuffer> {
    this.writer.flush();
    return this.writer.out.take(spare);
  }

  /** Annotates one line, of a text that ends at `end`. */
  private annotateOne(bytes: Uint8Array, at: number, stop: number, end: number): void {
    const { writer, findings, site } = this;
    findings.line++;
    this.annotateLine(bytes, at, stop);
    if (stop < end) writer.text.byte(NEWLINE);
    writer.settle();
    if (this.indexLine(site.start, site.end)) findings.example('unsorted', site.place);
  }

  private placeOf(start: number): string {
    return `${Buffer.from(this.contigs.current!.name).toString('latin1')}:${start + 1}`;
  }

  /** Adds the record that was written last to the index; whether it is the first that lies before the one before it. */
  private indexLine(start: number, end: number): boolean {
    const { collector, writer } = this;
    const from = this.virtualStart;
    this.virtualStart = writer.virtualOffset;
    if (start < 0 || !this.isIndexed) return false;
    const wasSorted = collector.sorted;
    collector.add(start, end, from, this.virtualStart);
    return wasSorted && !collector.sorted;
  }

  private annotateLine(bytes: Uint8Array, start: number, end: number): void {
    const { site, findings } = this;
    const { record, alleles } = site;
    site.clear();
    if (!this.parse(bytes, start, end)) {
      this.passLine(bytes, start, end);
      return;
    }
    const contig = this.contigs.same(record) ?? this.enter();
    site.read();
    const { problem } = site;
    if (problem !== '') {
      findings.badLine(problem, alleles.refValid ? 'ALT' : 'REF');
      this.passLine(bytes, start, end);
      return;
    }
    const { counts } = findings;
    counts.records++;
    if (this.firstPlace === '') this.firstPlace = site.place;
    countPlace(contig.tally, site.start);
    countAlleles(counts, alleles);
    countColumns(counts, record);
    this.comparison?.compare(site, contig);
    if (this.lines === null) this.writeAnnotated(contig, bytes, end);
    else this.writeLines(contig, this.lines);
  }

  private enter(): Contig {
    const name = this.site.record.text(0);
    this.collector.enter(name);
    return this.contigs.enter(name, this.findings.counts);
  }

  /** Writes a line that is no record. */
  private passLine(bytes: Uint8Array, start: number, end: number): void {
    const out = this.writer.text;
    if (this.lines === null) out.append(bytes, start, end);
    else this.lines.unreadable(Buffer.prototype.latin1Slice.call(bytes, start, end).replace(/\r$/, ''), out);
  }

  private parse(bytes: Uint8Array, start: number, end: number): boolean {
    const { findings } = this;
    const { record } = this.site;
    if (bytes[start] === HASH) return findings.badLine('begins with # among the records');
    try {
      record.parse(bytes, start, end, findings.line);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      return findings.badLine(isBlank(bytes, start, end) ? 'is blank' : cause.message, cause.place.field);
    }
    return record.ends[0] > start || findings.badLine('has an empty CHROM', 'CHROM');
  }

  /** Writes the line with our fields added to its INFO. */
  private writeAnnotated(contig: Contig, bytes: Uint8Array, end: number): void {
    const { replaced } = this;
    const { record } = this.site;
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
    const end = out.length;
    lines.write(this.site.record, out.bytes, start, end, out);
    out.bytes.copyWithin(start, end, out.length);
    out.length -= end - start;
  }

  /** Writes what is added to INFO in the order of the header, `empty` being whether nothing stands before it. */
  private writeAdded(contig: Contig, empty: boolean): void {
    const { site, consequences, structural, known, tracks } = this;
    const out = this.writer.text;
    known?.find(site, contig);
    if (consequences?.write(site, contig, out, empty)) empty = false;
    if (known?.write(site, contig, out, empty)) empty = false;
    if (structural.write(site, contig, out, empty)) empty = false;
    if (tracks?.write(site, contig, out, empty)) empty = false;
    this.band.write(site, contig, out, empty);
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== TAB && bytes[i] !== 13) return false;
  return true;
}
