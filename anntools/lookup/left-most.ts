/**
 * Insertions and deletions at their left-most place: in a repeat the same change can be written at many places, and two
 * files agree on one only when both have moved it as far to the left as the sequence allows (Tan, Abecasis and Kang,
 * Bioinformatics 2015). Reused from record to record.
 */
import type { Sequence } from '../bundle/reference.ts';
import { AlleleClass, AltAlleles } from '../vcf/alleles.ts';

const UNKNOWN_BASE = 78; // N

export class LeftMost {
  readonly #alleles = new AltAlleles();
  #bytes = new Uint8Array(1 << 10);

  constructor(private readonly sequence: Sequence) {}

  /**
   * The alleles of a record (trimmed) moved to the left; undefined when none of them moves. Those that do not move have
   * the offset they had, and no bases here. Valid until the next call.
   */
  of(contig: number, written: AltAlleles): AltAlleles | undefined {
    const moved = this.#alleles;
    let any = false;
    let used = 0;
    for (let i = 0; i < written.count; i++) {
      moved.offsets[i] = written.offsets[i];
      const what = written.classes[i];
      if (what !== AlleleClass.INSERTION && what !== AlleleClass.DELETION) continue;
      const isInsertion = what === AlleleClass.INSERTION;
      const start = isInsertion ? written.altStarts[i] : written.refStarts[i];
      const end = isInsertion ? written.altEnds[i] : written.refEnds[i];
      const by = this.#room(contig, written.offsets[i], written.bytes, start, end);
      if (by === 0) continue;
      any = true;
      moved.offsets[i] -= by;
      const from = used;
      used = this.#rotate(written.bytes, start, end, by, used);
      moved.refStarts[i] = from;
      moved.refEnds[i] = isInsertion ? from : used;
      moved.altStarts[i] = isInsertion ? from : used;
      moved.altEnds[i] = used;
    }
    moved.bytes = this.#bytes;
    return any ? moved : undefined;
  }

  /** How many bases before `offset` repeat bytes[start, end), read from its end. */
  #room(contig: number, offset: number, bytes: Uint8Array, start: number, end: number): number {
    let by = 0;
    for (let at = end - 1; by < offset; by++) {
      const base = this.sequence.base(contig, offset - 1 - by);
      if (base !== (bytes[at] & 0xdf) || base === UNKNOWN_BASE) break;
      at = at === start ? end - 1 : at - 1;
    }
    return by;
  }

  /** Writes bytes[start, end) rotated by as many bases as they move; answers where they end. */
  #rotate(bytes: Uint8Array, start: number, end: number, by: number, at: number): number {
    const length = end - start;
    if (this.#bytes.length < at + length) {
      const grown = new Uint8Array((at + length) * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    const turn = by % length;
    for (let i = 0; i < length; i++) this.#bytes[at + i] = bytes[start + ((i - turn + length) % length)];
    return at + length;
  }
}
