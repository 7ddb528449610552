/**
 * One transcript under one variant: from positions on the genome to offsets in the spliced transcript, the coding
 * sequence and the protein, on both strands. Spans on the genome are zero-based and half-open; an insertion is an
 * empty span. Positions along the transcript are one-based, as they are printed, and 0 where there is none.
 */
import type { Transcripts } from '../bundle/reference.ts';
import { TranscriptFlag } from '../models/gene-models.ts';

/** Introns up to this length are taken as corrections of the reference, not as introns (VEP: end − start ≤ 12). */
const FRAMESHIFT_INTRON_MAX = 13;
/** How far VEP stretches exons of transcripts that have such introns. */
const FRAMESHIFT_STRETCH = 12;

/** The transcript that was loaded last, and where the span that was mapped last lies in it. */
export class TranscriptView {
  readonly #all: Transcripts;
  index = -1;
  start = 0;
  end = 0;
  forward = true;
  flags = 0;
  /** Exons are [exonFirst, exonLast) in the exon arrays. */
  exonFirst = 0;
  exonLast = 0;
  /** Genomic extent of the coding part, -1 without one. */
  cdsStart = -1;
  cdsEnd = -1;
  /** Coding part in spliced offsets, -1 without one. */
  cdsCdnaStart = -1;
  cdsCdnaEnd = -1;
  /** Bases missing before the first one of the coding part to make a whole codon: 0, 1 or 2. Counted as coding positions. */
  pad = 0;
  readonly exonStart: Int32Array;
  readonly exonEnd: Int32Array;
  readonly exonCdna: Int32Array;

  /** Whether the span overlaps an exon, counting the bases beside an insertion; stretched over frameshift introns. */
  touchesExon = false;
  /** One-based positions of the first and last changed base in the spliced transcript; for an insertion start = end + 1. 0: not in an exon. */
  cdnaFrom = 0;
  cdnaTo = 0;
  /** The same in the coding sequence, the missing bases of the first codon counted. */
  cdsFrom = 0;
  cdsTo = 0;
  proteinFrom = 0;
  proteinTo = 0;
  /** Whether any base of the span is coding. */
  touchesCds = false;

  constructor(transcripts: Transcripts) {
    this.#all = transcripts;
    this.exonStart = transcripts.exonStart;
    this.exonEnd = transcripts.exonEnd;
    this.exonCdna = transcripts.exonCdna;
  }

  get isCoding(): boolean {
    return this.cdsCdnaStart >= 0;
  }

  get exonCount(): number {
    return this.exonLast - this.exonFirst;
  }

  /** Length of the spliced transcript. */
  get splicedLength(): number {
    const last = this.forward ? this.exonLast - 1 : this.exonFirst;
    return this.exonCdna[last] + this.exonEnd[last] - this.exonStart[last];
  }

  load(index: number): void {
    const all = this.#all;
    this.index = index;
    this.start = all.start[index];
    this.end = all.end[index];
    this.forward = all.strand[index] === 1;
    this.flags = all.flags[index];
    this.exonFirst = all.exonFirst[index];
    this.exonLast = all.exonFirst[index + 1];
    this.cdsStart = all.cdsStart[index];
    this.cdsEnd = all.cdsEnd[index];
    this.cdsCdnaStart = all.cdsCdnaStart[index];
    this.cdsCdnaEnd = all.cdsCdnaEnd[index];
    this.pad = (3 - all.phase[index]) % 3;
  }

  /** The first exon that ends behind an offset on the genome; `exonLast` when the offset lies behind all of them. */
  exonAt(offset: number): number {
    const { exonEnd } = this;
    let low = this.exonFirst;
    let high = this.exonLast;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (exonEnd[middle] > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** One-based position in the spliced transcript of an offset in exon k. */
  cdnaIn(exon: number, offset: number): number {
    return this.forward
      ? this.exonCdna[exon] + offset - this.exonStart[exon] + 1
      : this.exonCdna[exon] + this.exonEnd[exon] - offset;
  }

  /** One-based position in the spliced transcript, 0 when the offset is in no exon. */
  cdnaAt(offset: number): number {
    const exon = this.exonAt(offset);
    return exon < this.exonLast && offset >= this.exonStart[exon] ? this.cdnaIn(exon, offset) : 0;
  }

  /**
   * One-based position in the coding sequence of a coding position of the spliced transcript. Behind a programmed
   * slippage it is counted on as translation goes; a base that is read twice counts where it is read first.
   */
  codingPosition(cdna: number): number {
    let position = cdna - this.cdsCdnaStart;
    if (hasFlag(this.flags, 'SLIPPAGE')) {
      const { transcript, stop, resume } = this.#all.slippages;
      for (let i = 0; i < transcript.length; i++) {
        if (transcript[i] === this.index && cdna > stop[i]) position += stop[i] - resume[i];
      }
    }
    return position;
  }

  /** Whether the transcript has an intron so short that it must be a correction of the reference. */
  get hasFrameshiftIntron(): boolean {
    for (let exon = this.exonFirst; exon + 1 < this.exonLast; exon++) {
      if (isFrameshiftIntron(this.exonEnd[exon], this.exonStart[exon + 1])) return true;
    }
    return false;
  }

  /** Maps the span [start, end); the properties that tell where it lies follow it. */
  map(start: number, end: number): void {
    this.#mapExons(start, end);
    this.cdsFrom = 0;
    this.cdsTo = 0;
    this.proteinFrom = 0;
    this.proteinTo = 0;
    this.touchesCds = false;
    if (this.cdsCdnaStart >= 0) this.#mapCoding(start, end);
  }

  #mapExons(start: number, end: number): void {
    const low = start === end ? start - 1 : start;
    const high = start === end ? start + 1 : end;
    const first = this.exonAt(low);
    const firstIn = first < this.exonLast && low >= this.exonStart[first];
    let last = first;
    if (high - 1 >= (first < this.exonLast ? this.exonEnd[first] : high)) last = this.exonAt(high - 1);
    const lastIn = last < this.exonLast && high - 1 >= this.exonStart[last];
    this.touchesExon =
      firstIn || (first < this.exonLast && this.exonStart[first] < high) || this.#stretchedTo(low, high);
    const lowCdna = firstIn ? this.cdnaIn(first, low) : 0;
    const highCdna = lastIn ? this.cdnaIn(last, high - 1) : 0;
    const from = this.forward ? lowCdna : highCdna;
    const to = this.forward ? highCdna : lowCdna;
    if (start !== end) {
      this.cdnaFrom = from;
      this.cdnaTo = to;
    } else if (from !== 0) {
      this.cdnaFrom = from + 1;
      this.cdnaTo = from;
    } else {
      this.cdnaFrom = to;
      this.cdnaTo = to === 0 ? 0 : to - 1;
    }
  }

  #stretchedTo(low: number, high: number): boolean {
    if (this.exonLast - this.exonFirst < 2 || !this.hasFrameshiftIntron) return false;
    const exon = this.exonAt(low - FRAMESHIFT_STRETCH);
    return exon < this.exonLast && this.exonStart[exon] - FRAMESHIFT_STRETCH < high;
  }

  #mapCoding(start: number, end: number): void {
    const { cdsCdnaStart: coding, cdsCdnaEnd: codingEnd, pad, cdnaFrom, cdnaTo } = this;
    if (start === end) {
      // Both neighbours must be coding, else the insertion is beside the coding sequence.
      if (cdnaFrom === 0 || cdnaTo <= coding || cdnaFrom > codingEnd) return;
      this.touchesCds = true;
      this.cdsTo = this.codingPosition(cdnaTo) + pad;
      this.cdsFrom = this.cdsTo + 1;
    } else {
      if (cdnaFrom > coding && cdnaFrom <= codingEnd) this.cdsFrom = this.codingPosition(cdnaFrom) + pad;
      if (cdnaTo > coding && cdnaTo <= codingEnd) this.cdsTo = this.codingPosition(cdnaTo) + pad;
      this.touchesCds = this.cdsFrom !== 0 || this.cdsTo !== 0 || this.#spansCoding(start, end);
    }
    if (this.cdsFrom !== 0) this.proteinFrom = Math.floor((this.cdsFrom + 2) / 3);
    if (this.cdsTo !== 0) this.proteinTo = Math.floor((this.cdsTo + 2) / 3);
  }

  /** Whether [start, end) contains a coding base between ends that have none. */
  #spansCoding(start: number, end: number): boolean {
    if (end <= this.cdsStart || start >= this.cdsEnd) return false;
    const low = Math.max(start, this.cdsStart);
    const exon = this.exonAt(low);
    return exon < this.exonLast && Math.max(low, this.exonStart[exon]) < Math.min(end, this.cdsEnd);
  }
}

/** Whether an intron [start, end) is too short to be one. */
export function isFrameshiftIntron(start: number, end: number): boolean {
  return end - start <= FRAMESHIFT_INTRON_MAX;
}

/** Whether the flag is set. */
export function hasFlag(flags: number, flag: keyof typeof TranscriptFlag): boolean {
  return (flags & TranscriptFlag[flag]) !== 0;
}
