/**
 * The alleles of one record as the engine compares them: each ALT against REF, trimmed where their lengths differ as
 * Ensembl VEP trims, upper case, as a half-open span on the genome. An insertion is an empty span: it lies before the
 * base at `start`. (`vcf/alleles.ts` trims for matching known variants: right first.) Reused from record to record.
 */
import type { VcfRecord } from '../vcf/record.ts';
import { complement } from './codons.ts';
import { BREAKPOINT, readStructural, type StructuralClass } from './structural-alleles.ts';

/** What an ALT is. */
export const AlleleKind = {
  /** Bases. */
  SEQUENCE: 0,
  /** No variant: `.`, `<NON_REF>`, `<*>`, or the same as REF. Earns no annotation. */
  NONE: 1,
  /** `*`: the position lies in a deletion told by another record. Has a place but no sequence. */
  OVERLAPPED: 2,
  /** `<DEL>` and other symbolic alleles, and breakends. */
  STRUCTURAL: 3,
} as const;

export class Allele {
  kind: number = AlleleKind.NONE;
  /** One-based index among the ALTs of the record. */
  number = 0;
  /** Changed bases of the reference: [start, end), zero-based; empty for an insertion. */
  start = 0;
  end = 0;
  /** The replaced bases of REF, upper case: `ref[0 .. refLength)`. */
  ref = new Uint8Array(64);
  refLength = 0;
  /** The new bases, forward strand and on the reverse strand: `[0 .. altLength)`. */
  alt = new Uint8Array(64);
  altReverse = new Uint8Array(64);
  altLength = 0;
  /** Whether alt (and ref) have no other letters than A, C, G, T. Otherwise nothing is said about codons and HGVS. */
  altPlain = true;
  refPlain = true;
  /** How VEP spells it in the column Allele: `text[0 .. textLength)`. */
  text: Uint8Array = DELETED;
  textLength = 1;
  /** What a structural allele is. */
  structural: StructuralClass = BREAKPOINT;
  /** Where the other end of a breakend lies (one-based); 0 without one. */
  mateContig = '';
  matePosition = 0;
  /** How VEP spells the allele in rows about its other end. */
  mateText: Uint8Array = DELETED;
}

const DELETED = Uint8Array.of(45); // -
const STAR = 42;
const DOT = 46;
const LESS = 60;
const COMMA = 44;
const OPEN = 91;
const CLOSE = 93;

/** The ALTs of the record that was parsed last. */
export class RecordAlleles {
  count = 0;
  readonly all: Allele[] = [new Allele()];

  /** `insertionsSpan`: symbolic insertions reach over as many bases as they insert, as VEP has it. */
  parse(record: VcfRecord, insertionsSpan: boolean): void {
    const { bytes, ends } = record;
    const refStart = ends[2] + 1;
    const refEnd = ends[3];
    const altsEnd = ends[4];
    const position = record.position - 1;
    const trimsAll = isIndelAmongSeveral(bytes, refEnd + 1, altsEnd, refEnd - refStart);
    this.count = 0;
    for (let from = refEnd + 1; from <= altsEnd;) {
      let to = from;
      while (to < altsEnd && bytes[to] !== COMMA) to++;
      if (this.count === this.all.length) this.all.push(new Allele());
      const allele = this.all[this.count++];
      allele.number = this.count;
      allele.kind = kindOf(bytes, from, to);
      if (allele.kind === AlleleKind.SEQUENCE)
        readSequence(allele, bytes, refStart, refEnd, from, to, position, trimsAll);
      else readOther(allele, bytes, from, to, position, position + refEnd - refStart);
      if (allele.kind === AlleleKind.STRUCTURAL) readStructural(allele, record, from, to, insertionsSpan);
      from = to + 1;
    }
  }
}

/** Whether there are several ALTs and one of them changes the length: then VEP splits the record and trims each ALT. */
function isIndelAmongSeveral(bytes: Uint8Array, from: number, end: number, refLength: number): boolean {
  let several = false;
  let indel = false;
  for (let start = from; from <= end; from++) {
    if (from < end && bytes[from] !== COMMA) continue;
    if (from < end) several = true;
    if (from - start !== refLength && bytes[start] !== LESS && bytes[start] !== STAR) indel = true;
    start = from + 1;
  }
  return several && indel;
}

/**
 * Reads an ALT of bases. Where its length differs from REF's, the bases they share are taken off, first at the left,
 * then at the right (VEP since release 110: `trim_sequences`); a change of equal length stays as it is written.
 */
function readSequence(
  allele: Allele,
  bytes: Uint8Array,
  refStart: number,
  refEnd: number,
  from: number,
  to: number,
  position: number,
  trimsAll: boolean,
): void {
  let cut = 0;
  if (trimsAll || to - from !== refEnd - refStart) {
    const shorter = Math.min(to - from, refEnd - refStart);
    while (cut < shorter && ((bytes[from + cut] ^ bytes[refStart + cut]) & 0xdf) === 0) cut++;
    let tail = 0;
    while (tail < shorter - cut && ((bytes[to - 1 - tail] ^ bytes[refEnd - 1 - tail]) & 0xdf) === 0) tail++;
    refEnd -= tail;
    to -= tail;
  }
  const refLength = refEnd - refStart - cut;
  const altLength = to - from - cut;
  if (allele.ref.length < refLength) allele.ref = new Uint8Array(refLength * 2);
  if (allele.alt.length < altLength) {
    allele.alt = new Uint8Array(altLength * 2);
    allele.altReverse = new Uint8Array(altLength * 2);
  }
  const { ref, alt, altReverse } = allele;
  let refPlain = true;
  let same = refLength === altLength;
  for (let i = 0; i < refLength; i++) {
    const base = bytes[refStart + cut + i] & 0xdf;
    ref[i] = base;
    if (base !== 65 && base !== 67 && base !== 71 && base !== 84) refPlain = false;
  }
  let altPlain = true;
  for (let i = 0; i < altLength; i++) {
    const base = bytes[from + cut + i] & 0xdf;
    alt[i] = base;
    altReverse[altLength - 1 - i] = complement(base);
    if (base !== 65 && base !== 67 && base !== 71 && base !== 84) altPlain = false;
    if (same && base !== ref[i]) same = false;
  }
  if (same) allele.kind = AlleleKind.NONE;
  allele.start = position + cut;
  allele.end = allele.start + refLength;
  allele.refLength = refLength;
  allele.altLength = altLength;
  allele.refPlain = refPlain;
  allele.altPlain = altPlain;
  allele.text = altLength === 0 ? DELETED : alt;
  allele.textLength = Math.max(1, altLength);
}

function readOther(allele: Allele, bytes: Uint8Array, from: number, to: number, start: number, end: number): void {
  allele.start = start;
  allele.end = end;
  allele.refLength = 0;
  allele.altLength = 0;
  allele.altPlain = false;
  allele.refPlain = false;
  allele.text = bytes.subarray(from, to);
  allele.textLength = to - from;
  allele.matePosition = 0;
}

function kindOf(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from];
  if (to - from === 1) {
    if (first === STAR) return AlleleKind.OVERLAPPED;
    if (first === DOT) return AlleleKind.NONE;
  }
  if (first === LESS) {
    const isNonRef =
      (to - from === 3 && bytes[from + 1] === STAR) ||
      (to - from === 9 && bytes[from + 1] === 78 && bytes[from + 5] === 82 && bytes[from + 6] === 69); // <NON_REF>
    return isNonRef ? AlleleKind.NONE : AlleleKind.STRUCTURAL;
  }
  const last = bytes[to - 1];
  if (first === DOT || last === DOT) return AlleleKind.STRUCTURAL;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte === OPEN || byte === CLOSE || byte === LESS) return AlleleKind.STRUCTURAL;
    const letter = byte & 0xdf;
    if (letter < 65 || letter > 90) return AlleleKind.NONE;
  }
  return to > from ? AlleleKind.SEQUENCE : AlleleKind.NONE;
}
