/**
 * What a change does to the splice sites of a transcript: donor and acceptor, the bases next to them, the
 * polypyrimidine tract, the splice region. The windows are Ensembl VEP's; which of them a change meets is asked for
 * each run of bases that really differ, so that `ACG>TCT` is two changes and not three.
 *
 *     forward strand, intron [s, e):   exon | s s+1 | s+2 s+3 s+4 s+5 s+6 s+7 … e-17 … e-3 | e-2 e-1 | exon
 *     donor s, s+1 · 5th base s+4 · donor region s+2…s+5 · polypyrimidine e-17…e-3 · acceptor e-2, e-1
 *     splice region: 3 exonic bases and the 3rd to 8th intronic ones on either side
 *
 * An insertion (empty span) meets a window where it lies between two of its bases; four windows count their edge too.
 */
import type { Allele } from './alleles.ts';
import type { Manner } from './spliced.ts';
import { Bit } from './terms.ts';
import { isFrameshiftIntron, type TranscriptView } from './transcript.ts';

/** Not a term: the change lies in an intron too short to be one. */
export const WITHIN_FRAMESHIFT_INTRON = 1 << 30;

/** Farthest from an intron that any window reaches. */
const REACH = 8;

const START_SITE = 1;
const END_SITE = 2;
const FIFTH = 4;
const FIFTH_REVERSE = 8;
const REGION = 16;
const REGION_REVERSE = 32;
const TRACT = 64;
const TRACT_REVERSE = 128;
const SPLICE_REGION = 256;
const INTERIOR = 512;
const FRAMESHIFT = 1024;

/** Bits of the splice and intron terms that the allele earns, and `WITHIN_FRAMESHIFT_INTRON`. */
export function spliceTerms(view: TranscriptView, allele: Allele, manner: Manner): number {
  const { start, end } = allele;
  const first = firstIntron(view, start);
  if (first < 0) return 0;
  // A change of length has no bases that correspond; VEP compares them from the left all the same.
  const isCompared = allele.refLength === allele.altLength || manner === 'vep';
  const met =
    isCompared && allele.refLength > 1 && allele.altLength > 1
      ? meetRuns(view, first, allele)
      : meet(view, first, start, end, start, end);
  return met === 0 ? 0 : termsOf(view, met);
}

/** The exon before the first intron that, with its margins, may reach `start`; -1 where there is no intron. */
function firstIntron(view: TranscriptView, start: number): number {
  if (view.exonLast - view.exonFirst < 2) return -1;
  return Math.max(view.exonFirst, view.exonAt(start - REACH - 1) - 1);
}

/** What the span [start, end) meets, among introns that the whole change [wholeStart, wholeEnd) comes near to. */
function meet(
  view: TranscriptView,
  firstExon: number,
  start: number,
  end: number,
  wholeStart: number,
  wholeEnd: number,
): number {
  const { exonStart, exonEnd, exonLast } = view;
  const insertion = start === end;
  const low = wholeStart === wholeEnd ? wholeStart - 1 : wholeStart;
  const high = wholeStart === wholeEnd ? wholeStart + 1 : wholeEnd;
  let met = 0;
  for (let exon = firstExon; exon + 1 < exonLast; exon++) {
    const s = exonEnd[exon];
    const e = exonStart[exon + 1];
    if (s - REACH >= high) break;
    if (e + REACH <= low || s >= e) continue;
    if (isFrameshiftIntron(s, e) && end > s && start < e) {
      met |= FRAMESHIFT;
      continue;
    }
    if ((end > s + 2 && start < e - 2) || (insertion && (start === s + 2 || end === e - 2))) met |= INTERIOR;
    // The tract is asked with the two bases beside an insertion.
    const before = insertion ? start - 1 : start;
    const behind = insertion ? start + 1 : end;
    if (behind > e - 17 && before < e - 2) met |= TRACT;
    if (behind > s + 2 && before < s + 17) met |= TRACT_REVERSE;

    const nearBoundary = (high > s - 3 && low < s + 8) || (high > e - 8 && low < e + 3);
    if (!nearBoundary) continue;
    if (end > s && start < s + 2) met |= START_SITE;
    if (end > e - 2 && start < e) met |= END_SITE;
    if (end > s + 4 && start < s + 5) met |= FIFTH;
    if (end > e - 5 && start < e - 4) met |= FIFTH_REVERSE;
    if (end > s + 2 && start < s + 6) met |= REGION;
    if (end > e - 6 && start < e - 2) met |= REGION_REVERSE;
    if (
      (end > s + 2 && start < s + 8) ||
      (end > e - 8 && start < e - 2) ||
      (end > s - 3 && start < s) ||
      (end > e && start < e + 3) ||
      (insertion && (start === s || end === e || start === s + 2 || end === e - 2))
    ) {
      met |= SPLICE_REGION;
    }
  }
  return met;
}

/** The same for each run of positions at which REF and ALT differ, compared from their first base on. */
function meetRuns(view: TranscriptView, firstExon: number, allele: Allele): number {
  const { ref, refLength, alt, altLength, start, end } = allele;
  const length = Math.max(refLength, altLength);
  let met = 0;
  for (let i = 0; i < length; i++) {
    if (i < refLength && i < altLength && ref[i] === alt[i]) continue;
    const from = i;
    while (i + 1 < length && !(i + 1 < refLength && i + 1 < altLength && ref[i + 1] === alt[i + 1])) i++;
    met |= meet(view, firstExon, start + from, start + i + 1, start, end);
  }
  return met;
}

function termsOf(view: TranscriptView, met: number): number {
  const { forward } = view;
  let terms = 0;
  if ((met & FRAMESHIFT) !== 0) terms |= WITHIN_FRAMESHIFT_INTRON;
  if ((met & INTERIOR) !== 0) terms |= Bit.INTRON;
  if ((met & (forward ? START_SITE : END_SITE)) !== 0) terms |= Bit.SPLICE_DONOR;
  if ((met & (forward ? END_SITE : START_SITE)) !== 0) terms |= Bit.SPLICE_ACCEPTOR;
  if ((met & (forward ? FIFTH : FIFTH_REVERSE)) !== 0) terms |= Bit.SPLICE_DONOR_5TH_BASE;
  else if ((met & (forward ? REGION : REGION_REVERSE)) !== 0) terms |= Bit.SPLICE_DONOR_REGION;
  if (!view.touchesExon && (met & (forward ? TRACT : TRACT_REVERSE)) !== 0) terms |= Bit.SPLICE_POLYPYRIMIDINE;
  const stronger = Bit.SPLICE_DONOR | Bit.SPLICE_ACCEPTOR | Bit.SPLICE_DONOR_5TH_BASE | Bit.SPLICE_DONOR_REGION;
  if ((met & SPLICE_REGION) !== 0 && (terms & stronger) === 0) terms |= Bit.SPLICE_REGION;
  return terms;
}
