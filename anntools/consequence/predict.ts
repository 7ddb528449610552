/**
 * Which terms one allele earns on one transcript. The questions run from the outside in, and each answer spares the
 * rest of the work for most variants:
 *
 * 1. Beside the transcript, within reach? Upstream or downstream, and nothing else.
 * 2. Does a deletion take all of it? Ablation, and nothing else.
 * 3. Only the extent is known (starter reference)? Then the term says only coding or non-coding transcript.
 * 4. Introns: the allele's differing runs against the windows of `splice.ts`; integer comparisons only.
 * 5. Exons: UTR or non-coding exon, by position.
 * 6. Coding bases touched? Only now sequence is read, and `coding.ts` compares codons and amino acids. Where the
 *    contig has no sequence, the length of the change tells frameshift or in-frame, and nothing else is claimed.
 *
 * Terms are bits; the order of severity is the order of bits. An insertion is an empty span: it is inside what lies on
 * both sides of it, and at a border it belongs to both neighbours except where VEP says otherwise.
 */
import type { MatureMirnas, Reference } from '../bundle/reference.ts';
import { indexIn } from '../bundle/string-pool.ts';
import type { Allele } from './alleles.ts';
import { AlleleKind } from './alleles.ts';
import { CodingChange } from './coding.ts';
import { spliceTerms, WITHIN_FRAMESHIFT_INTRON } from './splice.ts';
import { StructuralEffect } from './structural-alleles.ts';
import { structuralTerms } from './structural.ts';
import { SplicedCache, type Manner, type Spliced } from './spliced.ts';
import { Bit, HighBit } from './terms.ts';
import { hasFlag, TranscriptView } from './transcript.ts';

/** The answer for the allele and transcript that were asked last; reused. */
export class Prediction {
  /** The terms, as in `terms.ts`. */
  low = 0;
  high = 0;
  /** Bases to the transcript for an allele beside it, else -1. */
  distance = -1;
  /** Whether it is about the other end of a breakend. */
  ofMate = false;
  /** Whether the columns of introns, of exons and cDNA positions, of codons and amino acids are filled. */
  inside = false;
  inExon = false;
  inCoding = false;
  /** Codons and amino acids; meaningful where `inCoding` and the contig has a sequence. */
  readonly change: CodingChange;
  /** The transcript's sequence where the allele was compared with it. */
  spliced: Spliced | null = null;

  constructor(manner: Manner) {
    this.change = new CodingChange(manner);
  }
}

export class Predictor {
  readonly view: TranscriptView;
  readonly spliced: SplicedCache;
  readonly prediction: Prediction;
  readonly #reference: Reference;
  readonly #proteinCodingWord: number;
  readonly #unknownWord: number;
  readonly #distance: number;

  readonly manner: Manner;

  constructor(reference: Reference, distance: number, manner: Manner) {
    this.manner = manner;
    this.prediction = new Prediction(manner);
    this.#reference = reference;
    this.#distance = distance;
    this.view = new TranscriptView(reference.transcripts);
    this.spliced = new SplicedCache(reference, manner);
    this.#proteinCodingWord = indexIn(reference.transcripts.words, 'protein_coding');
    this.#unknownWord = indexIn(reference.transcripts.words, '');
  }

  /** Whether the transcript comes within reach of the span [start, end); in VEP's manner never where VEP leaves it out. */
  reaches(transcript: number, start: number, end: number): boolean {
    const { transcripts } = this.#reference;
    const flags = transcripts.flags[transcript];
    if (this.manner === 'vep' && hasFlag(flags, 'NO_EXON_LINES')) return false;
    const distance = hasFlag(flags, 'STRAND_UNKNOWN') ? 0 : this.#distance;
    return end > transcripts.start[transcript] - distance && start < transcripts.end[transcript] + distance;
  }

  /** The terms of the allele on the transcript, which must be within reach of it. */
  predict(transcript: number, allele: Allele): Prediction {
    const { view, prediction } = this;
    this.#begin(transcript, false);
    const { start, end } = allele;
    if (end <= view.start || start >= view.end) this.#beside(allele);
    else if (allele.kind === AlleleKind.STRUCTURAL) this.#structural(allele);
    else if (start <= view.start && end >= view.end && allele.altLength < allele.refLength) {
      prediction.low = Bit.TRANSCRIPT_ABLATION;
      this.#map(allele);
    } else if (hasFlag(view.flags, 'EXTENT_ONLY')) {
      if (this.#isOfUnknownKind()) prediction.high = HighBit.SEQUENCE;
      else prediction.low = this.#somewhereInside();
    } else this.#inside(allele);
    return prediction;
  }

  #begin(transcript: number, ofMate: boolean): void {
    const { view, prediction } = this;
    if (view.index !== transcript) view.load(transcript);
    prediction.ofMate = ofMate;
    prediction.low = 0;
    prediction.high = 0;
    prediction.distance = -1;
    prediction.inside = false;
    prediction.inExon = false;
    prediction.inCoding = false;
    prediction.spliced = null;
  }

  #beside(allele: Allele): void {
    const { view, prediction } = this;
    const before = allele.end <= view.start;
    prediction.high = before === view.forward ? HighBit.UPSTREAM : HighBit.DOWNSTREAM;
    // One-based positions start + 1 and end; VEP takes the smallest of the gaps between ends.
    prediction.distance = before
      ? Math.min(Math.abs(view.start - allele.start), Math.abs(view.start + 1 - allele.end))
      : Math.min(Math.abs(allele.start + 1 - view.end), Math.abs(allele.end - view.end));
  }

  #somewhereInside(): number {
    return this.#isProteinCoding() ? Bit.CODING_TRANSCRIPT : Bit.NON_CODING_TRANSCRIPT;
  }

  /** Whether nobody tells the gene's biotype, not even whether it codes. */
  #isOfUnknownKind(): boolean {
    return this.#reference.transcripts.biotype[this.view.index] === this.#unknownWord;
  }

  #isProteinCoding(): boolean {
    return this.#reference.transcripts.biotype[this.view.index] === this.#proteinCodingWord;
  }

  #structural(allele: Allele): void {
    const { view, prediction } = this;
    if (allele.start <= view.start && allele.end >= view.end) {
      prediction.low = this.#covered(allele);
      // VEP has no term for coding transcripts of other biotypes than `protein_coding` (immunoglobulin genes).
      if (prediction.low === 0) prediction.high = HighBit.INTERGENIC;
      return;
    }
    if (hasFlag(view.flags, 'EXTENT_ONLY')) {
      const { effect } = allele.structural;
      const broken = effect === StructuralEffect.LOSS || effect === StructuralEffect.BREAKEND;
      prediction.low = this.#somewhereInside() | (broken ? Bit.FEATURE_TRUNCATION : 0);
      return;
    }
    this.#map(allele);
    let terms = structuralTerms(view, allele);
    if (!view.isCoding) terms |= this.#nonCoding(allele);
    else if (view.touchesExon) terms |= this.#untranslated(allele, false);
    if (hasFlag(view.flags, 'NMD')) terms |= Bit.NMD_TRANSCRIPT;
    prediction.low = terms === 0 ? this.#somewhereInside() : terms;
  }

  /** An event over the whole transcript. */
  #covered({ structural: { effect } }: Allele): number {
    const { view } = this;
    if (effect === StructuralEffect.LOSS) return Bit.TRANSCRIPT_ABLATION;
    if (effect === StructuralEffect.GAIN) return Bit.TRANSCRIPT_AMPLIFICATION;
    if (hasFlag(view.flags, 'NMD')) return Bit.NMD_TRANSCRIPT;
    if (!view.isCoding) return Bit.NON_CODING_TRANSCRIPT;
    const isUnnamed = this.manner === 'vep' && !this.#isProteinCoding();
    return isUnnamed ? 0 : Bit.CODING_TRANSCRIPT;
  }

  /** The term of a transcript that the other end of a breakend lies in or near. */
  predictMate(transcript: number, position: number): Prediction {
    const { view, prediction } = this;
    this.#begin(transcript, true);
    if (position > view.start && position <= view.end) prediction.low = Bit.FEATURE_TRUNCATION;
    else if (this.manner === 'vep') prediction.high = HighBit.INTERGENIC;
    else {
      const before = position <= view.start;
      prediction.high = before === view.forward ? HighBit.UPSTREAM : HighBit.DOWNSTREAM;
      prediction.distance = before ? view.start + 1 - position : position - view.end;
    }
    return prediction;
  }

  #map(allele: Allele): void {
    const { view, prediction } = this;
    view.map(allele.start, allele.end);
    prediction.inside = true;
    prediction.inExon = view.touchesExon;
    const { cdsStart, cdsEnd } = view;
    if (cdsStart < 0 || !view.touchesExon) return;
    const low = allele.start === allele.end ? allele.start - 1 : allele.start;
    const high = allele.start === allele.end ? allele.start + 1 : allele.end;
    prediction.inCoding = view.touchesCds && high > cdsStart && low < cdsEnd;
  }

  #inside(allele: Allele): void {
    const { view, prediction } = this;
    this.#map(allele);
    let terms = spliceTerms(view, allele, this.manner);
    const withinFrameshiftIntron = (terms & WITHIN_FRAMESHIFT_INTRON) !== 0;
    terms &= ~WITHIN_FRAMESHIFT_INTRON;
    if (view.isCoding) {
      if (view.touchesExon) terms |= this.#untranslated(allele, withinFrameshiftIntron);
      if (withinFrameshiftIntron && overlaps(allele, view.cdsStart, view.cdsEnd)) prediction.inCoding = true;
      if (prediction.inCoding) terms |= this.#coding(allele);
    } else {
      terms |= this.#nonCoding(allele);
    }
    if (terms === 0) terms = view.isCoding ? Bit.CODING_TRANSCRIPT : Bit.NON_CODING_TRANSCRIPT;
    if (hasFlag(view.flags, 'NMD')) terms |= Bit.NMD_TRANSCRIPT;
    prediction.low = terms;
  }

  /** UTR terms: exonic (or in an intron that is none), and before or behind the coding part. */
  #untranslated({ start, end }: Allele, withinFrameshiftIntron: boolean): number {
    const { view } = this;
    if (view.cdnaFrom === 0 && view.cdnaTo === 0 && !withinFrameshiftIntron && !this.#overlapsExon(start, end))
      return 0;
    const insertion = start === end;
    const before = (end > view.start && start < view.cdsStart) || (insertion && start === view.cdsStart);
    const behind = (end > view.cdsEnd && start < view.end) || (insertion && end === view.cdsEnd);
    let terms = 0;
    if (before) terms |= view.forward ? Bit.FIVE_PRIME_UTR : Bit.THREE_PRIME_UTR;
    if (behind) terms |= view.forward ? Bit.THREE_PRIME_UTR : Bit.FIVE_PRIME_UTR;
    return terms;
  }

  #overlapsExon(start: number, end: number): boolean {
    const { view } = this;
    const exon = view.exonAt(start);
    return exon < view.exonLast && view.exonStart[exon] < end && view.exonEnd[exon] > start;
  }

  #coding(allele: Allele): number {
    const { view, prediction } = this;
    if (allele.kind === AlleleKind.OVERLAPPED) return Bit.CODING_SEQUENCE;
    if (
      !this.#reference.sequence.has(this.#reference.transcripts.contig[view.index]) ||
      hasFlag(view.flags, 'NO_FRAME')
    ) {
      return codingByLength(view, allele);
    }
    const spliced = this.spliced.of(view.index);
    prediction.spliced = spliced;
    prediction.change.read(view, spliced, allele);
    return prediction.change.terms(allele);
  }

  #nonCoding(allele: Allele): number {
    const { view } = this;
    const { transcripts } = this.#reference;
    const { start, end } = allele;
    if (hasFlag(view.flags, 'MATURE_MIRNA') && inMatureMirna(transcripts.matureMirnas, view.index, allele)) {
      return Bit.MATURE_MIRNA;
    }
    if (this.#isProteinCoding()) return 0;
    return this.#overlapsExon(start, end) ? Bit.NON_CODING_EXON : Bit.NON_CODING_TRANSCRIPT;
  }
}

/** Without sequence only the length of the change tells something, and only where both its ends are coding. */
function codingByLength(view: TranscriptView, { refLength, altLength }: Allele): number {
  if (view.cdsFrom === 0 || view.cdsTo === 0 || refLength === altLength) return Bit.CODING_SEQUENCE;
  const replaced = view.cdsTo - view.cdsFrom + 1;
  if ((altLength - replaced) % 3 !== 0) return Bit.FRAMESHIFT;
  return altLength > replaced ? Bit.INFRAME_INSERTION : Bit.INFRAME_DELETION;
}

function overlaps({ start, end }: Allele, from: number, to: number): boolean {
  return end > from && start < to;
}

function inMatureMirna(mirnas: MatureMirnas, transcript: number, allele: Allele): boolean {
  for (let i = 0; i < mirnas.transcript.length; i++) {
    if (mirnas.transcript[i] === transcript && overlaps(allele, mirnas.start[i], mirnas.end[i])) return true;
  }
  return false;
}
