/**
 * The .tbi or .csi beside an annotated file (tabix specification; CSIv1 specification), put together from the parts of
 * its batches in file order. `tabix` and `bcftools` read it; they also take record counts from its pseudo-bins.
 */
import { EOF_BLOCK } from '../bgzf/block.ts';
import { BgzfWriter, VIRTUAL_BLOCK } from '../bgzf/writer.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { CHUNK_FIELDS, CSI_DEPTH, type IndexParts, MIN_SHIFT, TABIX_DEPTH, WINDOW_FIELDS } from './index-parts.ts';

export type IndexKind = 'tbi' | 'csi';

/** A .tbi reaches this many bases. */
export const TABIX_LENGTH_MAX = 2 ** (MIN_SHIFT + 3 * TABIX_DEPTH);

export function depthOf(kind: IndexKind): number {
  return kind === 'tbi' ? TABIX_DEPTH : CSI_DEPTH;
}

interface ContigIndex {
  name: string;
  records: number;
  /** Virtual offsets of the first record and after the last one. */
  from: number;
  to: number;
  bins: Map<number, number[]>;
  /** Smallest virtual offset of the records in each window of 16 kb; -1 where there is none. */
  windows: number[];
}

export class IndexWriter {
  private readonly contigs: ContigIndex[] = [];
  private readonly numbers = new Map<string, number>();
  private current = -1;
  private lastStart = 0;
  private inOrder = true;
  private endMax = 0;

  constructor(private readonly kind: IndexKind) {}

  /** Whether the file is sorted so far; of an unsorted one there is no index. */
  get sorted(): boolean {
    return this.inOrder;
  }

  /** Whether positions reach beyond what this kind of index can hold. */
  get tooLong(): boolean {
    return this.kind === 'tbi' && this.endMax > TABIX_LENGTH_MAX;
  }

  /** Adds the parts of the next batch, whose virtual offset 0 lies at byte `offset` of the file. */
  add(parts: IndexParts, offset: number): void {
    if (!this.inOrder || !parts.first || !parts.last) {
      this.inOrder &&= parts.sorted;
      return;
    }
    const base = offset * VIRTUAL_BLOCK;
    const again = parts.contigs.some((name, i) => this.numbers.has(name) && !(i === 0 && this.isCurrent(name)));
    const stepsBack = this.isCurrent(parts.contigs[parts.first.contig]) && parts.first.start < this.lastStart;
    this.inOrder = parts.sorted && !again && !stepsBack;
    if (!this.inOrder) return;
    const contigs = parts.contigs.map((name, i) => this.contigOf(name, parts.counts[i]));
    this.current = this.numbers.get(parts.contigs[parts.last.contig]) ?? -1;
    this.lastStart = parts.last.start;
    this.endMax = Math.max(this.endMax, parts.endMax);
    for (let i = 0; i < parts.chunks.length; i += CHUNK_FIELDS) {
      const [contig, bin, from, to] = parts.chunks.slice(i, i + CHUNK_FIELDS);
      addChunk(contigs[contig], bin, base + from, base + to);
    }
    for (let i = 0; i < parts.windows.length; i += WINDOW_FIELDS) {
      const [contig, first, last, from] = parts.windows.slice(i, i + WINDOW_FIELDS);
      const { windows } = contigs[contig];
      for (let window = Math.max(first, windows.length); window <= last; window++) windows[window] = base + from;
    }
  }

  private isCurrent(name: string): boolean {
    return this.current >= 0 && this.contigs[this.current].name === name;
  }

  private contigOf(name: string, records: number): ContigIndex {
    const number = this.numbers.get(name);
    if (number !== undefined) {
      this.contigs[number].records += records;
      return this.contigs[number];
    }
    const contig: ContigIndex = { name, records, from: -1, to: 0, bins: new Map(), windows: [] };
    this.numbers.set(name, this.contigs.length);
    this.contigs.push(contig);
    return contig;
  }

  /** The bytes of the index file, compressed. Only of a sorted file. */
  finish(): Uint8Array {
    const writer = new BgzfWriter(6);
    if (this.kind === 'tbi') writeTabix(this.contigs, writer.text);
    else writeCsi(this.contigs, writer.text);
    writer.flush();
    writer.out.append(EOF_BLOCK);
    return writer.out.view();
  }
}

function addChunk(contig: ContigIndex, bin: number, from: number, to: number): void {
  if (contig.from < 0) contig.from = from;
  contig.to = to;
  let chunks = contig.bins.get(bin);
  if (chunks === undefined) contig.bins.set(bin, (chunks = []));
  const lastEnd = chunks.at(-1) ?? -1;
  // Chunks that meet in one block are read together anyway.
  if (lastEnd >= 0 && blockOf(lastEnd) >= blockOf(from)) chunks[chunks.length - 1] = to;
  else chunks.push(from, to);
}

function blockOf(virtual: number): number {
  return Math.floor(virtual / VIRTUAL_BLOCK);
}

/** Columns of a VCF for tabix: format 2, sequence in column 1, begin in 2, no end column, `#` lines, none to skip. */
const VCF_COLUMNS = [2, 1, 2, 0, 35, 0] as const;

function writeTabix(contigs: readonly ContigIndex[], out: ByteBuffer): void {
  out.ascii('TBI\x01');
  int32(out, contigs.length);
  writeNames(contigs, out);
  for (const contig of contigs) {
    writeBins(contig, TABIX_DEPTH, out, () => {});
    int32(out, contig.windows.length);
    for (const from of filled(contig.windows)) uint64(out, from);
  }
  uint64(out, 0);
}

function writeCsi(contigs: readonly ContigIndex[], out: ByteBuffer): void {
  out.ascii('CSI\x01');
  int32(out, MIN_SHIFT);
  int32(out, CSI_DEPTH);
  const names = contigs.reduce((sum, { name }) => sum + name.length + 1, 0);
  int32(out, (VCF_COLUMNS.length + 1) * 4 + names);
  writeNames(contigs, out);
  int32(out, contigs.length);
  for (const contig of contigs) {
    const windows = filled(contig.windows);
    writeBins(contig, CSI_DEPTH, out, (bin) => uint64(out, windows[firstWindow(bin)] ?? windows.at(-1) ?? 0));
  }
  uint64(out, 0);
}

function writeNames(contigs: readonly ContigIndex[], out: ByteBuffer): void {
  for (const value of VCF_COLUMNS) int32(out, value);
  const names = contigs.map(({ name }) => `${name}\0`).join('');
  int32(out, names.length);
  out.ascii(names);
}

function writeBins(contig: ContigIndex, depth: number, out: ByteBuffer, writeOffset: (bin: number) => void): void {
  // One past the last bin: htslib's META_BIN, extent and record count as two chunks.
  const statistics = ((1 << (3 * depth + 3)) - 1) / 7 + 1;
  int32(out, contig.bins.size + 1);
  for (const [bin, chunks] of contig.bins) {
    int32(out, bin);
    writeOffset(bin);
    int32(out, chunks.length / 2);
    for (const offset of chunks) uint64(out, offset);
  }
  int32(out, statistics);
  if (depth !== TABIX_DEPTH) uint64(out, 0);
  int32(out, 2);
  for (const value of [Math.max(contig.from, 0), contig.to, contig.records, 0]) uint64(out, value);
}

/** The first 16 kb window of a bin, from the numbering of CSIv1. */
function firstWindow(bin: number): number {
  let level = 0;
  let first = 0;
  for (let size = 1; bin >= first + size; size *= 8) {
    first += size;
    level++;
  }
  return (bin - first) * 8 ** (CSI_DEPTH - level);
}

/** Windows without a record take the offset before them, as htslib fills them. */
function filled(windows: readonly number[]): number[] {
  let before = 0;
  return Array.from(windows, (from) => (before = from ?? before));
}

function int32(out: ByteBuffer, value: number): void {
  out.reserve(4);
  out.bytes.writeUInt32LE(value >>> 0, out.length);
  out.length += 4;
}

function uint64(out: ByteBuffer, value: number): void {
  int32(out, value % 2 ** 32);
  int32(out, Math.floor(value / 2 ** 32));
}
