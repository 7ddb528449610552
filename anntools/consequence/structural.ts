/**
 * The terms of a structural allele on a transcript that it touches: what is lost, gained or broken. They follow from
 * positions alone. An event over the whole transcript removes it, multiplies it, or leaves it as it is elsewhere; one
 * over a part of it shortens or lengthens the feature where it takes or adds exonic bases.
 */
import type { Allele } from './alleles.ts';
import { isFrameshiftIntron, hasFlag, type TranscriptView } from './transcript.ts';
import { StructuralEffect } from './structural-alleles.ts';
import { Bit } from './terms.ts';

/** Terms that depend on what kind of event it is; the view has mapped the allele. The event does not cover the whole transcript. */
export function structuralTerms(view: TranscriptView, { start, end, structural }: Allele): number {
  const { effect } = structural;
  const within = start >= view.start && end <= view.end;
  const exonic = overlapsExon(view, start, end);
  const lossInExon = effect === StructuralEffect.LOSS && liesInExon(view, start, end);
  let terms = 0;
  if (effect === StructuralEffect.BREAKEND || (effect === StructuralEffect.LOSS && exonic))
    terms |= Bit.FEATURE_TRUNCATION;
  const lengthens = effect === StructuralEffect.GAIN || effect === StructuralEffect.INSERTION;
  if (lengthens && within && exonic) terms |= Bit.FEATURE_ELONGATION;
  if (meetsInterior(view, start, end)) terms |= Bit.INTRON;
  if (!view.touchesExon && meetsTract(view, start, end)) terms |= Bit.SPLICE_POLYPYRIMIDINE;
  if (view.isCoding && view.touchesCds) {
    if (lossInExon && (end - start) % 3 !== 0) terms |= Bit.FRAMESHIFT;
    else if (lossInExon && view.cdsFrom !== 0 && view.cdsTo !== 0) terms |= Bit.INFRAME_DELETION;
    else terms |= Bit.CODING_SEQUENCE;
    if (effect === StructuralEffect.LOSS && losesStop(view, start, end)) terms |= Bit.STOP_LOST;
    if (losesStart(view)) terms |= Bit.START_LOST;
  }
  return terms;
}

function overlapsExon(view: TranscriptView, start: number, end: number): boolean {
  const exon = view.exonAt(start);
  return exon < view.exonLast && view.exonStart[exon] < end;
}

function liesInExon(view: TranscriptView, start: number, end: number): boolean {
  const exon = view.exonAt(start);
  return exon < view.exonLast && view.exonStart[exon] <= start && view.exonEnd[exon] >= end;
}

/** Whether the span reaches an intron beyond the two bases of its splice sites. */
function meetsInterior(view: TranscriptView, start: number, end: number): boolean {
  for (let exon = Math.max(view.exonFirst, view.exonAt(start) - 1); exon + 1 < view.exonLast; exon++) {
    const from = view.exonEnd[exon];
    const to = view.exonStart[exon + 1];
    if (from >= end) return false;
    if (!isFrameshiftIntron(from, to) && end > from + 2 && start < to - 2) return true;
  }
  return false;
}

function meetsTract(view: TranscriptView, start: number, end: number): boolean {
  const exon = view.exonAt(start) - 1;
  if (exon < view.exonFirst || exon + 1 >= view.exonLast) return false;
  const from = view.exonEnd[exon];
  const to = view.exonStart[exon + 1];
  return view.forward ? end > to - 17 && start < to - 2 : end > from + 2 && start < from + 17;
}

function losesStop(view: TranscriptView, start: number, end: number): boolean {
  const { cdsStart, cdsEnd, forward, flags } = view;
  if (hasFlag(flags, 'CDS_END_NF')) return false;
  return forward ? end > cdsEnd - 3 && start < cdsEnd : end > cdsStart && start < cdsStart + 3;
}

/** Told only where both ends of the event are exonic. */
function losesStart({ cdnaFrom, cdnaTo, cdsCdnaStart, flags }: TranscriptView): boolean {
  if (hasFlag(flags, 'CDS_START_NF') || cdnaFrom === 0 || cdnaTo === 0) return false;
  return cdnaTo > cdsCdnaStart && cdnaFrom <= cdsCdnaStart + 3;
}
