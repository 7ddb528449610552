/**
 * HGVS descriptions on a transcript, `c.` where it codes and `n.` where it does not
 * (https://hgvs-nomenclature.org/stable/recommendations/DNA/): positions counted from the start codon, `-` before it,
 * `*` behind the stop codon, `+` and `-` into introns from the nearer exon.
 */
import type { Reference, Sequence } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { AlleleKind, ChangeClass, type Allele } from '../consequence/alleles.ts';
import { complement } from '../genome/codons.ts';
import type { Manner } from '../consequence/spliced.ts';
import type { TranscriptView } from '../consequence/transcript.ts';
import { isInverted } from './inversion.ts';

const PLUS = 43;
const MINUS = 45;
const STAR = 42;
const UNDERSCORE = 95;
const GREATER = 62;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const CODING = ascii(':c.');
const NON_CODING = ascii(':n.');
const DEL = ascii('del');
const DUP = ascii('dup');
const INS = ascii('ins');
const INV = ascii('inv');
const DELINS = ascii('delins');

/** Writes `ENST….1:c.…` for alleles on the transcript that a view has loaded. */
export class TranscriptHgvs {
  readonly #reference: Reference;
  readonly #sequence: Sequence;
  readonly #view: TranscriptView;

  readonly #asVep: boolean;

  constructor(reference: Reference, view: TranscriptView, manner: Manner) {
    this.#asVep = manner === 'vep';
    this.#reference = reference;
    this.#sequence = reference.sequence;
    this.#view = view;
  }

  /**
   * Appends the description of an allele, shifted already (`shift.ts`). Nothing is written for an allele that does not
   * lie inside the transcript with all its bases, or whose bases are not told; returns whether something was.
   */
  write(contig: number, allele: Allele, out: ByteBuffer): boolean {
    const view = this.#view;
    if (allele.kind !== AlleleKind.SEQUENCE || !allele.altPlain) return false;
    const { start, end } = allele;
    const inside = start === end ? start > view.start && start < view.end : start >= view.start && end <= view.end;
    if (!inside) return false;
    const { hgvsNames } = this.#reference.transcripts;
    out.append(hgvsNames.bytes, hgvsNames.offsets[view.index], hgvsNames.offsets[view.index + 1]);
    out.append(view.isCoding ? CODING : NON_CODING);
    this.#change(contig, allele, out);
    return true;
  }

  #change(contig: number, allele: Allele, out: ByteBuffer): void {
    const { forward } = this.#view;
    const { ref, alt, altReverse, refLength, altLength } = allele;
    let { start, end } = allele;
    if (allele.change === ChangeClass.SNV) return this.#snv(start, ref[0], alt[0], out);
    if (refLength === 0) return this.#insertion(contig, allele, 0, out);
    if (altLength === 0) return this.#named(start, end, DEL, out);
    const copies = altLength % refLength === 0 ? altLength / refLength : 0;
    if (copies > 1 && isRepeat(ref, refLength, alt, altLength)) {
      this.#range(start, end, out);
      if (copies === 2) out.append(DUP);
      else this.#count(copies, out);
      return;
    }
    // What the alleles share is no part of the change: first at the transcript's 5' end, then at its 3' end.
    let head = 0;
    let tail = 0;
    const shorter = Math.min(refLength, altLength);
    if (forward) {
      while (head < shorter && ref[head] === alt[head]) head++;
      while (tail < shorter - head && ref[refLength - 1 - tail] === alt[altLength - 1 - tail]) tail++;
    } else {
      while (tail < shorter && ref[refLength - 1 - tail] === alt[altLength - 1 - tail]) tail++;
      while (head < shorter - tail && ref[head] === alt[head]) head++;
    }
    start += head;
    end -= tail;
    const newLength = altLength - head - tail;
    if (end - start === 1 && newLength === 1) return this.#substitution(start, ref[head], alt[head], out);
    if (start === end) return this.#insertion(contig, allele, head, out, newLength, start);
    if (newLength === 0) return this.#named(start, end, DEL, out);
    // VEP asks before the shared bases are taken off.
    const isTurned = refLength === altLength && isInverted(allele, this.#asVep ? 0 : head, this.#asVep ? 0 : tail);
    if (isTurned) return this.#named(start, end, INV, out);
    this.#range(start, end, out);
    out.append(DELINS);
    if (forward) out.append(alt, head, head + newLength);
    else out.append(altReverse, tail, tail + newLength);
  }

  /** VEP counts a coding SNV like the CDS position, with the bases that an incomplete first codon lacks. */
  #snv(at: number, from: number, to: number, out: ByteBuffer): void {
    const { forward, cdsFrom } = this.#view;
    if (cdsFrom === 0 || !this.#asVep) return this.#substitution(at, from, to, out);
    out.integer(cdsFrom);
    out.byte(forward ? from : complement(from));
    out.byte(GREATER);
    out.byte(forward ? to : complement(to));
  }

  #substitution(at: number, from: number, to: number, out: ByteBuffer): void {
    const { forward } = this.#view;
    this.#position(at, out);
    out.byte(forward ? from : complement(from));
    out.byte(GREATER);
    out.byte(forward ? to : complement(to));
  }

  #named(start: number, end: number, name: Uint8Array, out: ByteBuffer): void {
    this.#range(start, end, out);
    out.append(name);
  }

  #count(copies: number, out: ByteBuffer): void {
    out.byte(91);
    out.integer(copies);
    out.byte(93);
  }

  /** An insertion, or a duplication where the bases before it are the same; `skip` bases of the ALT are not part of it. */
  #insertion(
    contig: number,
    { start, alt, altReverse, altLength }: Allele,
    skip: number,
    out: ByteBuffer,
    length = altLength,
    at = start,
  ): void {
    const { forward } = this.#view;
    if (skip === 0 && length === altLength) {
      // The bases behind the insertion are asked first, as VEP does; after a full 3' shift only those before can match.
      const behind = forward ? at : at - length;
      const before = forward ? at - length : at;
      for (const from of [behind, before]) {
        if (this.#isRepeat(contig, from, alt, length)) return this.#named(from, from + length, DUP, out);
      }
    }
    // The two neighbours, in the transcript's direction.
    this.#position(forward ? at - 1 : at, out);
    out.byte(UNDERSCORE);
    this.#position(forward ? at : at - 1, out);
    out.append(INS);
    if (forward) out.append(alt, skip, skip + length);
    else out.append(altReverse, altLength - skip - length, altLength - skip);
  }

  /** Whether the bases from an offset on, inside the transcript, are the inserted ones. */
  #isRepeat(contig: number, from: number, alt: Uint8Array, length: number): boolean {
    if (from < this.#view.start || from + length > this.#view.end) return false;
    for (let i = 0; i < length; i++) if (this.#sequence.base(contig, from + i) !== alt[i]) return false;
    return true;
  }

  /** The first and last base of [start, end) in the transcript's direction; one position when they are the same. */
  #range(start: number, end: number, out: ByteBuffer): void {
    const { forward } = this.#view;
    this.#position(forward ? start : end - 1, out);
    if (end - start === 1) return;
    out.byte(UNDERSCORE);
    this.#position(forward ? end - 1 : start, out);
  }

  /** The position of an offset on the genome. */
  #position(offset: number, out: ByteBuffer): void {
    const view = this.#view;
    const exon = view.exonAt(offset);
    if (exon < view.exonLast && offset >= view.exonStart[exon]) {
      this.#exonic(view.cdnaIn(exon, offset), out);
      return;
    }
    const left = exon > view.exonFirst ? offset - view.exonEnd[exon - 1] + 1 : Number.POSITIVE_INFINITY;
    const right = exon < view.exonLast ? view.exonStart[exon] - offset : Number.POSITIVE_INFINITY;
    // In the middle the exon before it, on the transcript, counts.
    const fromLeft = left < right || (left === right && view.forward);
    const nearest = fromLeft
      ? view.cdnaIn(exon - 1, view.exonEnd[exon - 1] - 1)
      : view.cdnaIn(exon, view.exonStart[exon]);
    const isBehind = fromLeft === view.forward;
    if (this.#asVep && nearest === view.cdsCdnaEnd) {
      // VEP leaves the last coding base out: `*5` and `*-2` for `138+5` and `138-2`.
      out.byte(STAR);
      if (!isBehind) out.byte(MINUS);
    } else {
      this.#exonic(nearest, out);
      out.byte(isBehind ? PLUS : MINUS);
    }
    out.integer(fromLeft ? left : right);
  }

  #exonic(cdna: number, out: ByteBuffer): void {
    const view = this.#view;
    const { cdsCdnaStart, cdsCdnaEnd } = view;
    if (!view.isCoding) out.integer(cdna);
    else if (cdna > cdsCdnaEnd) {
      out.byte(STAR);
      out.integer(cdna - cdsCdnaEnd);
    } else out.integer(cdna > cdsCdnaStart ? view.codingPosition(cdna) : cdna - cdsCdnaStart - 1);
  }
}

function isRepeat(unit: Uint8Array, unitLength: number, text: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (text[i] !== unit[i % unitLength]) return false;
  return true;
}
