/** Splice sites and introns under the allele: the windows of `../../consequence/splice.ts`, where they are drawn. */
import * as allele from './allele';
import { byteAt } from './memory';
import * as terms from './terms';
import { exonAt, exonEnd, exons, exonStart, forward, touchesExon } from './transcript';

/** Farthest from an intron that any window reaches. */
const REACH: i32 = 8;

const START_SITE: i32 = 1;
const END_SITE: i32 = 2;
const FIFTH: i32 = 4;
const FIFTH_REVERSE: i32 = 8;
const REGION: i32 = 16;
const REGION_REVERSE: i32 = 32;
const TRACT: i32 = 64;
const TRACT_REVERSE: i32 = 128;
const SPLICE_REGION: i32 = 256;
const INTERIOR: i32 = 512;
/** The allele lies in an intron too short to be one. */
const SHORT: i32 = 1024;
const SHORT_MAX: i32 = 13;

/** Bits of the splice and intron terms that the allele earns on the transcript that was taken up; -1 in an intron too short to be one. */
export function spliceTerms(): i32 {
  if (exons < 2) return 0;
  const first = max(0, exonAt(allele.start - REACH - 1) - 1);
  const met = allele.refLength > 1 && allele.altLength > 1 ? meetRuns(first) : meet(first, allele.start, allele.end);
  if ((met & SHORT) !== 0) return -1;
  return met === 0 ? 0 : termsOf(met);
}

/** What [start, end) meets, among introns that the whole allele comes near to. */
function meet(first: i32, start: i32, end: i32): i32 {
  const insertion = start === end;
  const isWholeInsertion = allele.start === allele.end;
  const low = isWholeInsertion ? allele.start - 1 : allele.start;
  const high = isWholeInsertion ? allele.start + 1 : allele.end;
  let met = 0;
  for (let exon = first; exon + 1 < exons; exon++) {
    const s = exonEnd(exon);
    const e = exonStart(exon + 1);
    if (s - REACH >= high) break;
    if (e + REACH <= low || s >= e) continue;
    if (e - s <= SHORT_MAX && end > s && start < e) return SHORT;
    if ((end > s + 2 && start < e - 2) || (insertion && (start === s + 2 || end === e - 2))) met |= INTERIOR;
    // The tract is asked with the two bases beside an insertion.
    const before = insertion ? start - 1 : start;
    const behind = insertion ? start + 1 : end;
    if (behind > e - 17 && before < e - 2) met |= TRACT;
    if (behind > s + 2 && before < s + 17) met |= TRACT_REVERSE;
    if (!((high > s - 3 && low < s + 8) || (high > e - 8 && low < e + 3))) continue;
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
function meetRuns(first: i32): i32 {
  const length = max(allele.refLength, allele.altLength);
  let met = 0;
  for (let i = 0; i < length; i++) {
    if (isSame(i)) continue;
    const from = i;
    while (i + 1 < length && !isSame(i + 1)) i++;
    met |= meet(first, allele.start + from, allele.start + i + 1);
  }
  return met;
}

function isSame(i: i32): bool {
  return i < allele.refLength && i < allele.altLength && byteAt(allele.ref + i) === byteAt(allele.alt + i);
}

function termsOf(met: i32): i32 {
  let earned = 0;
  if ((met & INTERIOR) !== 0) earned |= terms.INTRON;
  if ((met & (forward ? START_SITE : END_SITE)) !== 0) earned |= terms.SPLICE_DONOR;
  if ((met & (forward ? END_SITE : START_SITE)) !== 0) earned |= terms.SPLICE_ACCEPTOR;
  if ((met & (forward ? FIFTH : FIFTH_REVERSE)) !== 0) earned |= terms.SPLICE_DONOR_5TH_BASE;
  else if ((met & (forward ? REGION : REGION_REVERSE)) !== 0) earned |= terms.SPLICE_DONOR_REGION;
  if (!touchesExon && (met & (forward ? TRACT : TRACT_REVERSE)) !== 0) earned |= terms.SPLICE_POLYPYRIMIDINE;
  const stronger = terms.SPLICE_DONOR | terms.SPLICE_ACCEPTOR | terms.SPLICE_DONOR_5TH_BASE | terms.SPLICE_DONOR_REGION;
  if ((met & SPLICE_REGION) !== 0 && (earned & stronger) === 0) earned |= terms.SPLICE_REGION;
  return earned;
}
