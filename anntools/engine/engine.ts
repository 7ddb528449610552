/**
 * The engine's front: one record in, its CSQ value out. For each allele and each transcript in reach it asks
 * `predict.ts` and writes a block; what the rest of the pipeline wants to know about the record is gathered on the way.
 */
import type { Reference } from '../bundle/reference.ts';
import { NO_GENE } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { AlleleKind, RecordAlleles, type Allele } from '../consequence/alleles.ts';
import { type AlleleColumn, DEFAULT_COLUMNS, isColumn, type TranscriptColumn } from './columns.ts';
import { bestTranscript, keepsTranscript, type TranscriptChoice } from './choice.ts';
import { Predictor, type Prediction } from '../consequence/predict.ts';
import { RowWriter } from './row.ts';
import type { Manner } from '../consequence/spliced.ts';
import { TranscriptSweep } from '../consequence/sweep.ts';
import { HighBit, impactOf, worstRank } from '../consequence/terms.ts';

export interface EngineOptions {
  /** How far beside a transcript a variant is still told of, in bases. */
  distance: number;
  transcripts: TranscriptChoice;
  /** Columns of a block, by VEP's names; `DEFAULT_COLUMNS` when absent. */
  columns?: readonly string[];
  /** Columns that others fill. */
  others?: readonly (TranscriptColumn | AlleleColumn)[];
  /** How HGVS is written; `vep` when absent. */
  manner?: Manner;
  /** Filled, when it is there, with the transcript of each block of a record, -1 for a block without one. */
  blockTranscripts?: number[];
}

/** What a record's annotation says, for summaries, filters and indexes. Reused from record to record. */
export interface RecordFacts {
  /** Blocks written. */
  blocks: number;
  /** Rank of the most severe term (`TERMS[rank - 1]`), 0 when the record has no allele to annotate. */
  worstRank: number;
  /** All terms of the record, ranks 1–31 and 32–41. */
  low: number;
  high: number;
  /** Index into `IMPACTS`. */
  worstImpact: number;
  /** The gene of the most severe term, as an index into the reference's genes, or -1. */
  gene: number;
  /** The transcript of the most severe term, or -1. */
  transcript: number;
  /** ALTs of the record, and for each the rank of its most severe term (0: none). */
  alleles: number;
  alleleRanks: Uint8Array;
}

export class ConsequenceEngine {
  /** The CSQ Format. */
  readonly columns: readonly string[];
  readonly #reference: Reference;
  readonly #choice: TranscriptChoice;
  readonly #alleles = new RecordAlleles();
  readonly #sweep: TranscriptSweep;
  readonly #mateSweep: TranscriptSweep;
  readonly #predictor: Predictor;
  readonly #writer: RowWriter;
  readonly #blockTranscripts: number[] | undefined;
  readonly #facts: RecordFacts = {
    blocks: 0,
    worstRank: 0,
    low: 0,
    high: 0,
    worstImpact: 3,
    gene: -1,
    transcript: -1,
    alleles: 0,
    alleleRanks: new Uint8Array(8),
  };

  /** @throws Error when a column is asked for that the engine does not know. */
  constructor(reference: Reference, options: EngineOptions) {
    this.columns = options.columns ?? DEFAULT_COLUMNS;
    const columns = this.columns.map((name) => {
      const column = options.others?.find((other) => other.name === name) ?? (isColumn(name) ? name : undefined);
      if (column === undefined) throw new Error(`the engine has no column ${name}`);
      return column;
    });
    this.#reference = reference;
    this.#choice = options.transcripts;
    this.#blockTranscripts = options.blockTranscripts;
    this.#sweep = new TranscriptSweep(reference.transcripts, options.distance);
    this.#mateSweep = new TranscriptSweep(reference.transcripts, options.distance);
    this.#predictor = new Predictor(reference, options.distance, options.manner ?? 'vep');
    this.#writer = new RowWriter(reference, columns, this.#predictor);
  }

  /**
   * Appends the record's CSQ value to `out`: a block for each allele and transcript in reach, comma-separated;
   * nothing when the record has no variant. `contig` is the reference's id of the record's contig.
   */
  annotate(record: VcfRecord, contig: number, out: ByteBuffer): RecordFacts {
    const alleles = this.#alleles;
    alleles.parse(record, this.#predictor.manner === 'vep');
    this.#begin(alleles.count);
    this.#writer.nextRecord(alleles.count);
    let end = record.position;
    for (let i = 0; i < alleles.count; i++) end = Math.max(end, alleles.all[i].end);
    this.#sweep.moveTo(contig, record.position - 1, end);
    const { near } = this.#sweep;
    if (this.#choice === 'pick') this.#pickBlocks(contig, out);
    else {
      for (let n = 0; n < near.length; n++) {
        if (!keepsTranscript(this.#reference, near[n], this.#choice)) continue;
        for (let i = 0; i < alleles.count; i++) this.#block(alleles.all[i], near[n], contig, out);
      }
    }
    for (let i = 0; i < alleles.count; i++) if (alleles.all[i].matePosition > 0) this.#mateBlocks(alleles.all[i], out);
    for (let i = 0; i < alleles.count; i++) {
      const allele = alleles.all[i];
      if (allele.kind !== AlleleKind.NONE && this.#facts.alleleRanks[i] === 0) this.#intergenic(allele, contig, out);
    }
    this.#facts.worstImpact = impactOf(this.#facts.worstRank);
    return this.#facts;
  }

  #begin(count: number): void {
    const facts = this.#facts;
    facts.blocks = 0;
    facts.worstRank = 0;
    facts.low = 0;
    facts.high = 0;
    facts.gene = -1;
    facts.transcript = -1;
    facts.alleles = count;
    if (facts.alleleRanks.length < count) facts.alleleRanks = new Uint8Array(count * 2);
    facts.alleleRanks.fill(0, 0, count);
    if (this.#blockTranscripts !== undefined) this.#blockTranscripts.length = 0;
  }

  #beginBlock(transcript: number, out: ByteBuffer): void {
    if (this.#facts.blocks++ > 0) out.byte(44);
    if (this.#blockTranscripts !== undefined) this.#blockTranscripts.push(transcript);
  }

  #block(allele: Allele, transcript: number, contig: number, out: ByteBuffer): void {
    if (allele.kind === AlleleKind.NONE || !this.#predictor.reaches(transcript, allele.start, allele.end)) return;
    const prediction = this.#predictor.predict(transcript, allele);
    this.#note(allele, transcript, prediction.low, prediction.high);
    this.#beginBlock(transcript, out);
    this.#writer.write(allele, contig, prediction, false, out);
  }

  /** Blocks for the transcripts near the other end of a breakend. */
  #mateBlocks(allele: Allele, out: ByteBuffer): void {
    const contig = this.#reference.contigs.idOf(allele.mateContig);
    if (contig < 0) return;
    const position = allele.matePosition;
    this.#mateSweep.moveTo(contig, position - 1, position);
    for (const transcript of this.#mateSweep.near) {
      if (!this.#predictor.reaches(transcript, position - 1, position)) continue;
      if (!keepsTranscript(this.#reference, transcript, this.#choice)) continue;
      const prediction = this.#predictor.predictMate(transcript, position);
      this.#note(allele, transcript, prediction.low, prediction.high);
      this.#beginBlock(transcript, out);
      this.#writer.write(allele, contig, prediction, false, out);
    }
  }

  /** One block for each allele: that of the transcript VEP's `--pick_allele` would choose. */
  #pickBlocks(contig: number, out: ByteBuffer): void {
    const { near } = this.#sweep;
    for (let i = 0; i < this.#alleles.count; i++) {
      const allele = this.#alleles.all[i];
      if (allele.kind === AlleleKind.NONE) continue;
      const inReach = (transcript: number) => this.#predictor.reaches(transcript, allele.start, allele.end);
      const rankOn = (transcript: number) => {
        const { low, high }: Prediction = this.#predictor.predict(transcript, allele);
        return worstRank(low, high);
      };
      const best = bestTranscript(this.#reference, near, inReach, rankOn);
      if (best < 0) continue;
      const prediction = this.#predictor.predict(best, allele);
      this.#note(allele, best, prediction.low, prediction.high);
      this.#beginBlock(best, out);
      this.#writer.write(allele, contig, prediction, true, out);
    }
  }

  #intergenic(allele: Allele, contig: number, out: ByteBuffer): void {
    this.#note(allele, -1, 0, HighBit.INTERGENIC);
    this.#beginBlock(-1, out);
    this.#writer.writeIntergenic(allele, contig, this.#choice === 'pick', out);
  }

  #note(allele: Allele, transcript: number, low: number, high: number): void {
    const facts = this.#facts;
    const rank = worstRank(low, high);
    facts.low |= low;
    facts.high |= high;
    const known = facts.alleleRanks[allele.number - 1];
    if (known === 0 || rank < known) facts.alleleRanks[allele.number - 1] = rank;
    if (facts.worstRank !== 0 && rank >= facts.worstRank) return;
    facts.worstRank = rank;
    facts.transcript = transcript;
    const gene = transcript < 0 ? NO_GENE : this.#reference.transcripts.gene[transcript];
    facts.gene = gene === NO_GENE ? -1 : gene;
  }
}
