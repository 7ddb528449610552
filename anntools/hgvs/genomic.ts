/**
 * HGVS descriptions on the genome, `g.`, and `m.` on the vertebrate mitochondrion
 * (https://hgvs-nomenclature.org/stable/recommendations/DNA/). The contig is named as the reference names it.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Allele } from '../consequence/alleles.ts';
import { isInverted } from './inversion.ts';

const MITOCHONDRIAL_CODE = 2;

export class GenomicHgvs {
  readonly #reference: Reference;

  constructor(reference: Reference) {
    this.#reference = reference;
  }

  /** Appends the description of an allele of bases, shifted already. */
  write(contig: number, allele: Allele, out: ByteBuffer): void {
    const { contigs } = this.#reference;
    const mitochondrial = contigs.codonTables[contig] === MITOCHONDRIAL_CODE;
    out.ascii(contigs.names[contig]);
    out.ascii(mitochondrial ? ':m.' : ':g.');
    const { ref, alt, refLength, altLength } = allele;
    let head = 0;
    const shorter = Math.min(refLength, altLength);
    while (head < shorter && ref[head] === alt[head]) head++;
    let tail = 0;
    while (tail < shorter - head && ref[refLength - 1 - tail] === alt[altLength - 1 - tail]) tail++;
    const start = allele.start + head;
    const end = allele.end - tail;
    const length = altLength - head - tail;
    if (end - start === 1 && length === 1) {
      out.integer(end);
      out.byte(ref[head]);
      out.ascii('>');
      out.byte(alt[head]);
    } else if (start === end) this.#insertion(contig, start, alt, head, length, out);
    else {
      range(start + 1, end, out);
      if (length === 0) out.ascii('del');
      else if (length === end - start && isInverted(allele, head, tail)) out.ascii('inv');
      else {
        out.ascii('delins');
        out.append(alt, head, head + length);
      }
    }
  }

  #insertion(contig: number, at: number, alt: Uint8Array, from: number, length: number, out: ByteBuffer): void {
    const { sequence } = this.#reference;
    let repeats = at >= length;
    for (let i = 0; i < length && repeats; i++) repeats = sequence.base(contig, at - length + i) === alt[from + i];
    if (repeats) {
      range(at - length + 1, at, out);
      out.ascii('dup');
    } else {
      range(at, at + 1, out);
      out.ascii('ins');
      out.append(alt, from, from + length);
    }
  }
}

/** One-based positions; a single one when they are the same. */
function range(from: number, to: number, out: ByteBuffer): void {
  out.integer(from);
  if (from === to) return;
  out.ascii('_');
  out.integer(to);
}
