/**
 * The 3' rule of HGVS: an insertion or deletion in a repeat is described at its last possible place, seen along the
 * strand of the sequence it is described on (https://hgvs-nomenclature.org/stable/recommendations/general/). As in
 * Ensembl VEP the shift runs along the genome, over exon borders too, and looks at most 1,000 bases far.
 */
import type { Sequence } from '../bundle/reference.ts';
import { AlleleKind, type Allele } from '../consequence/alleles.ts';
import type { Manner } from '../consequence/spliced.ts';

/** VEP compares with 1,000 bases of flank (`_genomic_shift`: area_to_search). */
const FLANK = 1000;

/**
 * How far the allele can be shifted along a strand, in bases; 0 for anything but an insertion or a deletion. VEP takes
 * its flanks from a window of up to 1,000 bases on either side and cuts them from the window's ends: where the window
 * meets the end of the contig it compares with the wrong bases. In its manner so do we.
 */
export function shiftLength(
  sequence: Sequence,
  contig: number,
  contigLength: number,
  allele: Allele,
  forward: boolean,
  manner: Manner,
): number {
  if (allele.kind !== AlleleKind.SEQUENCE || !allele.altPlain || !allele.refPlain) return 0;
  const { start, end, refLength, altLength } = allele;
  if (refLength !== 0 && altLength !== 0) return 0;
  const pattern = refLength === 0 ? allele.alt : allele.ref;
  const length = refLength + altLength;
  const low = Math.max(0, start - FLANK);
  const high = Math.min(contigLength, end + FLANK);
  const asVep = manner === 'vep';
  const flank = asVep ? Math.min(FLANK, high - low) : forward ? high - end : start - low;
  const limit = flank >= length ? flank - length + 1 : flank;
  let shift = 0;
  if (forward) {
    const behind = asVep ? high - flank : end;
    let at = 0;
    while (shift < limit && sequence.base(contig, behind + shift) === pattern[at]) {
      shift++;
      at = at + 1 === length ? 0 : at + 1;
    }
  } else {
    const before = asVep ? low + flank - 1 : start - 1;
    let at = length - 1;
    while (shift < limit && sequence.base(contig, before - shift) === pattern[at]) {
      shift++;
      at = at === 0 ? length - 1 : at - 1;
    }
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
