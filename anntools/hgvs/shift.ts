/**
 * The 3' rule of HGVS: an insertion or deletion in a repeat is described at its last possible place, seen along the
 * strand of the sequence it is described on (https://hgvs-nomenclature.org/stable/recommendations/general/). As in
 * Ensembl VEP the shift runs along the genome, over exon borders too.
 */
import type { Sequence } from '../bundle/reference.ts';
import { AlleleKind, ChangeClass, type Allele } from '../consequence/alleles.ts';
import type { Manner } from '../consequence/spliced.ts';

/** VEP looks this far (`_genomic_shift`: area_to_search). */
const FLANK = 1000;
const UNKNOWN_BASE = 78; // N

/** How far the allele can be shifted along a strand, in bases; 0 for anything but an insertion or a deletion. */
export function shiftLength(
  sequence: Sequence,
  contig: number,
  contigLength: number,
  allele: Allele,
  forward: boolean,
  manner: Manner,
): number {
  const { kind, change } = allele;
  const shifts = change === ChangeClass.INSERTION || change === ChangeClass.DELETION;
  if (kind !== AlleleKind.SEQUENCE || !shifts) return 0;
  if (manner === 'vep') return shiftAsVep(sequence, contig, contigLength, allele, forward);
  return forward
    ? runForward(sequence, contig, allele, allele.end, contigLength - allele.end)
    : runBackward(sequence, contig, allele, allele.start - 1, allele.start);
}

/**
 * VEP takes its flanks from a window of up to 1,000 bases on either side and cuts them from the window's ends: where
 * the window meets the end of the contig it compares with the wrong bases.
 */
function shiftAsVep(
  sequence: Sequence,
  contig: number,
  contigLength: number,
  allele: Allele,
  forward: boolean,
): number {
  if (!allele.altPlain || !allele.refPlain) return 0;
  const length = allele.refLength + allele.altLength;
  const low = Math.max(0, allele.start - FLANK);
  const high = Math.min(contigLength, allele.end + FLANK);
  const flank = Math.min(FLANK, high - low);
  const limit = flank >= length ? flank - length + 1 : flank;
  return forward
    ? runForward(sequence, contig, allele, high - flank, limit)
    : runBackward(sequence, contig, allele, low + flank - 1, limit);
}

/** How many bases from `at` on repeat the allele's, over and over. */
function runForward(sequence: Sequence, contig: number, allele: Allele, at: number, limit: number): number {
  const { alt, ref, refLength, altLength } = allele;
  const pattern = refLength === 0 ? alt : ref;
  const length = refLength + altLength;
  let shift = 0;
  for (let i = 0; shift < limit; shift++) {
    const base = sequence.base(contig, at + shift);
    if (base !== pattern[i] || base === UNKNOWN_BASE) break;
    i = i + 1 === length ? 0 : i + 1;
  }
  return shift;
}

/** The same from `at` downwards, the allele read from its end. */
function runBackward(sequence: Sequence, contig: number, allele: Allele, at: number, limit: number): number {
  const { alt, ref, refLength, altLength } = allele;
  const pattern = refLength === 0 ? alt : ref;
  const length = refLength + altLength;
  let shift = 0;
  for (let i = length - 1; shift < limit; shift++) {
    const base = sequence.base(contig, at - shift);
    if (base !== pattern[i] || base === UNKNOWN_BASE) break;
    i = i === 0 ? length - 1 : i - 1;
  }
  return shift;
}

/** Makes `out` the allele shifted by `length` bases along a strand: bases rotated, place moved. */
export function shifted(
  sequence: Sequence,
  contig: number,
  allele: Allele,
  forward: boolean,
  length: number,
  out: Allele,
): void {
  const by = forward ? length : -length;
  out.kind = allele.kind;
  out.number = allele.number;
  out.change = allele.change;
  out.start = allele.start + by;
  out.end = allele.end + by;
  out.refLength = allele.refLength;
  out.altLength = allele.altLength;
  out.refPlain = allele.refPlain;
  out.altPlain = allele.altPlain;
  const { refLength, altLength } = allele;
  if (out.ref.length < refLength) out.ref = new Uint8Array(refLength * 2);
  if (refLength > 0) sequence.read(contig, out.start, out.end, out.ref, 0);
  if (out.alt.length < altLength) {
    out.alt = new Uint8Array(altLength * 2);
    out.altReverse = new Uint8Array(altLength * 2);
  }
  for (let i = 0; i < altLength; i++) {
    const from = (((i + by) % altLength) + altLength) % altLength;
    out.alt[i] = allele.alt[from];
    out.altReverse[altLength - 1 - i] = allele.altReverse[altLength - 1 - from];
  }
}
