/**
 * What a coordinate index is made of, collected while lines are written: for each batch of lines by itself, so that
 * workers can do it. Runs of records in the same bin are one chunk; most of a sorted file is a chunk per 16 kb.
 * The binning scheme is UCSC's, as in SAMv1 section 5.3 and the CSI specification.
 */

/** Smallest bin: 2^14 bases, the size tabix uses; also the window of its linear index. */
export const MIN_SHIFT = 14;
/** Levels of bins below the root. With 14 this reaches 2^29 bases, all that a .tbi can hold. */
export const TABIX_DEPTH = 5;
/** Six levels reach 2^32 bases: more than any VCF position. */
export const CSI_DEPTH = 6;

/** Numbers per chunk in `IndexParts.chunks`: contig, bin, virtual start, virtual end. */
export const CHUNK_FIELDS = 4;
/** Numbers per entry in `IndexParts.windows`: contig, first window, last window, virtual offset. */
export const WINDOW_FIELDS = 4;

/** The bin (CSI specification, reg2bin) of zero-based, half-open [start, end) below 2^31. */
export function binOf(start: number, end: number, depth: number): number {
  const last = Math.max(end - 1, start);
  let offset = ((1 << (3 * depth)) - 1) / 7;
  for (let level = depth, shift = MIN_SHIFT; level > 0; level--, shift += 3) {
    if (start >> shift === last >> shift) return offset + (start >> shift);
    offset -= 1 << (3 * (level - 1));
  }
  return 0;
}

/** What one batch adds to the index. Contigs are numbered by the batch, in order of appearance. */
export interface IndexParts {
  /** Names of the contigs in order of appearance. */
  contigs: string[];
  /** Records of each contig. */
  counts: number[];
  chunks: number[];
  windows: number[];
  /** False when positions step back, or a contig appears again after another. */
  sorted: boolean;
  /** Contig (by number) and zero-based start of the first and last record. */
  first: { contig: number; start: number } | null;
  last: { contig: number; start: number } | null;
  /** Largest end of a record: decides whether a .tbi can hold the file. */
  endMax: number;
}

/** What was collected elsewhere of records that follow each other without a gap (`kernel/assembly/log.ts`). */
export interface CollectedRecords {
  records: number;
  /** Zero-based start of the first, and the largest end. */
  first: number;
  endMax: number;
  /** Virtual offset of the end of the last. */
  to: number;
  /** Runs of records in one bin: the bin, where it begins, and whether records before it are among these. */
  chunks: readonly { bin: number; from: number; continues: boolean }[];
  windows: readonly { first: number; last: number; from: number }[];
  /** What the next record is compared with. */
  place: IndexPlace;
}

/** How far a collector has come on its contig. */
export interface IndexPlace {
  start: number;
  bin: number;
  window: number;
  sorted: boolean;
}

export class IndexCollector {
  private parts = emptyParts();
  private readonly numbers = new Map<string, number>();
  private contig = -1;
  private start = 0;
  private nextWindow = 0;
  private chunkBin = -1;

  /** @param depth TABIX_DEPTH or CSI_DEPTH; bins depend on it. */
  constructor(private readonly depth: number) {}

  /** The records that follow lie on this contig. */
  enter(name: string): void {
    const known = this.numbers.get(name);
    if (known !== undefined && known !== this.contig) this.parts.sorted = false;
    if (known === undefined) {
      this.numbers.set(name, this.parts.contigs.length);
      this.parts.contigs.push(name);
      this.parts.counts.push(0);
    }
    this.contig = known ?? this.parts.contigs.length - 1;
    this.start = 0;
    this.nextWindow = 0;
    this.chunkBin = -1;
  }

  /** Adds the record at zero-based, half-open [start, end), written between two virtual offsets. */
  add(start: number, end: number, from: number, to: number): void {
    const { parts, contig } = this;
    if (!parts.sorted) return;
    if (start < this.start) {
      parts.sorted = false;
      return;
    }
    this.start = start;
    parts.counts[contig]++;
    parts.first ??= { contig, start };
    if (end > parts.endMax) parts.endMax = end;
    const bin = binOf(start, end, this.depth);
    const { chunks, windows } = parts;
    if (bin === this.chunkBin) chunks[chunks.length - 1] = to;
    else chunks.push(contig, bin, from, to);
    this.chunkBin = bin;
    const lastWindow = Math.max(end - 1, start) >> MIN_SHIFT;
    const firstWindow = Math.max(start >> MIN_SHIFT, this.nextWindow);
    if (lastWindow >= firstWindow) {
      windows.push(contig, firstWindow, lastWindow, from);
      this.nextWindow = lastWindow + 1;
    }
  }

  /** What the next record is compared with. */
  get place(): IndexPlace {
    return { start: this.start, bin: this.chunkBin, window: this.nextWindow, sorted: this.parts.sorted };
  }

  /** Adds records of the current contig that were collected elsewhere from `place` on. */
  takeOver({ records, first, endMax, to, chunks: runs, windows, place }: CollectedRecords): void {
    const { parts, contig } = this;
    const { chunks } = parts;
    for (const { bin, from, continues } of runs) {
      if (continues) chunks[chunks.length - 1] = from;
      chunks.push(contig, bin, from, from);
    }
    if (chunks.length > 0) chunks[chunks.length - 1] = to;
    for (const window of windows) parts.windows.push(contig, window.first, window.last, window.from);
    parts.counts[contig] += records;
    parts.first ??= { contig, start: first };
    parts.endMax = Math.max(parts.endMax, endMax);
    parts.sorted = place.sorted;
    this.start = place.start;
    this.chunkBin = place.bin;
    this.nextWindow = place.window;
  }

  /** Whether what was added since the last `take` is in order. */
  get sorted(): boolean {
    return this.parts.sorted;
  }

  /** What was collected; the collector starts anew. */
  take(): IndexParts {
    const { parts } = this;
    if (this.contig >= 0 && parts.first) parts.last = { contig: this.contig, start: this.start };
    this.parts = emptyParts();
    this.numbers.clear();
    this.contig = -1;
    return parts;
  }
}

function emptyParts(): IndexParts {
  return { contigs: [], counts: [], chunks: [], windows: [], sorted: true, first: null, last: null, endMax: 0 };
}
