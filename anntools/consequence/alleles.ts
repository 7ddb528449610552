/**
 * The alleles of one record as the engine compares them: each ALT against REF, upper case, as a half-open span on the
 * genome, less the bases that do not count for a change. An insertion is an empty span: it lies before the base at
 * `start`. (`vcf/alleles.ts` trims for matching known variants: right first.) Reused from record to record.
 *
 * A single ALT whose length differs from REF's is trimmed at the left, then at the right. Several ALTs are each trimmed
 * so in the manner `specification`; VEP keeps them comparable: where a length differs it takes off the first base if
 * all share it, and nothing else (`Parser/VCF.pm`; 115.0 and 115.1 trimmed each, 115.2 took that back).
 */
import type { VcfRecord } from '../vcf/record.ts';
import type { Breakend } from './breakend.ts';
import { complement } from '../genome/codons.ts';
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

/** What kind of change an allele of bases is. */
export const ChangeClass = {
  SNV: 0,
  INSERTION: 1,
  DELETION: 2,
  INDEL: 3,
  SUBSTITUTION: 4,
  ALTERATION: 5,
} as const;

export class Allele {
  kind: number = AlleleKind.NONE;
  /** A `ChangeClass`; in VEP's manner that of the whole record. Insertions and deletions are shifted for HGVS. */
  change: number = ChangeClass.ALTERATION;
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
  /** Bases that a symbolic allele inserts or reaches over; 0 where nobody says. */
  structuralLength = 0;
  /** How the ends of a breakend are joined; null where that is not told, and for other alleles. */
  breakend: Breakend | null = null;
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

  /** `asVep`: alleles are cut as VEP cuts them, and symbolic insertions reach over as many bases as they insert. */
  parse(record: VcfRecord, asVep: boolean): void {
    const { bytes, ends } = record;
    const refStart = ends[2] + 1;
    const refEnd = ends[3];
    const altsEnd = ends[4];
    const position = record.position - 1;
    const cut = cutOf(bytes, refStart, refEnd, altsEnd, asVep);
    const cutStart = refStart + Math.max(0, cut);
    const start = position + cutStart - refStart;
    this.count = 0;
    for (let from = refEnd + 1; from <= altsEnd;) {
      let to = from;
      while (to < altsEnd && bytes[to] !== COMMA) to++;
      if (this.count === this.all.length) this.all.push(new Allele());
      const allele = this.all[this.count++];
      allele.number = this.count;
      allele.kind = kindOf(bytes, from, to);
      if (allele.kind === AlleleKind.SEQUENCE)
        readSequence(allele, bytes, cutStart, refEnd, from + cutStart - refStart, to, start, cut === TRIM);
      else readOther(allele, bytes, from, to, start, position + refEnd - refStart);
      if (allele.kind === AlleleKind.STRUCTURAL) readStructural(allele, record, from, to, asVep);
      from = to + 1;
    }
    if (asVep) this.#joinAsVep(refEnd - cutStart);
  }

  /** The alleles are classed together; `*` is counted and has no rows (`VariationFeatureOverlap.pm`). */
  #joinAsVep(refLength: number): void {
    if (this.count > 1) this.#classTogether(refLength);
    for (let i = 0; i < this.count; i++) {
      if (this.all[i].kind === AlleleKind.OVERLAPPED) this.all[i].kind = AlleleKind.NONE;
    }
  }

  /** The class of the record, as VEP names it (`SO_variation_class`), for each of its alleles. */
  #classTogether(refLength: number): void {
    let several = 0;
    let [same, lost, starred] = [true, false, false];
    for (let i = 0; i < this.count; i++) {
      const { kind, altLength } = this.all[i];
      if (kind === AlleleKind.OVERLAPPED) starred = true;
      if (kind !== AlleleKind.SEQUENCE) continue;
      several++;
      if (altLength !== refLength) same = false;
      if (altLength === 0) lost = true;
    }
    if (several + (starred ? 1 : 0) < 2) return;
    const change =
      starred || lost
        ? ChangeClass.ALTERATION
        : refLength === 0
          ? ChangeClass.INSERTION
          : same
            ? changeOf(refLength, refLength)
            : ChangeClass.INDEL;
    for (let i = 0; i < this.count; i++) this.all[i].change = change;
  }
}

/** Each ALT is trimmed by itself. */
const TRIM = -1;

/** How many first bases are taken off all alleles, or `TRIM`. */
function cutOf(bytes: Uint8Array, refStart: number, refEnd: number, altsEnd: number, asVep: boolean): number {
  let alts = 0;
  let indel = false;
  let sameFirst = true;
  for (let from = refEnd + 1; from <= altsEnd;) {
    let to = from;
    while (to < altsEnd && bytes[to] !== COMMA) to++;
    const kind = kindOf(bytes, from, to);
    if (kind === AlleleKind.SEQUENCE || kind === AlleleKind.OVERLAPPED) {
      alts++;
      if (to - from !== refEnd - refStart) indel = true;
      if (kind === AlleleKind.SEQUENCE && ((bytes[from] ^ bytes[refStart]) & 0xdf) !== 0) sameFirst = false;
    }
    from = to + 1;
  }
  if (!indel) return 0;
  if (!asVep || alts === 1) return TRIM;
  return sameFirst ? 1 : 0;
}

/** Reads an ALT of bases; `trims`: less what it shares with REF, first at the left, then at the right. */
function readSequence(
  allele: Allele,
  bytes: Uint8Array,
  refStart: number,
  refEnd: number,
  from: number,
  to: number,
  start: number,
  trims: boolean,
): void {
  let cut = 0;
  if (trims) {
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
  allele.start = start + cut;
  allele.end = allele.start + refLength;
  allele.refLength = refLength;
  allele.altLength = altLength;
  allele.change = changeOf(refLength, altLength);
  // It may have been a breakend of the record before.
  allele.matePosition = 0;
  allele.breakend = null;
  allele.refPlain = refPlain;
  allele.altPlain = altPlain;
  allele.text = altLength === 0 ? DELETED : alt;
  allele.textLength = Math.max(1, altLength);
}

/** Makes `out` the allele less the bases that it shares with REF, first at the left, then at the right. */
export function trimmed(allele: Allele, out: Allele): Allele {
  const { ref, refLength, alt, altLength, altReverse } = allele;
  const shorter = Math.min(refLength, altLength);
  let cut = 0;
  while (cut < shorter && ref[cut] === alt[cut]) cut++;
  let tail = 0;
  while (tail < shorter - cut && ref[refLength - 1 - tail] === alt[altLength - 1 - tail]) tail++;
  out.kind = allele.kind;
  out.number = allele.number;
  out.start = allele.start + cut;
  out.end = allele.end - tail;
  out.ref = ref.slice(cut, refLength - tail);
  out.refLength = refLength - cut - tail;
  out.alt = alt.slice(cut, altLength - tail);
  out.altReverse = altReverse.slice(tail, altLength - cut);
  out.altLength = altLength - cut - tail;
  out.change = changeOf(out.refLength, out.altLength);
  out.refPlain = allele.refPlain;
  out.altPlain = allele.altPlain;
  return out;
}

function changeOf(refLength: number, altLength: number): number {
  if (refLength === 0) return ChangeClass.INSERTION;
  if (altLength === 0) return ChangeClass.DELETION;
  if (refLength !== altLength) return ChangeClass.INDEL;
  return refLength === 1 ? ChangeClass.SNV : ChangeClass.SUBSTITUTION;
}

function readOther(allele: Allele, bytes: Uint8Array, from: number, to: number, start: number, end: number): void {
  allele.start = start;
  allele.end = end;
  allele.refLength = 0;
  allele.altLength = 0;
  allele.change = ChangeClass.ALTERATION;
  allele.altPlain = false;
  allele.refPlain = false;
  allele.text = bytes.subarray(from, to);
  allele.textLength = to - from;
  allele.matePosition = 0;
  allele.breakend = null;
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
