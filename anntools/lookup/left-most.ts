/** The alleles of a record at their left-most places (`genome/left-most.ts`). Reused from record to record. */
import type { Sequence } from '../bundle/reference.ts';
import { roomToTheLeft } from '../genome/left-most.ts';
import { AlleleClass, AltAlleles } from '../vcf/alleles.ts';

const UNKNOWN_BASE = 78; // N

export class LeftMost {
  readonly #alleles = new AltAlleles();
  #bytes = new Uint8Array(1 << 10);
  #contig = -1;
  #written: Uint8Array = this.#bytes;
  #start = 0;
  readonly #letterAt = (i: number): number => this.#written[this.#start + i] & 0xdf;
  /** An unknown base is like no other. */
  readonly #baseAt = (offset: number): number => {
    const base = this.sequence.base(this.#contig, offset);
    return base === UNKNOWN_BASE ? 0 : base;
  };

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
      this.#contig = contig;
      this.#written = written.bytes;
      this.#start = start;
      const by = roomToTheLeft(written.offsets[i], end - start, this.#letterAt, this.#baseAt);
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
