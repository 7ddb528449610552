/**
 * Bases at two bits each in a mapped file: three billion of them in 0.8 GB, any of them read in nanoseconds. What is
 * not A, C, G or T is kept beside them as runs of N. One mapping holds at most 4 GiB, so contigs are mapped in
 * groups.
 */
import type { ContainerHead, ContainerWriter } from './container.ts';
import { mapNumbers } from './mapping.ts';
import type { Sequence } from './reference.ts';

const N = 78;
/** A, C, G, T by their two bits. */
const LETTERS = 'ACGT';

const IS_N = 4;
const IS_AMBIGUOUS = 5;
const IS_FOREIGN = 6;

/** Letter to two bits, or one of the classes above. U (RNA) is read as T. */
const codes = new Uint8Array(256).fill(IS_FOREIGN);
for (const [letters, code] of [
  ['Aa', 0],
  ['Cc', 1],
  ['Gg', 2],
  ['TtUu', 3],
  ['Nn', IS_N],
  ['RYSWKMBDHVryswkmbdhv', IS_AMBIGUOUS],
] as const) {
  for (const letter of letters) codes[letter.charCodeAt(0)] = code;
}

const BUFFER_SIZE = 1 << 20;

/** What one contig held. */
export interface ContigBases {
  length: number;
  /** Bases that were IUPAC codes other than N, now N. */
  ambiguous: number;
  /** The first of them, e.g. `R at 1234`; empty when there is none. */
  firstAmbiguous: string;
}

/** Packs bases into the sequence file of a bundle as they stream by, contig after contig. */
export class SequenceWriter {
  /** Byte offset in `bases` where each contig starts, and where the last one ends. */
  readonly #offsets: number[] = [0];
  readonly #known: number[] = [];
  readonly #runFirst: number[] = [0];
  readonly #runStart: number[] = [];
  readonly #runEnd: number[] = [];
  readonly #buffer = new Uint8Array(BUFFER_SIZE);
  #buffered = 0;
  /** Bases of a byte that is not full yet. */
  #partial = 0;
  #length = 0;
  #runFrom = -1;
  #ambiguous = 0;
  #firstAmbiguous = '';

  constructor(readonly file: ContainerWriter) {
    file.begin('bases', 1);
  }

  /** Bases of the contig being written. */
  get contigLength(): number {
    return this.#length;
  }

  /** Bases of the finished contigs that are N. */
  get unknownBases(): number {
    return this.#runStart.reduce((sum, start, run) => sum + this.#runEnd[run] - start, 0);
  }

  /**
   * Adds letters[start, end) to the contig being written.
   * @returns the index of the first byte that is no base, or -1.
   */
  add(letters: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if ((this.#length & 3) === 0) {
        at = this.#addFours(letters, at, end);
        if (at === end) break;
      }
      const code = codes[letters[at]];
      if (code === IS_FOREIGN) return at;
      if (code < IS_N) {
        this.#closeRun();
        this.#addBase(code);
      } else {
        if (this.#runFrom < 0) this.#runFrom = this.#length;
        if (code === IS_AMBIGUOUS && this.#ambiguous++ === 0) {
          this.#firstAmbiguous = `${String.fromCharCode(letters[at])} at ${this.#length + 1}`;
        }
        this.#addBase(0);
      }
      at++;
    }
    return -1;
  }

  /** Four bases of A, C, G, T at a time, or inside a run four of N: measured 3 times faster than one by one. */
  #addFours(letters: Uint8Array, start: number, end: number): number {
    const buffer = this.#buffer;
    const inRun = this.#runFrom >= 0;
    let at = start;
    let into = this.#buffered;
    const last = Math.min(end - 3, at + (BUFFER_SIZE - into) * 4);
    for (; at < last; at += 4) {
      const a = codes[letters[at]];
      const b = codes[letters[at + 1]];
      const c = codes[letters[at + 2]];
      const d = codes[letters[at + 3]];
      if (inRun ? (a & b & c & d) !== IS_N || (a | b | c | d) !== IS_N : (a | b | c | d) > 3) break;
      buffer[into++] = inRun ? 0 : a | (b << 2) | (c << 4) | (d << 6);
    }
    this.#length += (into - this.#buffered) * 4;
    this.#buffered = into;
    if (into === BUFFER_SIZE) this.#flush();
    return at;
  }

  #addBase(code: number): void {
    const shift = (this.#length++ & 3) * 2;
    this.#partial |= code << shift;
    if (shift === 6) this.#closeByte();
  }

  #closeByte(): void {
    this.#buffer[this.#buffered++] = this.#partial;
    this.#partial = 0;
    if (this.#buffered === BUFFER_SIZE) this.#flush();
  }

  #closeRun(): void {
    if (this.#runFrom < 0) return;
    this.#runStart.push(this.#runFrom);
    this.#runEnd.push(this.#length);
    this.#runFrom = -1;
  }

  #flush(): void {
    this.file.write(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  /** Ends the contig; the next letters belong to the next one. */
  endContig(): ContigBases {
    this.#closeRun();
    if ((this.#length & 3) !== 0) this.#closeByte();
    const found = { length: this.#length, ambiguous: this.#ambiguous, firstAmbiguous: this.#firstAmbiguous };
    this.#endContig(1);
    this.#length = 0;
    this.#ambiguous = 0;
    this.#firstAmbiguous = '';
    return found;
  }

  /** A contig whose bases nobody knows. */
  skipContig(): void {
    this.#endContig(0);
  }

  #endContig(known: 0 | 1): void {
    this.#offsets.push(this.file.sectionSize + this.#buffered);
    this.#known.push(known);
    this.#runFirst.push(this.#runStart.length);
  }

  /** Writes what lies beside the bases. */
  finish(): void {
    this.#flush();
    this.file.section('known', Uint8Array.from(this.#known));
    this.file.section('offsets', Float64Array.from(this.#offsets));
    this.file.section('runFirst', Uint32Array.from(this.#runFirst));
    this.file.section('runStart', Int32Array.from(this.#runStart));
    this.file.section('runEnd', Int32Array.from(this.#runEnd));
  }
}

/** Bytes mapped at once, unless a contig alone is longer. */
const GROUP_SIZE = 2 ** 30;

/** Four letters for each value of a packed byte. */
const unpacked = new Uint8Array(1024);
for (let i = 0; i < 1024; i++) unpacked[i] = LETTERS.charCodeAt(((i >> 2) >> ((i & 3) * 2)) & 3);

/** The bases of a mapped sequence file. */
export class MappedSequence implements Sequence {
  readonly #lengths: Uint32Array;
  readonly #known: Uint8Array;
  readonly #offsets: Float64Array;
  readonly #runFirst: Uint32Array;
  readonly #runStart: Int32Array;
  readonly #runEnd: Int32Array;
  /** Contig → its group; groups start at contigs. */
  readonly #groupOf: Uint32Array;
  readonly #groupFirst: number[] = [0];
  readonly #groups: Uint8Array[];

  /** @param groupSize bytes mapped at once; tests make it small. */
  constructor(head: ContainerHead, lengths: Uint32Array, groupSize = GROUP_SIZE) {
    this.#lengths = lengths;
    this.#known = mapNumbers(head, 'known', Uint8Array);
    this.#offsets = mapNumbers(head, 'offsets', Float64Array);
    this.#runFirst = mapNumbers(head, 'runFirst', Uint32Array);
    this.#runStart = mapNumbers(head, 'runStart', Int32Array);
    this.#runEnd = mapNumbers(head, 'runEnd', Int32Array);
    this.#groupOf = new Uint32Array(lengths.length);
    for (let contig = 0; contig < lengths.length; contig++) {
      const groupStart = this.#offsets[this.#groupFirst[this.#groupFirst.length - 1]];
      if (this.#offsets[contig + 1] - groupStart > groupSize && this.#offsets[contig] > groupStart)
        this.#groupFirst.push(contig);
      this.#groupOf[contig] = this.#groupFirst.length - 1;
    }
    // All are mapped now, not when first read: by then another bundle may lie at this path.
    this.#groups = this.#groupFirst.map((first, group) => {
      const from = this.#offsets[first];
      const to = this.#offsets[this.#groupFirst[group + 1] ?? lengths.length];
      return mapNumbers(head, 'bases', Uint8Array, from, to - from);
    });
  }

  has(contig: number): boolean {
    return this.#known[contig] === 1;
  }

  base(contig: number, offset: number): number {
    if (offset < 0 || !(offset < this.#lengths[contig]) || this.#known[contig] !== 1) return N;
    const run = this.#firstRunAfter(contig, offset);
    if (run < this.#runFirst[contig + 1] && this.#runStart[run] <= offset) return N;
    const bytes = this.#groups[this.#groupOf[contig]];
    return unpacked[(bytes[this.#byteOf(contig) + (offset >> 2)] << 2) | (offset & 3)];
  }

  read(contig: number, start: number, end: number, out: Uint8Array, at: number): void {
    const length = this.#known[contig] === 1 ? this.#lengths[contig] : 0;
    const from = Math.min(Math.max(start, 0), end);
    const to = Math.max(Math.min(end, length), from);
    if (from > start) out.fill(N, at, at + from - start);
    if (to < end) out.fill(N, at + to - start, at + end - start);
    if (from >= to) return;
    const bytes = this.#groups[this.#groupOf[contig]];
    const first = this.#byteOf(contig);
    let into = at + from - start;
    for (let offset = from; offset < to; offset++)
      out[into++] = unpacked[(bytes[first + (offset >> 2)] << 2) | (offset & 3)];
    this.#writeRuns(contig, from, to, out, at + from - start);
  }

  copyPacked(contig: number, start: number, count: number, out: Uint8Array, at: number): boolean {
    if (this.#known[contig] !== 1 || start < 0 || start + count > this.#lengths[contig]) return false;
    const run = this.#firstRunAfter(contig, start);
    if (run < this.#runFirst[contig + 1] && this.#runStart[run] < start + count) return false;
    const first = this.#byteOf(contig) + (start >> 2);
    out.set(this.#groups[this.#groupOf[contig]].subarray(first, first + ((count + 3) >> 2)), at);
    return true;
  }

  #writeRuns(contig: number, from: number, to: number, out: Uint8Array, at: number): void {
    const last = this.#runFirst[contig + 1];
    for (let run = this.#firstRunAfter(contig, from); run < last && this.#runStart[run] < to; run++) {
      out.fill(N, at + Math.max(this.#runStart[run], from) - from, at + Math.min(this.#runEnd[run], to) - from);
    }
  }

  /** The first run of N of the contig that ends after the offset. */
  #firstRunAfter(contig: number, offset: number): number {
    let low = this.#runFirst[contig];
    let high = this.#runFirst[contig + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#runEnd[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the contig's first byte lies in its group. */
  #byteOf(contig: number): number {
    return this.#offsets[contig] - this.#offsets[this.#groupFirst[this.#groupOf[contig]]];
  }
}
